/**
 * Shows images in looks and crops that are still being chosen, on this screen or on others.
 *
 * This person sets theirs with `set`; those of other people arrive as wet looks and wet crops. The document holds none of them
 * until its author lets go. Where two people move the same slider, each sees their own value.
 */
import { cropGeometry, wholeGeometry, type BoardChange, type BoardElement, type Crop, type ElementId } from '@wetink/board';
import type { WetEntry } from '../wet/wet-ink.ts';
import type { LookPatch } from './commit.ts';
import type { OthersLook } from './stage-state.ts';

export interface LiveLooksOptions {
  /** The element as the scene shows it now. */
  readonly shown: (id: ElementId) => BoardElement | undefined;
  /** The element without live looks. */
  readonly own: (id: ElementId) => BoardElement | undefined;
  readonly show: (change: BoardChange) => void;
  readonly onOthers: (looks: ReadonlyMap<ElementId, OthersLook>) => void;
}

export class LiveLooks {
  readonly #options: LiveLooksOptions;
  #patch: LookPatch | null = null;
  #ids: readonly ElementId[] = [];
  #others: ReadonlyMap<ElementId, OthersLook> = new Map();
  #othersCrops: ReadonlyMap<ElementId, Crop> = new Map();

  constructor(options: LiveLooksOptions) {
    this.#options = options;
  }

  /** The images that this person is changing. */
  get ids(): readonly ElementId[] {
    return this.#ids;
  }

  get patch(): LookPatch | null {
    return this.#patch;
  }

  /** The images that are shown in a crop that is not chosen yet. */
  get cropped(): readonly ElementId[] {
    const own = this.#patch?.crop === undefined ? [] : this.#ids;
    return [...this.#othersCrops.keys(), ...own];
  }

  /**
   * Shows this person's look; null ends it.
   *
   * @param images Called when a preview begins: it applies to these, whatever is selected later.
   */
  set(patch: LookPatch | null, images: () => readonly ElementId[]): void {
    if (this.#patch === null) this.#ids = images();
    this.#patch = this.#ids.length > 0 ? patch : null;
    const ids = this.#ids;
    if (this.#patch === null) this.#ids = [];
    this.#show(ids);
  }

  /** Shows the looks and crops among other people's wet ink, and takes away those that have ended. */
  setOthers(entries: Iterable<WetEntry>): void {
    const others = new Map<ElementId, OthersLook>();
    const crops = new Map<ElementId, Crop>();
    for (const entry of entries) {
      if (entry.kind === 'crop') crops.set(entry.id, entry.crop);
      if (entry.kind !== 'look') continue;
      const by = Object.fromEntries(Object.keys(entry.patch).map((prop) => [prop, entry.clientId]));
      for (const id of entry.ids) {
        const before = others.get(id);
        others.set(id, { look: { ...before?.look, ...entry.patch }, by: { ...before?.by, ...by } });
      }
    }
    const live = [this.#others, others, this.#othersCrops, crops];
    const ids = new Set(live.flatMap((byId) => [...byId.keys()]));
    if (ids.size === 0) return;
    this.#othersCrops = crops;
    this.#others = others;
    this.#show([...ids]);
    this.#options.onOthers(others);
  }

  /** Shows live looks again on changed elements, after the scene has followed the board. */
  follow(change: BoardChange): void {
    if (this.#ids.length === 0 && this.#others.size === 0 && this.#othersCrops.size === 0) return;
    const isLive = (id: ElementId): boolean => this.#others.has(id) || this.#othersCrops.has(id) || this.#ids.includes(id);
    this.#show([...change.changed.map(({ after }) => after.id), ...change.added.map(({ id }) => id)].filter(isLive));
  }

  dressed(element: BoardElement): BoardElement {
    const others = this.#others.get(element.id)?.look;
    const own = this.#patch !== null && this.#ids.includes(element.id) ? this.#patch : null;
    const crop = own?.crop ?? this.#othersCrops.get(element.id);
    if (element.kind !== 'image' || (others === undefined && own === null && crop === undefined)) return element;
    const look = { ...element.look, ...others, ...own?.look };
    if (crop === undefined) return { ...element, look };
    return { ...element, look, crop, geometry: cropGeometry(wholeGeometry(element.geometry, element.crop), crop) };
  }

  #show(ids: readonly ElementId[]): void {
    const { shown, own, show } = this.#options;
    const changed = ids.flatMap((id) => {
      const [before, after] = [shown(id), own(id)];
      return before === undefined || after === undefined ? [] : [{ before, after: this.dressed(after) }];
    });
    if (changed.length > 0) show({ added: [], changed, removed: [], isReordered: false, isLocal: true });
  }
}
