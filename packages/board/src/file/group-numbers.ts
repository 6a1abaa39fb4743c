/** Numbers the groups and frames of a board for a file, in which ids mean nothing. */
import { fileLimits } from './file-limits.ts';
import type { Board, BoardElement, ElementId } from '../types.ts';

export class GroupNumbers {
  readonly #board: Board;
  /** Elements in the file, by the group they are in; null for a file of the whole board. */
  readonly #chosen: ReadonlyMap<ElementId, number> | null;
  readonly #chosenIds: ReadonlySet<ElementId>;
  readonly #numbers = new Map<ElementId, number>();

  /** @param chosen Elements in the file; null for all. Only frames that are in the file, and groups that are in it as a whole, get a number. */
  constructor(board: Board, chosen: ReadonlySet<ElementId> | null) {
    this.#board = board;
    const counts = new Map<ElementId, number>();
    for (const id of chosen ?? []) for (const group of this.#above(id)) counts.set(group, (counts.get(group) ?? 0) + 1);
    this.#chosen = chosen === null ? null : counts;
    this.#chosenIds = chosen ?? new Set();
  }

  /** Numbers of the groups that an element is in, the outermost first. */
  above(id: ElementId): readonly number[] {
    const groups = [...this.#above(id)].filter((group) => this.#numbers.has(group) || this.#isWhole(group));
    return groups
      .slice(0, fileLimits.maxGroups)
      .reverse()
      .map((group) => this.#numberOf(group));
  }

  /** The number of a frame that holds something. */
  heldBy({ id, kind }: BoardElement): { readonly holds?: number } {
    if (kind !== 'frame' || this.#board.membersOf(id).length === 0) return {};
    return { holds: this.#numberOf(id) };
  }

  *#above(id: ElementId): Iterable<ElementId> {
    for (let at = this.#board.parentOf(id); at !== null; at = this.#board.parentOf(at)) yield at;
  }

  #isWhole(group: ElementId): boolean {
    if (this.#chosen === null) return true;
    if (this.#board.get(group) !== undefined) return this.#chosenIds.has(group);
    return this.#chosen.get(group) === this.#count(group);
  }

  #count(group: ElementId): number {
    let count = 0;
    const left = [...this.#board.membersOf(group)];
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      const members = this.#board.membersOf(id);
      if (this.#board.get(id) !== undefined) count++;
      left.push(...members);
    }
    return count;
  }

  #numberOf(group: ElementId): number {
    const number = this.#numbers.get(group) ?? this.#numbers.size + 1;
    this.#numbers.set(group, number);
    return number;
  }
}
