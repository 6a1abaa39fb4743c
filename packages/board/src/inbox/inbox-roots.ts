/**
 * The root types of an inbox.
 *
 *     inbox   array of notifications, in the order in which they arrived; the relay appends, and removes the oldest
 *     read    array of ids that were read. A set: two devices that read at once both count
 *     prefs   map of rules
 *
 * Arrays and no maps for what comes and goes: what was removed from them takes no memory, whereas a map keeps every key.
 */
import { digest } from 'lib0/hash/sha256';
import { toBase64UrlEncoded } from 'lib0/buffer';
import type * as Y from 'yjs';
import { readNotification, type Notification } from './notification-record.ts';

export interface InboxRoots {
  readonly inbox: Y.Array<unknown>;
  readonly read: Y.Array<unknown>;
  readonly prefs: Y.Map<unknown>;
}

/** Newest notifications that an inbox keeps and a reader shows. */
export const MAX_NOTIFICATIONS = 500;

export function openInboxRoots(doc: Y.Doc): InboxRoots {
  return { inbox: doc.getArray('inbox'), read: doc.getArray('read'), prefs: doc.getMap('prefs') };
}

/** The room of a person's inbox, as the relay derives it; only that person may open it. */
export function inboxRoom(userId: string): string {
  const hash = digest(new TextEncoder().encode(`wetink inbox v1:${userId}`));
  return `inbox-${toBase64UrlEncoded(hash)}`;
}

/** In order of arrival, each id once, the newest `MAX_NOTIFICATIONS`. */
export function readInbox(inbox: Y.Array<unknown>): Notification[] {
  const found: Notification[] = [];
  const known = new Set<string>();
  for (const stored of lastOf(inbox, 2 * MAX_NOTIFICATIONS)) {
    const notification = readNotification(stored);
    // Two relays may have written of the same occasion at once.
    if (notification === null || known.has(notification.id)) continue;
    known.add(notification.id);
    found.push(notification);
  }
  return found.slice(-MAX_NOTIFICATIONS);
}

/** Ids that were read, maybe of notifications that are gone. */
export function readMarks(read: Y.Array<unknown>): Set<string> {
  const ids = new Set<string>();
  for (const id of lastOf(read, 4 * MAX_NOTIFICATIONS)) if (typeof id === 'string') ids.add(id);
  return ids;
}

function lastOf(array: Y.Array<unknown>, count: number): unknown[] {
  return array.slice(Math.max(0, array.length - count));
}
