/** The newest messages of a chat, for a server that notifies people of them. */
import type * as Y from 'yjs';
import { readMessage } from '../document/message-record.ts';
import { MAX_TITLE_LENGTH } from '../limits.ts';
import { shownLine } from '../text/shown-line.ts';
import { clipText } from '../text/surrogates.ts';
import type { ChatMessage } from '../types.ts';

export type RecentMessage = Pick<ChatMessage, 'id' | 'userId' | 'name' | 'text' | 'at' | 'mentions' | 'replyTo'>;

/** Oldest first, each id once; deleted ones are left out. @param count Entries of the chat that are looked at. */
export function recentMessages(doc: Y.Doc, count: number): RecentMessage[] {
  const chat = doc.getArray('chat');
  const messages = new Map<string, RecentMessage>();
  for (const stored of chat.slice(Math.max(0, chat.length - count))) {
    const message = readMessage(stored);
    if (message !== null && !message.isDeleted && !messages.has(message.id)) messages.set(message.id, message);
  }
  return [...messages.values()];
}

/** The title of a board, or ''. Like `Board.title`, without opening the board. */
export function titleOf(doc: Y.Doc): string {
  const title = doc.getMap('meta').get('title');
  return typeof title === 'string' ? shownLine(clipText(title, MAX_TITLE_LENGTH)) : '';
}
