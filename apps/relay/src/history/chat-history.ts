/** The chat of boards beyond what their documents keep: the parts that the service connects with its relay and its store. */

import type { ReadUses } from '@wetink/relay/access';
import type { KeptBeside } from '@wetink/relay/http';
import type { Store } from '@wetink/storage';
import { createChatMover, type ChatMover, type ChatMoverOptions } from './chat-mover.ts';
import { createChatPages, type ChatPages } from './chat-pages.ts';
import { withHistory } from './files-in-history.ts';

export interface ChatHistory {
  pages: ChatPages;
  mover: ChatMover;
  keptBeside: KeptBeside;
  /** @param readUses Reads a document alone. @returns The same, with files that only the history of the board's chat has. */
  withHistory(readUses: ReadUses): ReadUses;
}

export function createChatHistory(records: Store['records'], options: Omit<ChatMoverOptions, 'pages'>): ChatHistory {
  const pages = createChatPages(records, options.wallClock);
  return {
    pages,
    mover: createChatMover({ ...options, pages }),
    keptBeside: { forget: (room) => pages.remove(room), rooms: () => pages.boards() },
    withHistory: (readUses) => withHistory(readUses, pages),
  };
}
