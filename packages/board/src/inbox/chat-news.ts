/** New messages of a chat, for a server that notifies people of them. */
import type * as Y from 'yjs';
import { readMessage } from '../document/message-record.ts';
import { isPlainObject } from '../document/records.ts';
import type { UserId } from '../types.ts';
import type { RecentMessage } from './recent-messages.ts';

export interface ChatNews {
  /** In the order of the chat, each id once; deleted ones are left out. */
  messages: RecentMessage[];
  /** Authors of the messages that these answer, by id of the answered message, as far as the document has them. */
  answered: ReadonlyMap<string, UserId>;
  /** Ids of all messages of the chat. */
  ids: ReadonlySet<string>;
}

/**
 * Messages whose ids are not known yet, wherever they stand: those of a device that was offline come to stand between those
 * that others wrote meanwhile.
 */
export function chatNews(doc: Y.Doc, isKnown: (id: string) => boolean): ChatNews {
  const ids = new Set<string>();
  const messages: RecentMessage[] = [];
  const stored = doc.getArray('chat').toArray();
  for (const one of stored) {
    const id = idOf(one);
    if (id === null || ids.has(id)) continue;
    const message = isKnown(id) ? null : readMessage(one);
    ids.add(id);
    if (message !== null && !message.isDeleted) messages.push(message);
  }
  const wanted = new Set(messages.map(({ replyTo }) => replyTo));
  wanted.delete(null);
  const answered = new Map<string, UserId>();
  for (const one of wanted.size === 0 ? [] : stored) {
    const id = idOf(one);
    const message = id === null || !wanted.has(id) || answered.has(id) ? null : readMessage(one);
    if (message !== null) answered.set(message.id, message.userId);
  }
  return { messages, answered, ids };
}

/** The id of a stored message, without reading the rest of it. */
function idOf(stored: unknown): string | null {
  return isPlainObject(stored) && typeof stored.i === 'string' ? stored.i : null;
}
