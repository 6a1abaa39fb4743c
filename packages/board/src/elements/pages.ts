/**
 * The pages of a board and the page of each element, kept current change by change.
 *
 * A page is a record of kind `page`, which paints nothing; the first page has no record. A page is shown while it is not
 * deleted, and also while something shown is on it: what is drawn on a page that somebody deletes meanwhile keeps the page.
 * One page is always shown: the first one, if there is no other. An element whose page has no record is on the first page
 * until the record arrives. The paper of the board is kept as that of the first page.
 */
import { defaultPaper, readPaper } from '../color/papers.ts';
import { type Field, fields } from '../document/fields.ts';
import type { ElementId, Page, PageId, Paper } from '../types.ts';

/** The first page in `pages` and in deletions, where only ids can stand. No session makes it: its counter begins at 0 too. */
export const FIRST_PAGE = '000000000' as ElementId;
/** Sorts before the key of every page that was added and never moved. */
export const FIRST_ORDER = 'a0';

export interface PageRecord {
  readonly name: string;
  readonly order: string;
  /** Neither deleted nor undone. */
  readonly isThere: boolean;
}

export interface PlacedPage extends Page {
  readonly order: string;
}

const nothing: ReadonlySet<ElementId> = new Set();

export class Pages {
  readonly #records = new Map<PageId, PageRecord>([['', { name: '', order: FIRST_ORDER, isThere: true }]]);
  /** Shown elements on each page. */
  readonly #counts = new Map<PageId, number>();
  /** Elements that name a page without a record. */
  readonly #waiting = new Map<ElementId, Set<ElementId>>();
  #list: readonly PlacedPage[] = [];
  #isListStale = true;
  #paper = defaultPaper;
  #storedPaper: readonly [pattern: unknown, tone: unknown] = [undefined, undefined];

  /** The same object until it changes. */
  get paper(): Paper {
    return this.#paper;
  }

  /** @param pattern As the document has it, undefined for none; likewise `tone`. */
  setPaper(pattern: unknown, tone: unknown): void {
    this.#storedPaper = [pattern, tone];
    const paper = readPaper(pattern, tone);
    if (paper.pattern !== this.#paper.pattern || paper.tone !== this.#paper.tone) this.#paper = paper;
  }

  has(page: PageId): boolean {
    return this.#records.has(page);
  }

  isThere(page: PageId): boolean {
    return this.#records.get(page)?.isThere === true;
  }

  /** Whether a page has this value of a field of pages. */
  shows(key: ElementId, field: Field, value: unknown): boolean {
    if (field === fields.paperPattern) return (this.#storedPaper[0] ?? defaultPaper.pattern) === value;
    if (field === fields.paperTone) return (this.#storedPaper[1] ?? defaultPaper.tone) === value;
    const record = this.#records.get(key === FIRST_PAGE ? '' : key);
    return (field === fields.pageName ? record?.name : record?.order) === value;
  }

  /** Shown elements on a page. */
  count(page: PageId): number {
    return this.#counts.get(page) ?? 0;
  }

  isShown(page: PageId): boolean {
    return this.list().some(({ id }) => id === page);
  }

  /** The shown pages in order; the same array until something about them changes. */
  list(): readonly PlacedPage[] {
    if (!this.#isListStale) return this.#list;
    this.#isListStale = false;
    const list = this.#read();
    if (JSON.stringify(list) !== JSON.stringify(this.#list)) this.#list = list;
    return this.#list;
  }

  /** @returns Elements whose page this makes known. */
  set(page: PageId, record: PageRecord): ReadonlySet<ElementId> {
    const before = this.#records.get(page);
    if (before?.name === record.name && before.order === record.order && before.isThere === record.isThere) return nothing;
    this.#records.set(page, record);
    this.#isListStale = true;
    if (page === '') return nothing;
    const waiting = this.#waiting.get(page) ?? nothing;
    this.#waiting.delete(page);
    return waiting;
  }

  /** The record left the document. */
  remove(page: ElementId): void {
    this.#records.delete(page);
    this.#isListStale = true;
  }

  /** The page of an element that names `page`. */
  of(id: ElementId, page: PageId): PageId {
    if (page === '' || page === FIRST_PAGE) return '';
    if (this.#records.has(page)) return page;
    const waiting = this.#waiting.get(page);
    if (waiting === undefined) this.#waiting.set(page, new Set([id]));
    else waiting.add(id);
    return '';
  }

  /** Takes in the page that a shown element was on and is on now; null while it is not shown. */
  move(from: PageId | null, to: PageId | null): void {
    if (from === to) return;
    if (from !== null) this.#add(from, -1);
    if (to !== null) this.#add(to, 1);
  }

  #add(page: PageId, one: 1 | -1): void {
    const before = this.count(page);
    this.#counts.set(page, before + one);
    if (before === 0 || before + one === 0) this.#isListStale = true;
  }

  #read(): readonly PlacedPage[] {
    const list: PlacedPage[] = [];
    for (const [id, { name, order, isThere }] of this.#records) {
      if (isThere) list.push({ id, name, order });
      else if (this.count(id) > 0) list.push({ id, name, order, isKept: true });
    }
    const first = this.#records.get('') as PageRecord;
    if (list.length === 0) list.push({ id: '', name: first.name, order: first.order });
    return list.sort((a, b) => (a.order === b.order ? (a.id < b.id ? -1 : 1) : a.order < b.order ? -1 : 1));
  }
}

/** The key of a page in `pages`, in logs and in deletions. */
export function keyOfPage(page: PageId): ElementId {
  return page === '' ? FIRST_PAGE : page;
}
