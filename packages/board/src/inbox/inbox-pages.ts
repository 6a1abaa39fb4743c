/**
 * Reading an inbox in parts, by a program that remembers how far it has read.
 *
 * A cursor is `WRITER.NUMBER,WRITER.NUMBER`: the last notification of each writer that was read. So nothing is missed or read
 * twice, although several relays write at once and their notifications reach a device in any order.
 */
import type * as Y from 'yjs';
import { openInboxRoots, readInbox, readMarks } from './inbox-roots.ts';
import type { InboxEntry } from './inbox.ts';

export interface InboxPageEntry extends InboxEntry {
  /** For a reader that has read up to this one. */
  readonly cursor: string;
}

export interface InboxPage {
  /** In order of arrival. */
  readonly notifications: readonly InboxPageEntry[];
  /** For the next call. */
  readonly next: string;
  readonly hasMore: boolean;
  /** Unread notifications of the whole inbox. */
  readonly unread: number;
}

/** 500 writers of 16 characters with their numbers. */
export const MAX_CURSOR_LENGTH = 16_000;
const PLACE = /^([A-Za-z0-9_-]{1,16})\.([0-9]{1,15})$/;

/** @returns False for a text that `inboxPage` did not give. */
export function isInboxCursor(text: string): boolean {
  return text.length <= MAX_CURSOR_LENGTH && (text === '' || text.split(',').every((place) => PLACE.test(place)));
}

/**
 * @param since A cursor: those that came after it, the oldest first. Null: the newest.
 * @param limit At least 1.
 */
export function inboxPage(doc: Y.Doc, since: string | null, limit: number): InboxPage {
  const { inbox, read } = openInboxRoots(doc);
  const marks = readMarks(read);
  const all = readInbox(inbox).map((notification) => ({ ...notification, isRead: marks.has(notification.id) }));
  const seen = since === null ? null : numbersIn(since);
  const isNew = ({ place }: InboxEntry): boolean => seen === null || place.number > (seen.get(place.writer) ?? 0);
  const fresh = all.filter(isNew);
  const chosen = seen === null ? fresh.slice(-limit) : fresh.slice(0, limit);
  const numbers = new Map<string, number>();
  // Writers of whom nothing is left are left out, so that a cursor does not grow.
  const pass = ({ place }: InboxEntry): void => void numbers.set(place.writer, Math.max(place.number, numbers.get(place.writer) ?? 0));
  for (const one of seen === null ? all.slice(0, all.length - chosen.length) : all) if (seen === null || !isNew(one)) pass(one);
  const notifications = chosen.map((one) => {
    pass(one);
    return { ...one, cursor: textOf(numbers) };
  });
  return {
    notifications,
    next: notifications.at(-1)?.cursor ?? textOf(numbers),
    hasMore: seen !== null && fresh.length > notifications.length,
    unread: all.reduce((count, { isRead }) => (isRead ? count : count + 1), 0),
  };
}

function textOf(numbers: ReadonlyMap<string, number>): string {
  return [...numbers].map(([writer, number]) => `${writer}.${number}`).join(',');
}

function numbersIn(cursor: string): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const place of cursor.split(',')) {
    const [, writer = '', number = ''] = PLACE.exec(place) ?? [];
    if (writer !== '') numbers.set(writer, Number(number));
  }
  return numbers;
}
