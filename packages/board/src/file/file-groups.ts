/**
 * Makes the groups of a file again, and puts into its frames what they hold, also where its elements come in several edits.
 * Lines that disagree about the group around one go by the first.
 */
import type { FileElement } from './file-codec.ts';
import type { Edit, ElementId } from '../types.ts';

export class FileGroups {
  /** Numbers of frames. Of two frames with one number the first one counts. */
  readonly #frames = new Map<number, FileElement>();
  /** Numbers in the file, with the group around each; a group comes after the one around it. */
  readonly #around = new Map<number, number | null>();
  /** Groups that were made, and frames that have come, by number. */
  readonly #ids = new Map<number, ElementId>();

  /** @param all The elements of the file. Frames have to be put first, or together with what they hold. */
  constructor(all: readonly FileElement[]) {
    for (const element of all) {
      const { holds } = element;
      if (holds !== undefined && !this.#frames.has(holds)) this.#frames.set(holds, element);
    }
  }

  /** @param ids What the edit made of the elements, in their order. */
  put(edit: Edit, elements: readonly FileElement[], ids: readonly ElementId[]): void {
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
    }
    for (const [group, id] of made) this.#ids.set(group, id);
  }
}

function addTo(lists: Map<number, ElementId[]>, group: number, id: ElementId): void {
  const list = lists.get(group);
  if (list === undefined) lists.set(group, [id]);
  else list.push(id);
}
