/** Files of messages that left the document are still needed: nobody deleted them. */

import { messageOfRow } from '@wetink/board';
import type { ReadUses } from '@wetink/relay/access';
import type { ChatPages } from './chat-pages.ts';

/** The history is read after the document, so that a message which moves meanwhile is in one of the two. */
export function withHistory(readUses: ReadUses, pages: ChatPages): ReadUses {
  return async (stored, hashes, board) => {
    const until = await readUses(stored, hashes, board);
    const newest = until === null ? null : await pages.newest(board);
    if (until === null || newest === null) return until;
    const wanted = new Set(hashes);
    const all = new Map(until);
    for await (const { rows } of pages.backwards(board, newest))
      for (const row of rows) {
        const hash = row['f'] === undefined ? undefined : messageOfRow(row)?.file?.hash;
        if (hash !== undefined && wanted.has(hash)) all.set(hash, Infinity);
      }
    return all;
  };
}
