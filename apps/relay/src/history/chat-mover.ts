/**
 * Moves the oldest chat of boards from their documents to the history, off the path of callers: one board after the other.
 *
 *     read the document -> append its oldest messages to the history -> drop them in the document -> and again
 *
 * The append is durable before the document is changed. A relay that dies in between leaves messages in both; the next pass
 * finds that the history has more rows than the document knows of, and drops those. Several relays may do this at once: of
 * two appends behind the same page one fails, and its relay begins again with what the other one did. A relay that has not
 * heard of another's drops yet has `meta.moved` of before, and leaves out what the history has from there on.
 */

import { dropEdits, dropMoved, movedEdits, oldestChat, type MovedEdit, type MovedRow, type OldestChat } from '@wetink/board';
import type { EditCallback } from '@wetink/relay';
import { endOf, type ChatPage, type ChatPages } from './chat-pages.ts';
import { writeEdits } from './move-edits.ts';

export interface ChatMoverOptions {
  pages: ChatPages;
  edit<Result>(board: string, callback: EditCallback<Result>): Promise<Result>;
  /** Messages that stay in the document. */
  keep: number;
  schedule(work: () => void, delayMs: number): () => void;
  /** ms since 1970. */
  wallClock(): number;
  /** A board's chat could not be moved; it is tried again when the board changes. */
  onError(error: unknown): void;
  onMoved?(board: string, messages: number): void;
}

export interface ChatMover {
  /** The chat of a board may be long enough to move. */
  notice(board: string): void;
  /** Whether this many messages in a document are worth a move. */
  isDue(count: number): boolean;
  /** @returns Messages that moved. @throws {SyncError} @throws {StoreError} */
  move(board: string): Promise<number>;
  /** Resolves when no move is under way. Final. */
  close(): Promise<void>;
}

/** More messages than fit into a page, as most are short. */
const AT_ONCE = 500;
/** Messages above `keep` before a move begins, as a share of it: a move costs a copy of the document. */
const SLACK = 1 / 10;
/** A busy chat causes one move in this time. */
const SETTLE_MS = 2_000;
/** Noticed boards; others are noticed again with their next message. */
const MAX_NOTICED = 10_000;
/** Bounds a pass while a peer keeps writing the marks of the document: 500 pages. */
const MAX_STEPS = 1_000;
/** Rows that are compared when a document claims to lack more rows than there are: after a restore, say. */
const DOUBTFUL_ROWS = 1_000;
/** Rows that are compared at most, so that a mark which a peer wrote costs no more. */
const MAX_COMPARED_ROWS = 50_000;
const EDITS_AT_ONCE = 500;
const MAX_IN_VAIN = 2_000;
/** Ten times as long as a relay may not hear of another's changes (they compare their documents every minute). */
const SETTLED_MS = 10 * 60_000;

export function createChatMover(options: ChatMoverOptions): ChatMover {
  const { pages, keep, schedule, onError, onMoved } = options;
  const noticed = new Set<string>();
  let running: Promise<void> | null = null;
  let cancel: (() => void) | null = null;
  let isClosed = false;
  const inVain = new Set<string>();

  const move = async (board: string): Promise<number> => {
    let moved = 0;
    try {
      await moveSteps(options, board, { isStopped: () => isClosed, onAdded: (count) => (moved += count) });
      if (!isClosed) await moveEdits(options, board, inVain);
    } catch (error) {
      // The erasure may have removed the history before this append.
      if (!hasCode(error, 'ROOM_ERASED')) throw error;
      await pages.remove(board);
    }
    return moved;
  };
  const moveAll = async (): Promise<void> => {
    for (const board of noticed) {
      if (isClosed) return;
      noticed.delete(board);
      try {
        const moved = await move(board);
        if (moved > 0) onMoved?.(board, moved);
      } catch (error) {
        // A relay that stops takes no more edits.
        if (!hasCode(error, 'SHUTDOWN')) onError(error);
      }
    }
  };
  const start = (): void => {
    if (isClosed || cancel !== null || running !== null || noticed.size === 0) return;
    cancel = schedule(() => {
      cancel = null;
      running = moveAll().finally(() => {
        running = null;
        start();
      });
    }, SETTLE_MS);
  };

  return {
    notice(board) {
      if (noticed.size < MAX_NOTICED && pages.covers(board)) noticed.add(board);
      start();
    },
    isDue: (count) => count > keep + Math.max(1, Math.ceil(keep * SLACK)),
    move,
    async close() {
      isClosed = true;
      cancel?.();
      cancel = null;
      await running;
    },
  };
}

