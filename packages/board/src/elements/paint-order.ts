/**
 * The shown elements, bottom to top, patched as they change.
 *
 * Two parallel arrays: the places (strings that sort) and the elements. A new stroke is a push, a moved one a binary
 * search; only a change of many elements at once walks the board. An array that was handed out is never modified: it is
 * copied first, once per round of changes.
 */
import type { BoardElement } from '../types.ts';

export interface Placed {
  readonly place: string;
  readonly element: BoardElement;
}

/** Above this many changes one merge is faster than single splices. */
const MANY = 64;

export class PaintOrder {
  #places: string[] = [];
  #elements: BoardElement[] = [];
  #isHandedOut = false;

  get count(): number {
    return this.#elements.length;
  }

  elements(): readonly BoardElement[] {
    this.#isHandedOut = true;
    return this.#elements;
  }

  placeAt(index: number): string | undefined {
    return this.#places[index];
  }

  /** Index of a place, or of the first place above it. */
  indexOf(place: string): number {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#places[middle] as string) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param replaced Elements that keep their place. @param removed Current places, each once. */
  patch(removed: readonly string[], added: readonly Placed[], replaced: readonly Placed[]): void {
    if (this.#isHandedOut) {
      this.#elements = this.#elements.slice();
      this.#isHandedOut = false;
    }
    for (const { place, element } of replaced) this.#elements[this.indexOf(place)] = element;
    if (removed.length === this.#places.length) this.#removeAll();
    else if (removed.length > MANY) this.#removeMany(new Set(removed));
    else
      for (const place of removed) {
        const at = this.indexOf(place);
        this.#places.splice(at, 1);
        this.#elements.splice(at, 1);
      }
    if (added.length > MANY) this.#addMany(added);
    else
      for (const { place, element } of added) {
        const at = this.indexOf(place);
        this.#places.splice(at, 0, place);
        this.#elements.splice(at, 0, element);
      }
  }

  #removeAll(): void {
    this.#places = [];
    this.#elements = [];
  }

  #removeMany(removed: ReadonlySet<string>): void {
    const places: string[] = [];
    const elements: BoardElement[] = [];
    for (const [i, place] of this.#places.entries()) {
      if (removed.has(place)) continue;
      places.push(place);
      elements.push(this.#elements[i] as BoardElement);
    }
    this.#places = places;
    this.#elements = elements;
  }

  #addMany(added: readonly Placed[]): void {
    // The elements of one person arrive in order.
    const isSorted = added.every(({ place }, i) => i === 0 || (added[i - 1] as Placed).place < place);
    const sorted = isSorted ? added : [...added].sort((a, b) => (a.place < b.place ? -1 : 1));
    // Only elements above the lowest added one move: none when a board is read from its oldest stroke on.
    const from = this.indexOf((sorted[0] as Placed).place);
    const places = this.#places.splice(from);
    const elements = this.#elements.splice(from);
    let old = 0;
    const keepBelow = (place: string | null): void => {
      for (; old < places.length && (place === null || (places[old] as string) < place); old++) {
        this.#places.push(places[old] as string);
        this.#elements.push(elements[old] as BoardElement);
      }
    };
    for (const { place, element } of sorted) {
      keepBelow(place);
      this.#places.push(place);
      this.#elements.push(element);
    }
    keepBelow(null);
  }
}
