/**
 * The elements of one tile, bottom to top, handed out in batches.
 *
 * A few elements are looked up and sorted at once. For thousands that would take longer than a slice, so then the whole
 * board is walked in paint order, and elements in the tile are picked on the way.
 */
import type { BoardElement, ElementId } from '@wetink/board';
import { paintCost } from '../draw/low-detail.ts';
import { boxesTouch, type Box } from '../geometry.ts';
import type { Scene } from '../scene.ts';

/** Sorting this many takes about 3 ms. */
const SORTED_AT_ONCE = 4_000;
/** Cost, in the unit of `paintCost`, of an element that is skipped. */
const PASSED_COST = 8;

export class TileElements {
  readonly #scene: Scene;
  readonly #box: Box;
  readonly #hidden: ReadonlySet<ElementId>;
  /** Elements to look at. `#next` is the index of the next one. */
  readonly #elements: readonly BoardElement[];
  #next = 0;
  readonly #isSorted: boolean;
  /** Elements added since, above all others. */
  readonly #above: BoardElement[] = [];
  #nextAbove = 0;
  readonly isEmpty: boolean;

  constructor(scene: Scene, box: Box, hidden: ReadonlySet<ElementId>) {
    this.#scene = scene;
    this.#box = box;
    this.#hidden = hidden;
    const count = scene.count(box, SORTED_AT_ONCE);
    this.isEmpty = count === 0;
    this.#isSorted = count < SORTED_AT_ONCE;
    this.#elements = this.#isSorted ? scene.query(box) : scene.elements();
  }

  get isDone(): boolean {
    return this.#next === this.#elements.length && this.#nextAbove === this.#above.length;
  }

  push(element: BoardElement): void {
    this.#above.push(element);
  }

  /** The next elements, until painting them at `scale` costs `cost`. Each once, as it looks now; removed ones are skipped. */
  take(scale: number, cost: number): BoardElement[] {
    const batch: BoardElement[] = [];
    let left = cost;
    for (; left > 0 && this.#next < this.#elements.length; this.#next++) {
      const element = this.#shown(this.#elements[this.#next] as BoardElement);
      left -= element === null ? PASSED_COST : paintCost(element, scale);
      if (element !== null) batch.push(element);
    }
    if (this.#next < this.#elements.length) return batch;
    while (left > 0 && this.#nextAbove < this.#above.length) {
      const element = this.#shown(this.#above[this.#nextAbove++] as BoardElement);
      if (element === null) continue;
      left -= paintCost(element, scale);
      batch.push(element);
    }
    return batch;
  }

  /** The element as it looks now, or null if this tile does not show it. */
  #shown({ id }: BoardElement): BoardElement | null {
    if (this.#hidden.has(id)) return null;
    const box = this.#scene.boxOf(id);
    return box !== undefined && boxesTouch(box, this.#box) ? (this.#scene.get(id) ?? null) : null;
  }
}