/** Drops rows from `from` on in the document, and reads what may move next. */
function step({ edit, keep }: ChatMoverOptions, board: string, from: number, rows: readonly MovedRow[]): Promise<OldestChat | null> {
  const ids = new Set(rows.map(({ id }) => id));
  return edit(board, (doc) => {
    dropMoved(doc, from, rows);
    return oldestChat(doc, ids, keep, AT_ONCE);
  });
}

async function moveSteps(
  options: ChatMoverOptions,
  board: string,
  { isStopped, onAdded }: { isStopped(): boolean; onAdded(count: number): void },
): Promise<void> {
  const { pages, edit, keep, wallClock } = options;
  let from = 0;
  let rows: readonly MovedRow[] = [];
  for (let steps = 0; steps < MAX_STEPS && !isStopped(); steps++) {
    const view =
      steps === 0 ? await edit(board, (doc) => oldestChat(doc, new Set(), keep, AT_ONCE)) : await step(options, board, from, rows);
    if (view === null) return;
    const newest = await pages.newest(board);
    const end = newest === null ? 0 : endOf(newest);
    const isKnown = steps > 0 && end === from + rows.length && view.moved >= from && view.moved <= end;
    if (!isKnown) {
      from = Math.max(0, view.moved <= end ? view.moved : end - DOUBTFUL_ROWS, end - MAX_COMPARED_ROWS);
      rows = newest === null ? [] : await rowsFrom(pages, board, newest, from, wallClock() - SETTLED_MS);
      if (rows.length > 0 || view.moved !== end) continue;
    }
    if (view.oldest.length === 0) return;
    const again = await writeEdits(
      pages,
      board,
      view.oldest.flatMap(({ edit: one }) => one ?? []),
    );
    if (again.length > 0) {
      await edit(board, (doc) => dropEdits(doc, again));
      continue;
    }
    const added = await pages.append(
      board,
      newest,
      view.oldest.map(({ row }) => row),
    );
    if (added === null) continue;
    rows = [...rows.slice(view.moved - from), ...view.oldest.slice(0, added).map(({ id }) => ({ id, isSettled: false }))];
    from = view.moved;
    onAdded(added);
  }
}

/** @param inVain Edits of messages that are in no row, which are not searched for again. */
async function moveEdits({ pages, edit }: ChatMoverOptions, board: string, inVain: Set<string>): Promise<void> {
  const keyOf = (one: MovedEdit): string => JSON.stringify([board, one]);
  const fresh = await edit(board, (doc) => movedEdits(doc, EDITS_AT_ONCE, (one) => inVain.has(keyOf(one))));
  if (fresh.length === 0) return;
  const written = new Set(await writeEdits(pages, board, fresh));
  if (inVain.size > MAX_IN_VAIN) inVain.clear();
  for (const one of fresh) if (!written.has(one)) inVain.add(keyOf(one));
  if (written.size > 0) await edit(board, (doc) => dropEdits(doc, [...written]));
}

/** All rows from this one on. @param settledAt ms since 1970: rows written before are settled. */
async function rowsFrom(pages: ChatPages, board: string, newest: ChatPage, from: number, settledAt: number): Promise<MovedRow[]> {
  const parts: MovedRow[][] = [];
  for await (const page of pages.backwards(board, newest)) {
    const rows = page.rows.slice(Math.max(0, from - page.from));
    parts.push(rows.map((row) => ({ id: String(row['i']), isSettled: page.at < settledAt })));
    if (page.from <= from) break;
  }
  return parts.reverse().flat();
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
