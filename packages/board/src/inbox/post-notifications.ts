/** Writes of the relay to a person's inbox. */
import type * as Y from 'yjs';
import { MAX_MESSAGE_ID_LENGTH } from '../limits.ts';
import { isBlocked, isMuted, levelOf } from './inbox-rules.ts';
import { MAX_NOTIFICATIONS, openInboxRoots, type InboxRoots } from './inbox-roots.ts';
import { readNotification, writeNotification, type NewNotification, type NotificationPlace } from './notification-record.ts';

/**
 * Appends notifications, except those that are there already, that come from a person whom the owner of the inbox has
 * blocked, or that the owner does not want. Removes the oldest beyond `MAX_NOTIFICATIONS`.
 *
 * @param nextPlace Called for each one that is written.
 * @returns Those that were written.
 */
export function postNotifications(
  doc: Y.Doc,
  notifications: readonly NewNotification[],
  nextPlace: () => NotificationPlace,
): readonly NewNotification[] {
  const roots = openInboxRoots(doc);
  const known = knownIds(roots.inbox);
  const written: NewNotification[] = [];
  const records: object[] = [];
  for (const notification of notifications) {
    const { id } = notification;
    if (id === '' || id.length > MAX_MESSAGE_ID_LENGTH) throw new RangeError('the id of a notification has 1 to 64 characters');
    if (known.has(id) || !isWanted(roots, notification)) continue;
    known.add(id);
    written.push(notification);
    records.push(writeNotification({ ...notification, place: nextPlace() }));
  }
  if (records.length === 0) return [];
  doc.transact(() => {
    roots.inbox.push(records);
    trim(roots);
  });
  return written;
}

function isWanted({ prefs }: InboxRoots, { kind, from, room }: NewNotification): boolean {
  if (isBlocked(prefs, from.id) || levelOf(prefs, kind) === 'none') return false;
  // Muting a board is about its talk, not about losing access to it.
  return kind === 'invitation' || kind === 'role' || kind === 'custom' || !isMuted(prefs, room);
}

function knownIds(inbox: Y.Array<unknown>): Set<string> {
  const ids = new Set<string>();
  for (const stored of inbox.slice(Math.max(0, inbox.length - 2 * MAX_NOTIFICATIONS))) {
    const id = readNotification(stored)?.id;
    if (id !== undefined) ids.add(id);
  }
  return ids;
}

function trim({ inbox, read }: InboxRoots): void {
  const surplus = inbox.length - MAX_NOTIFICATIONS;
  if (surplus > 0) inbox.delete(0, surplus);
  if (read.length <= MAX_NOTIFICATIONS) return;
  const kept = knownIds(inbox);
  const marks = read.slice(Math.max(0, read.length - 4 * MAX_NOTIFICATIONS));
  read.delete(0, read.length - marks.length);
  // From the end, in runs: what is left of a run that was removed is one entry.
  for (let end = marks.length; end > 0;) {
    const mark = marks[end - 1];
    const isKept = typeof mark === 'string' && kept.delete(mark);
    if (!isKept) read.delete(end - 1, 1);
    end -= 1;
  }
}
