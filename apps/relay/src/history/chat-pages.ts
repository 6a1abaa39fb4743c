/**
 * The chat of a board that left its document, as records of the store. A log in pages: each put of a page appends its rows
 * at once, and of two relays that append at the same time one sees that it was second.
 *
 *     chat/BOARD/NUMBER   { from: number of its first row in the log, at: ms of the last append, rows: [row, …], full?: true }
 *
 * A page is marked full before the next one is made: so no other relay can append to it meanwhile.
 *
 * Numbers count down from `LAST`, so that a list of the records begins with the newest page. Rows never change their place:
 * a deleted message keeps its row.
 */

import type { ChatRow } from '@wetink/board';
import { StoreError, type Records, type StoredRecord } from '@wetink/storage';

export interface ChatPage {
  /** 0 for the oldest. */
  number: number;
  /** Number of its first row in the log. */
  from: number;
  rows: readonly ChatRow[];
  /** ms since 1970 of the last append. */
  at: number;
  /** Nothing is appended to it any more. */
  isFull: boolean;
}

/** A page as it was read, for an append behind it. */
export interface ReadPage extends ChatPage {
  version: number;
}

export interface ChatPages {
  /** Whether the chat of a room of this name can leave its document; others have no pages. */
  covers(board: string): boolean;
  /** The newest page; null for a board whose chat is all in its document. @throws {Error} When it is damaged. */
  newest(board: string): Promise<ReadPage | null>;
  /** From this page on to older ones. @throws {Error} When one is missing or damaged. */
  backwards(board: string, from: ChatPage): AsyncGenerator<ChatPage>;
  /** @throws {Error} When it is damaged. @returns Null when there is no such page. */
  page(board: string, number: number): Promise<ChatPage | null>;
  /**
   * Appends as many of these rows as fit into one page.
   *
   * @param behind The newest page.
   * @returns How many, on disk; null when another relay was faster, and nothing changed.
   */
  append(board: string, behind: ReadPage | null, rows: readonly ChatRow[]): Promise<number | null>;
  /**
   * Changes rows of a page, each in its place.
   *
   * @param change Called again when another relay was faster. The same array: nothing to change.
   * @returns False when the page would be too large, or others kept being faster; nothing changed.
   */
  change(board: string, number: number, change: (rows: readonly ChatRow[]) => readonly ChatRow[]): Promise<boolean>;
  /** Removes all pages of a board. Idempotent. */
  remove(board: string): Promise<void>;
  /** Boards that have pages. */
  boards(): AsyncGenerator<string>;
}

/** Without a slash: the pages of one room are not among those of another. */
const NAME = /^[A-Za-z0-9_.-]{1,128}$/;
const LAST = 99_999_999;
/** Below the 65,536 of a record, and above the largest row (`MAX_ROW_BYTES`). */
const MAX_PAGE_BYTES = 60_000;
/** Rows grow a little when their authors edit them. */
const MAX_RECORD_BYTES = 65_000;
const MAX_ATTEMPTS = 10;
/** A megabyte at once, in the worst case. */
const PAGES_AT_ONCE = 16;

