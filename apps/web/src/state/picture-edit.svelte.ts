/**
 * The look of the selected pictures, for the picture panel. Reads through to board, stage and presence.
 *
 * `try` shows a value on everybody's screen and is in no step; `choose` makes it one; `giveUp` takes it back.
 */
import * as m from '$words/picture-edit';
import { plainLook, wholeCrop, type BoardElement, type Crop, type ElementId, type Look } from '@wetink/board';
import { flipAll, replaceImages } from '@wetink/canvas';
import { downloadFile } from '../browser/download.ts';
import { pickFiles } from '../browser/pick-files.ts';
import { lookOf, noFilters, presetOf, type LookPreset } from '../core/look-presets.ts';
import { missingSentence } from '../core/board-pictures.ts';
import { editedBy, type Participant } from '../core/participants.ts';
import type { BoardContext } from './board-context.ts';
import type { AppContext } from './context.ts';
import { copyLook, pasteLook } from './copied-look.ts';

const extensions = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp', 'image/gif': 'gif' } as const;

export class PictureEdit {
  readonly #context: BoardContext;
  readonly #toasts: AppContext['toasts'];
  /** The value that this person is trying, and no other part of the look. */
  #tried = $state.raw<Partial<Look> | null>(null);
  /** The pictures are shown as they are, for as long as a key or a button is held. */
  isBefore = $state(false);
  /** The picture whose crop is being set. */
  cropping = $state.raw<ElementId | null>(null);
  readonly pictures = $derived.by<readonly BoardElement[]>(() => {
    const { view, board, room } = this.#context;
    if (room.isReadOnly) return [];
    return board.pick(view.selection).filter(({ kind, isLocked }) => kind === 'image' && !isLocked);
  });
  /** The look that all of them have in common; null where they differ. What others are moving now is in it. */
  readonly #shared = $derived.by(() => {
    const { view } = this.#context;
    const [first, ...others] = this.pictures.map(({ id, look }) => ({ ...look, ...view.othersLooks.get(id)?.look }));
    if (first === undefined) return null;
    const shared: Record<string, number | null> = { ...first };
    for (const other of others)
      for (const prop of Object.keys(plainLook) as (keyof Look)[]) if (shared[prop] !== other[prop]) shared[prop] = null;
    return shared as Record<keyof Look, number | null>;
  });

  constructor(context: BoardContext, toasts: AppContext['toasts']) {
    this.#context = context;
    this.#toasts = toasts;
  }

  /** Null where the pictures differ. */
  valueOf(prop: keyof Look): number | null {
    return this.#tried?.[prop] ?? this.#shared?.[prop] ?? null;
  }
  /** '' while nobody has moved it. */
  movedBy(prop: keyof Look): string {
    const { view, board, people } = this.#context;
    const [only, ...others] = this.pictures;
    if (only === undefined || others.length > 0 || this.#tried?.[prop] !== undefined) return '';
    const clientId = view.othersLooks.get(only.id)?.by[prop];
    const mover = clientId === undefined ? null : people.nameOfClient(clientId);
    if (mover !== null) return m.isMovingIt({ mover });
    const userId = board.changedBy(only.id, prop);
    if (userId === null || only.look[prop] === 0) return '';
    return userId === people.myId ? 'you' : (board.nameOf(userId) ?? 'someone');
  }
  get preset(): ReturnType<typeof presetOf> {
    const look = Object.fromEntries((Object.keys(plainLook) as (keyof Look)[]).map((prop) => [prop, this.valueOf(prop) ?? Number.NaN]));
    return presetOf(look as unknown as Look);
  }
  get isPlain(): boolean {
    return (
      (Object.keys(plainLook) as (keyof Look)[]).every((prop) => this.valueOf(prop) === 0) &&
      this.pictures.every(({ crop }) => crop === wholeCrop)
    );
  }

  try(look: Partial<Look>): void {
    this.#tried = look;
    this.#context.view.stage?.previewLook({ look });
  }
  choose(look: Partial<Look>): void {
    this.#tried = null;
    this.#context.view.stage?.setLook({ look });
  }
  giveUp(): void {
    if (this.#tried === null) return;
    this.#tried = null;
    this.#context.view.stage?.previewLook(null);
  }
  usePreset(preset: LookPreset, strength: number, how: 'try' | 'choose'): void {
    this[how](lookOf(preset, strength));
  }
  /** Every filter, the corners and the crop. */
  reset(): void {
    this.#tried = null;
    this.#context.view.stage?.setLook({ look: { ...noFilters, radius: 0 }, crop: wholeCrop });
  }
  /** Shows the pictures without their looks, on this screen alone, while it is held. */
  before(isHeld: boolean): void {
    const isBusy = this.#tried !== null || this.cropping !== null;
    if (isHeld === this.isBefore || (isHeld && (isBusy || this.pictures.length === 0))) return;
    this.isBefore = isHeld;
    this.#context.view.stage?.previewLook(isHeld ? { look: plainLook } : null, { isSent: false });
  }

  get canPaste(): boolean {
    return this.#context.panels.copiedLook !== null;
  }
  copyLook(): void {
    copyLook(this.#context, this.#toasts);
  }
  pasteLook(): void {
    this.#tried = null;
    pasteLook(this.#context, this.#toasts);
  }

  /** Shows all of the only selected picture, on this screen alone, while its crop is being set. */
  beginCrop(): void {
    const [only] = this.pictures;
    if (only === undefined) return;
    this.#context.view.stage?.select([only.id]);
    // The release of its key would end the preview of the whole picture.
    this.isBefore = false;
    this.cropping = only.id;
    this.#context.view.stage?.previewLook({ crop: wholeCrop }, { isSent: false });
  }
  /** @param crop Null gives up. */
  endCrop(crop: Crop | null): void {
    if (this.cropping === null) return;
    this.cropping = null;
    const { stage } = this.#context.view;
    if (crop === null) stage?.previewLook(null);
    else stage?.setLook({ crop });
  }

  flip(along: 'x' | 'y'): void {
    this.#context.board.run((board) => flipAll(board, this.pictures, along));
  }
  /** Asks for a picture on this device. */
  replace(): void {
    pickFiles({ accept: 'image/png,image/jpeg,image/webp,image/gif,image/avif,image/*' }, ([file]) => {
      if (file !== undefined) void this.#replace(file);
    });
  }
  async #replace(file: File): Promise<void> {
    const ids = this.pictures.map(({ id }) => id);
    const added = await (await this.#context.images.get())?.add([file]);
    const [image] = added?.images ?? [];
    const { stage } = this.#context.view;
    if (image === undefined) return;
    if (stage === null || this.#context.room.isReadOnly || ids.length === 0) return void (await added?.release());
    this.#context.board.run((board) => replaceImages(board, ids, image));
    stage.select(ids);
  }
  /** Saves the pictures as they are stored, without their looks. */
  async download(): Promise<void> {
    const images = this.pictures.flatMap(({ image }) => image ?? []);
    const { found, missing } = await this.#context.images.find(images);
    for (const { hash, name, type } of new Map(images.map((image) => [image.hash, image])).values()) {
      const stored = found.get(hash);
      // The name may be that of a file in another format: what is saved is what the board keeps.
      if (stored !== undefined)
        downloadFile(`${name.replace(/\.[^.]*$/, '') || 'picture'}.${extensions[type]}`, new Blob([stored.bytes], { type }));
    }
    const sentence = missingSentence(missing, 'picture');
    if (sentence !== null) this.#toasts.fail(sentence);
  }

  /** The people who have this panel open for the same picture, me first. */
  get editors(): Participant[] {
    const [only] = this.pictures;
    return only === undefined ? [] : editedBy(this.#context.people.list, only.id);
  }
}
