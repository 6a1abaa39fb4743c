/**
 * The shown elements by place: a spatial index with the order of painting.
 *
 * Holds element objects as the board hands them out; `apply` follows the board's changes one by one, so an edit
 * on a board of 100,000 elements costs no walk over all of them. Ranks are by id and only rebuilt
 * when the order changed other than by drawing on top.
 */
import RBush from 'rbush';
import type { Board, BoardChange, BoardElement, ElementId } from '@wetink/board';
import { paintBox } from './bounds.ts';
import { uniteBoxes } from './geometry.ts';
import type { Box } from './geometry.ts';

interface Entry extends Box {
  readonly element: BoardElement;
}

export class Scene {
  readonly #board: Pick<Board, 'elements'>;
  readonly #index = new RBush<Entry>();
  readonly #entries = new Map<ElementId, Entry>();
  #ranks: Map<ElementId, number> | null = null;
  #topRank = -1;

  constructor(board: Pick<Board, 'elements'>) {
    this.#board = board;
    const entries = board.elements().map(toEntry);
    for (const entry of entries) this.#entries.set(entry.element.id, entry);
    this.#index.load(entries);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(id: ElementId): BoardElement | undefined {
    return this.#entries.get(id)?.element;
  }

  /** The box around everything as painted, or null when the board is empty. */
  bounds(): Box | null {
    if (this.#entries.size === 0) return null;
    let all: Box | null = null;
    for (const entry of this.#entries.values()) all = all === null ? entry : uniteBoxes(all, entry);
    return all;
  }

  /** Follows one change. Returns the added elements that lie above everything else, in order, when all of them do. */
  apply(change: BoardChange): { addedOnTop: readonly BoardElement[] | null } {
    for (const element of change.removed) this.#remove(element.id);
    for (const { before, after } of change.changed) {
      this.#remove(before.id);
      this.#insert(after);
    }
    for (const element of change.added) {
      this.#remove(element.id);
      this.#insert(element);
    }
    if (change.isReordered) this.#ranks = null;
    if (change.added.length === 0) return { addedOnTop: [] };
    const addedOnTop = this.#tail(change);
    if (addedOnTop === null || this.#ranks === null) this.#ranks = null;
    else for (const element of addedOnTop) this.#ranks.set(element.id, ++this.#topRank);
    return { addedOnTop };
  }

  /** Elements whose painted box touches `box`, bottom to top. */
  query(box: Box): BoardElement[] {
    const ranks = this.#rankById();
    const rank = (element: BoardElement): number => ranks.get(element.id) ?? this.#topRank;
    return this.#index
      .search(box)
      .map((entry) => entry.element)
      .sort((a, b) => rank(a) - rank(b));
  }

  /** Like `query`, without the order: for counting and filtering. */
  queryUnordered(box: Box): BoardElement[] {
    return this.#index.search(box).map((entry) => entry.element);
  }

  /** Sorts bottom to top; ids that are not in the scene count as on top. */
  inOrder(elements: readonly BoardElement[]): BoardElement[] {
    const ranks = this.#rankById();
    return [...elements].sort((a, b) => (ranks.get(a.id) ?? Infinity) - (ranks.get(b.id) ?? Infinity));
  }

  #insert(element: BoardElement): void {
    const entry = toEntry(element);
    this.#entries.set(element.id, entry);
    this.#index.insert(entry);
  }

  #remove(id: ElementId): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#index.remove(entry);
  }

  /** The added elements if they are exactly the end of the board's order, else null. */
  #tail(change: BoardChange): BoardElement[] | null {
    const all = this.#board.elements();
    const tail = all.slice(all.length - change.added.length);
    const ids = new Set(change.added.map((element) => element.id));
    return tail.every((element) => ids.has(element.id)) ? tail : null;
  }

  #rankById(): Map<ElementId, number> {
    if (this.#ranks === null) {
      this.#ranks = new Map();
      this.#topRank = -1;
      for (const element of this.#board.elements()) this.#ranks.set(element.id, ++this.#topRank);
    }
    return this.#ranks;
  }
}

function toEntry(element: BoardElement): Entry {
  return { ...paintBox(element), element };
}
