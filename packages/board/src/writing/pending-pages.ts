/** Pages that an edit adds, and the order keys of those that it moves, until it is written. */
import { generateNKeysBetween } from 'fractional-indexing';
import { BoardError } from '../errors.ts';
import { isPageName } from '../document/fields.ts';
import { keysBetween } from '../elements/reorder.ts';
import type { Elements } from '../elements/elements.ts';
import { MAX_PAGES } from '../limits.ts';
import type { ElementId, PageId } from '../types.ts';

interface Place {
  readonly id: PageId;
  order: string;
}

export interface NewPage {
  readonly name: string;
  readonly order: string;
}

export class PendingPages {
  /** Keys of pages that make room and keep their place. */
  readonly repairs = new Map<PageId, string>();
  readonly #places: Place[];
  readonly #made = new Map<ElementId, NewPage>();

  constructor({ pages }: Elements) {
    this.#places = pages.list().map(({ id, order }) => ({ id, order }));
  }

  has(page: PageId): boolean {
    return this.#places.some(({ id }) => id === page);
  }

  made(): ReadonlyMap<ElementId, NewPage> {
    return this.#made;
  }

  add(id: ElementId, name: string, after: PageId | undefined): void {
    checkPageName(name);
    if (this.#places.length >= MAX_PAGES) throw new BoardError('TOO_LARGE', `${MAX_PAGES} pages`);
    const at = this.#places.findIndex((place) => place.id === after);
    this.#made.set(id, { name, order: this.#open(id, at < 0 ? this.#places.length : at + 1) });
  }

  /** @returns Whether it is a page that this edit adds: its name is changed then. */
  renameMade(page: PageId, name: string): boolean {
    const made = page === '' ? undefined : this.#made.get(page);
    if (made !== undefined) this.#made.set(page as ElementId, { ...made, name });
    return made !== undefined;
  }

  /** @returns The new key of the page; null when it stays where it is, or is not there. */
  move(page: PageId, before: PageId | null): string | null {
    const from = this.#places.findIndex(({ id }) => id === page);
    const target = before === null ? this.#places.length : this.#places.findIndex(({ id }) => id === before);
    if (from < 0 || target < 0 || target === from || target === from + 1) return null;
    this.#places.splice(from, 1);
    const order = this.#open(page, target > from ? target - 1 : target);
    const made = page === '' ? undefined : this.#made.get(page);
    if (made !== undefined) this.#made.set(page as ElementId, { ...made, order });
    return made === undefined ? order : null;
  }

  /** Puts a page at an index. Where no key fits there, the pages behind it get new keys, as few as possible, or else all. */
  #open(id: PageId, at: number): string {
    const low = this.#places[at - 1]?.order ?? null;
    for (let count = 0; count <= this.#places.length - at; count++) {
      const keys = keysBetween(low, this.#places[at + count]?.order ?? null, count + 1);
      if (keys === null) continue;
      return this.#put(id, at, keys, at);
    }
    return this.#put(id, at, generateNKeysBetween(null, null, this.#places.length + 1), 0);
  }

  /** @param keys Keys of the pages from index `from` on, with the new one among them. */
  #put(id: PageId, at: number, keys: readonly string[], from: number): string {
    const place = { id, order: keys[at - from] as string };
    this.#places.splice(at, 0, place);
    for (const [i, order] of keys.entries()) {
      const other = this.#places[from + i] as Place;
      if (other === place || other.order === order) continue;
      other.order = order;
      const made = other.id === '' ? undefined : this.#made.get(other.id);
      if (made === undefined) this.repairs.set(other.id, order);
      else this.#made.set(other.id as ElementId, { ...made, order });
    }
    return place.order;
  }
}

export function checkPageName(name: string): void {
  const isFit: boolean = isPageName(name);
  if (!isFit) throw new BoardError('BAD_TEXT', `${name.length} units`);
}
