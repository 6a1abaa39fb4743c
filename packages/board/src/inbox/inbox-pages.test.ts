/** Reading an inbox in parts: nothing missed, nothing twice, whatever order notifications arrive in. */

import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { inboxPage, isInboxCursor } from './inbox-pages.ts';
import { openInbox } from './inbox.ts';
import { postNotifications } from './post-notifications.ts';

function post(doc: Y.Doc, writer: string, from: number, to: number): void {
  let number = from - 1;
  const notifications = Array.from({ length: to - from + 1 }, (_, i) => ({
    id: `${writer}${from + i}`,
    kind: 'custom' as const,
    from: { id: '', name: '' },
    room: '',
    title: '',
    message: '',
    text: 'x',
    link: '',
    at: 1,
  }));
  postNotifications(doc, notifications, () => ({ writer, number: (number += 1) }));
}

const idsOf = (page: ReturnType<typeof inboxPage>): string[] => page.notifications.map(({ id }) => id);

it('[IB8] pages go on where the last one ended, until there is no more', () => {
  const doc = new Y.Doc();
  post(doc, 'a', 1, 5);
  const newest = inboxPage(doc, null, 2);
  expect([idsOf(newest), newest.hasMore, newest.unread]).toEqual([['a4', 'a5'], false, 5]);
  expect(idsOf(inboxPage(doc, newest.next, 10))).toEqual([]);
  post(doc, 'a', 6, 8);
  const first = inboxPage(doc, newest.next, 2);
  expect([idsOf(first), first.hasMore]).toEqual([['a6', 'a7'], true]);
  const second = inboxPage(doc, first.next, 2);
  expect([idsOf(second), second.hasMore]).toEqual([['a8'], false]);
  expect(idsOf(inboxPage(doc, first.notifications[0]?.cursor ?? '', 9))).toEqual(['a7', 'a8']);
});

it('[IB8] a notification that another relay wrote earlier and that arrives later is in the next page, once', () => {
  const [doc, other] = [new Y.Doc(), new Y.Doc()];
  // Yjs orders entries at the same place by client id: the late one comes before what was read.
  [doc.clientID, other.clientID] = [2, 1];
  post(doc, 'a', 1, 1);
  post(other, 'b', 1, 1);
  const page = inboxPage(doc, '', 10);
  expect(idsOf(page)).toEqual(['a1']);
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
  const late = inboxPage(doc, page.next, 10);
  expect(idsOf(late)).toEqual(['b1']);
  expect(idsOf(inboxPage(doc, '', 10))[0]).toBe('b1');
  expect(idsOf(inboxPage(doc, late.next, 10))).toEqual([]);
});

it('[IB8] a cursor names only writers of whom something is left, and any other text is none', () => {
  const doc = new Y.Doc();
  post(doc, 'old', 1, 10);
  const before = inboxPage(doc, null, 1).next;
  expect(before).toBe('old.10');
  post(doc, 'new', 1, 500);
  expect(inboxPage(doc, before, 500).next).toBe('new.500');
  openInbox(doc).markAllRead();
  expect(inboxPage(doc, null, 1)).toMatchObject({ unread: 0, notifications: [{ isRead: true }] });
  expect(['', 'a.1', 'a.1,b.2'].map(isInboxCursor)).toEqual([true, true, true]);
  expect(['a', 'a.b', 'a.1,', '{}', 'x'.repeat(20_000)].map(isInboxCursor)).toEqual([false, false, false, false, false]);
});
