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

/** What one change means for whoever paints. */
export interface SceneChange {
  /** Boxes where something is no longer as it was. */
  readonly spoiled: readonly Box[];
  /** Elements in those boxes that look different, or are new there but not on top. */
  readonly shown: readonly BoardElement[];
  /** Added above everything else, bottom to top. */
  readonly onTop: readonly BoardElement[];
}

export class Scene {
  readonly #board: Pick<Board, 'elements'>;
  readonly #index = new RBush<Entry>();
  readonly #entries = new Map<ElementId, Entry>();
  #ranks: Map<ElementId, number> | null = null;
  #topRank = -1;

  readonly #fit: (element: BoardElement) => BoardElement;

  /** @param fit Gives text the box it takes, see `createTextFitter`. All elements handed out are fitted. */
  constructor(board: Pick<Board, 'elements'>, fit: (element: BoardElement) => BoardElement) {
    this.#board = board;
    this.#fit = fit;
    const entries = board.elements().map((element) => toEntry(fit(element)));
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

  /** Follows one change. */
  apply(change: BoardChange): SceneChange {
    const spoiled: Box[] = [];
    const shown: BoardElement[] = [];
    const leave = (id: ElementId): void => {
      const entry = this.#entries.get(id);
      if (entry === undefined) return;
      spoiled.push(entry);
      this.#entries.delete(id);
      this.#index.remove(entry);
    };
    const enter = (element: BoardElement): void => {
      const entry = toEntry(this.#fit(element));
      this.#entries.set(element.id, entry);
      this.#index.insert(entry);
    };
    for (const element of change.removed) leave(element.id);
    for (const { before, after } of change.changed) {
      leave(before.id);
      enter(after);
    }
    for (const element of change.added) {
      leave(element.id);
      enter(element);
    }
    for (const { after } of change.changed) this.#note(after.id, spoiled, shown);
    if (change.isReordered) this.#ranks = null;
    const onTop = this.#tail(change);
    if (onTop === null || this.#ranks === null) this.#ranks = null;
    else for (const element of onTop) this.#ranks.set(element.id, ++this.#topRank);
    if (onTop === null) for (const { id } of change.added) this.#note(id, spoiled, shown);
    return { spoiled, shown, onTop: (onTop ?? []).map((element) => this.get(element.id) ?? element) };
  }

  #note(id: ElementId, spoiled: Box[], shown: BoardElement[]): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    spoiled.push(entry);
    shown.push(entry.element);
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

  /** The added elements if they are exactly the end of the board's order, else null. */
  #tail(change: BoardChange): BoardElement[] | null {
    if (change.added.length === 0) return [];
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