/** @param wallClock ms since 1970. */
export function createChatPages(records: Records, wallClock: () => number): ChatPages {
  const read = async (board: string, number: number): Promise<ReadPage | null> => {
    const record = await records.get(keyOf(board, number));
    return record === null ? null : decodePage(record);
  };
  const newest = async (board: string): Promise<ReadPage | null> => {
    const [record] = await records.list({ prefix: prefixOf(board), limit: 1 });
    let found = record === undefined ? null : decodePage(record);
    // A list leaves out a damaged record. Then this read throws; otherwise the page was appended a moment ago.
    for (let next = await read(board, (found?.number ?? -1) + 1); next !== null; next = await read(board, next.number + 1)) found = next;
    return found;
  };

  return {
    covers: (board) => NAME.test(board),
    newest: (board) => (NAME.test(board) ? newest(board) : Promise.resolve(null)),
    page: read,
    async *backwards(board, from) {
      yield from;
      for (let wanted = from.number - 1; wanted >= 0;) {
        const list = await records.list({ prefix: prefixOf(board), after: keyOf(board, wanted + 1), limit: PAGES_AT_ONCE });
        const pages = list.map(decodePage).filter(({ number }, i) => number === wanted - i);
        // A list leaves out damaged records. Reading one throws.
        if (pages.length === 0 && (await read(board, wanted)) === null)
          throw new StoreError('CORRUPT', 'a page of the history of a chat is missing');
        yield* pages;
        wanted -= pages.length;
      }
    },
    async append(board, behind, rows) {
      if (behind !== null && !behind.isFull) {
        const filled = fill(behind.rows, rows);
        const appended = filled.length - behind.rows.length;
        const isWritten = await put(records, board, { ...behind, rows: filled, at: wallClock(), isFull: appended === 0 }, behind.version);
        if (!isWritten || appended > 0) return isWritten ? appended : null;
      }
      const number = (behind?.number ?? -1) + 1;
      const page = { number, from: behind === null ? 0 : endOf(behind), rows: fill([], rows), at: wallClock(), isFull: false };
      return (await put(records, board, page, 0)) ? page.rows.length : null;
    },
    async change(board, number, change) {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const page = await read(board, number);
        const rows = page === null ? null : change(page.rows);
        if (page === null || rows === null || rows === page.rows) return true;
        if (sizeOf({ ...page, rows }) > MAX_RECORD_BYTES) return false;
        if (await put(records, board, { ...page, rows }, page.version)) return true;
      }
      return false;
    },
    async remove(board) {
      if (!NAME.test(board)) return;
      for (;;) {
        const list = await records.list({ prefix: prefixOf(board), limit: PAGES_AT_ONCE });
        if (list.length === 0) return;
        for (const { key, version } of list) await records.remove(key, version);
      }
    },
    async *boards() {
      for (let after = ''; ;) {
        const [record] = await records.list({ prefix: PREFIX, ...(after === '' ? {} : { after }), limit: 1 });
        if (record === undefined) return;
        const board = record.key.slice(PREFIX.length, record.key.lastIndexOf('/'));
        yield board;
        after = `${prefixOf(board)}~`; // behind all digits
      }
    },
  };
}

/** Rows of the log up to the end of this page. */
export function endOf({ from, rows }: ChatPage): number {
  return from + rows.length;
}

const PREFIX = 'chat/';

function prefixOf(board: string): string {
  return `${PREFIX}${board}/`;
}

function keyOf(board: string, number: number): string {
  return prefixOf(board) + String(LAST - number).padStart(8, '0');
}

async function put(records: Records, board: string, { number, from, at, rows, isFull }: ChatPage, ifVersion: number): Promise<boolean> {
  const value = Buffer.from(JSON.stringify({ from, at, rows, ...(isFull && { full: true }) }));
  return (await records.put(keyOf(board, number), value, ifVersion)) !== null;
}

/** The rows of a page, and as many of `more` as have room in it: at least one in an empty page. */
function fill(rows: readonly ChatRow[], more: readonly ChatRow[]): ChatRow[] {
  const filled = [...rows];
  let bytes = sizeOf({ from: LAST, at: Number.MAX_SAFE_INTEGER, rows, full: true });
  for (const row of more) {
    bytes += sizeOf(row) + 1;
    if (bytes > MAX_PAGE_BYTES && filled.length > 0) break;
    filled.push(row);
  }
  return filled;
}

function decodePage({ key, value, version }: StoredRecord): ReadPage {
  const number = LAST - Number(key.slice(key.lastIndexOf('/') + 1));
  let fields: unknown;
  try {
    fields = JSON.parse(new TextDecoder().decode(value));
  } catch (error) {
    throw damaged(error);
  }
  const { from, at, rows, full } = (fields ?? {}) as Partial<Record<string, unknown>>;
  if (!Number.isSafeInteger(from) || typeof at !== 'number' || !Array.isArray(rows)) throw damaged();
  return { number, from: from as number, at, rows: rows as ChatRow[], isFull: full === true, version };
}

function damaged(cause?: unknown): StoreError {
  return new StoreError('CORRUPT', 'a page of the history of a chat is damaged', { cause });
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
