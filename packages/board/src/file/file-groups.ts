/**
 * Makes the groups of a file again, and puts into its frames what they hold, also where its elements come in several edits.
 * Lines that disagree about the group around one go by the first.
 */
import type { FileElement } from './file-codec.ts';
import type { Edit, ElementId } from '../types.ts';

/** A frame of the board for what is put on it together: one element, or those of an outermost group. Null for none. */
export type FrameOf = (together: readonly FileElement[]) => ElementId | null;

export class FileGroups {
  /** Numbers of frames. Of two frames with one number the first one counts. */
  readonly #frames = new Map<number, FileElement>();
  /** Numbers in the file, with the group around each; a group comes after the one around it. */
  readonly #around = new Map<number, number | null>();
  /** Groups that were made, and frames that have come, by number. */
  readonly #ids = new Map<number, ElementId>();
  /** Elements in each outermost group, by number. */
  readonly #together = new Map<number, FileElement[]>();

  /** @param all The elements of the file. Frames have to be put first, or together with what they hold. */
  constructor(all: readonly FileElement[]) {
    for (const element of all) {
      const { holds, groups } = element;
      if (holds !== undefined && !this.#frames.has(holds)) this.#frames.set(holds, element);
      if (groups[0] !== undefined) addTo(this.#together, groups[0], element);
    }
  }

  /** @param ids What the edit made of the elements, in their order. */
  put(edit: Edit, elements: readonly FileElement[], ids: readonly ElementId[], frameOf: FrameOf = () => null): void {
    const within = new Map<number, ElementId[]>();
    const came: [number, ElementId][] = [];
    for (const [i, element] of elements.entries()) {
      const { groups, holds } = element;
      const id = ids[i] as ElementId;
      for (const [depth, group] of groups.entries()) if (!this.#around.has(group)) this.#around.set(group, groups[depth - 1] ?? null);
      const innermost = groups.at(-1);
      if (innermost !== undefined) addTo(within, innermost, id);
      if (holds !== undefined && this.#frames.get(holds) === element) came.push([holds, id]);
    }
    for (const [number, id] of came) this.#ids.set(number, id);
    const made: [number, ElementId][] = [];
    // Going backwards, what is in a group is there.
    for (const [group, outer] of [...this.#around].reverse()) {
      const members = within.get(group) ?? [];
      const before = this.#ids.get(group);
      if (before !== undefined) {
        edit.setParent(members, before);
        continue;
      }
      const id = this.#frames.has(group) ? null : edit.group(members);
      if (id === null) continue;
      made.push([group, id]);
      if (outer !== null) addTo(within, outer, id);
      const frame = outer === null ? frameOf(this.#together.get(group) ?? []) : null;
      if (frame !== null) edit.setParent([id], frame);
    }
    for (const [group, id] of made) this.#ids.set(group, id);
  }
}

function addTo<Item>(lists: Map<number, Item[]>, group: number, item: Item): void {
  const list = lists.get(group);
  if (list === undefined) lists.set(group, [item]);
  else list.push(item);
}
