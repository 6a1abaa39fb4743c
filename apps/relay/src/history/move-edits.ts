/**
 * Edits of messages that moved before: written into their rows, then dropped in the document. Until then readers
 * take them from the document (`editsOf`), so that they hold at every moment.
 */

import { editRow, type MovedEdit } from '@wetink/board';
import type { ChatPages } from './chat-pages.ts';

/** Pages that are searched for the messages: more than a hundred thousand short ones. */
const SEARCHED_PAGES = 1_000;

/** @returns The edits that need not stay in the document: their rows have them. */
export async function writeEdits(pages: ChatPages, board: string, edits: readonly MovedEdit[]): Promise<MovedEdit[]> {
  const wanted = new Map<string, MovedEdit[]>();
  for (const one of edits) wanted.set(one.messageId, [...(wanted.get(one.messageId) ?? []), one]);
  const written: MovedEdit[] = [];
  const newest = await pages.newest(board);
  let left = SEARCHED_PAGES;
  if (newest === null) return written;
  for await (const page of pages.backwards(board, newest)) {
    const here = page.rows.flatMap((row) => wanted.get(String(row['i'])) ?? []);
    if (here.length > 0) {
      // Ids are in the history once, so each page is changed at most once.
      const isWritten = await pages.change(board, page.number, (rows) => {
        const changed = rows.map((row) => (wanted.get(String(row['i'])) ?? []).reduce(editRow, row));
        return changed.some((row, i) => row !== rows[i]) ? changed : rows;
      });
      if (isWritten) written.push(...here);
      for (const { messageId } of here) wanted.delete(messageId);
    }
    if (wanted.size === 0 || (left -= 1) === 0) break;
  }
  return written;
}
