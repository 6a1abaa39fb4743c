/** Inboxes: what the relay writes, what two devices of a person do to it, and records that nobody should have written. */

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { openInbox } from './inbox.ts';
import { inboxRoom, MAX_NOTIFICATIONS, openInboxRoots } from './inbox-roots.ts';
import { isNotificationLink, type NewNotification } from './notification-record.ts';
import { postNotifications } from './post-notifications.ts';

function notification(id: string, more: Partial<NewNotification> = {}): NewNotification {
  const from = { id: 'ben', name: 'Ben' };
  return { id, kind: 'mention', from, room: 'board', title: 'Plans', message: 's.1', text: 'Hello', link: '', at: 1_000, ...more };
}

function writer(name: string): (doc: Y.Doc, ...notifications: NewNotification[]) => readonly NewNotification[] {
  let number = 0;
  return (doc, ...notifications) => postNotifications(doc, notifications, () => ({ writer: name, number: (number += 1) }));
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

function exchange(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b));
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a));
}

it('[IB1] a notification is listed with everything the relay wrote, newest first, and unread', () => {
  const doc = new Y.Doc();
  const post = writer('w');
  const inbox = openInbox(doc);
  let changes = 0;
  inbox.onChange(() => (changes += 1));
  expect(post(doc, notification('a'), notification('b', { link: '/b/x', at: 2_000 }))).toHaveLength(2);
  expect(changes).toBe(1);
  expect(inbox.list().map(({ id }) => id)).toEqual(['b', 'a']);
  expect(inbox.list()[0]).toEqual({
    ...notification('b', { link: '/b/x', at: 2_000 }),
    place: { writer: 'w', number: 2 },
    isRead: false,
  });
  expect(inbox.unread()).toBe(2);
  expect(inbox.list()).toBe(inbox.list());
});

it('[IB1] the name of the room is what the relay derives, and no id of a board', () => {
  const hash = createHash('sha256').update('wetink inbox v1:guest:ö').digest('base64url');
  expect(inboxRoom('guest:ö')).toBe(`inbox-${hash}`);
  expect(inboxRoom('ana')).not.toMatch(/^[A-Za-z0-9_-]{22}$/);
});

it('[IB2] a notification of the same id is written once, and shown once when two relays wrote it at the same time', () => {
  const doc = new Y.Doc();
  const [one, two] = [writer('one'), writer('two')];
  one(doc, notification('a'));
  expect(one(doc, notification('a', { text: 'again' }))).toEqual([]);
  const other = copyOf(doc);
  one(doc, notification('b'));
  two(other, notification('b'), notification('c'));
  exchange(doc, other);
  const [ours, theirs] = [openInbox(doc).list(), openInbox(other).list()];
  expect(ours.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c']);
  expect(theirs).toEqual(ours);
});

it('[IB3] devices that read at the same time agree on all of it', () => {
  const doc = new Y.Doc();
  writer('w')(doc, notification('a'), notification('b'), notification('c'));
  const other = copyOf(doc);
  const [here, there] = [openInbox(doc), openInbox(other)];
  here.markRead(['a', 'unknown']);
  there.markRead(['b']);
  exchange(doc, other);
  for (const inbox of [here, there]) expect(inbox.list().map(({ isRead }) => isRead)).toEqual([false, true, true]);
  there.markAllRead();
  exchange(doc, other);
  expect(here.unread()).toBe(0);
});

it('[IB4] an inbox keeps its newest 500 and their read marks, and does not grow with those that are gone', () => {
  const doc = new Y.Doc();
  const post = writer('w');
  const inbox = openInbox(doc);
  for (let i = 0; i < 1_500; i++) {
    post(doc, notification(`n${i}`));
    if (i % 2 === 0) inbox.markRead([`n${i}`]);
  }
  expect(inbox.list()).toHaveLength(MAX_NOTIFICATIONS);
  expect(inbox.unread()).toBe(MAX_NOTIFICATIONS / 2);
  expect(openInboxRoots(doc).read.length).toBeLessThanOrEqual(MAX_NOTIFICATIONS + 1);
  // 500 of about 90 bytes; 1,500 would be 135,000.
  expect(Y.encodeStateAsUpdate(copyOf(doc)).length).toBeLessThan(80_000);
});

it('[IB4] an inbox of 100,000 that a device wrote is read within its bound, and cut by the next notification', () => {
  const doc = new Y.Doc();
  const { inbox, read } = openInboxRoots(doc);
  inbox.push(Array.from({ length: 100_000 }, (_, i) => ({ i: `f${i}`, w: `f.${i + 1}`, k: 'mention', u: 'x', n: '', t: '', d: 1 })));
  read.push(Array.from({ length: 100_000 }, (_, i) => `f${i}`));
  expect(openInbox(doc).list()).toHaveLength(MAX_NOTIFICATIONS);
  writer('w')(doc, notification('a'));
  expect(inbox.length).toBe(MAX_NOTIFICATIONS);
  expect(read.length).toBeLessThanOrEqual(MAX_NOTIFICATIONS);
  expect(openInbox(doc).list()[0]?.id).toBe('a');
});

it('[IB5] nothing is written that comes from a blocked person, of a kind that is off, or about talk on a muted board', () => {
  const doc = new Y.Doc();
  const post = writer('w');
  const inbox = openInbox(doc);
  expect(inbox.block({ id: 'ben', name: 'Ben', at: 5 })).toBe(true);
  expect(inbox.blocked()).toEqual([{ id: 'ben', name: 'Ben', at: 5 }]);
  expect(post(doc, notification('a'), notification('b', { from: { id: 'cleo', name: 'Cleo' } }))).toHaveLength(1);
  inbox.unblock('ben');
  expect(inbox.isBlocked('ben')).toBe(false);
  inbox.setLevel('reply', 'none');
  inbox.setLevel('mention', 'bell');
  expect(post(doc, notification('c'), notification('d', { kind: 'reply' })).map(({ id }) => id)).toEqual(['c']);
  inbox.setMuted('board', true);
  expect(post(doc, notification('e'), notification('f', { kind: 'role' }), notification('g', { room: 'other' }))).toHaveLength(2);
  inbox.setMuted('board', false);
  expect(post(doc, notification('h'))).toHaveLength(1);
});

it('[IB5] rules set on two devices at the same time are both kept', () => {
  const doc = new Y.Doc();
  const other = copyOf(doc);
  openInbox(doc).setMuted('board', true);
  openInbox(other).block({ id: 'ben', name: 'Ben', at: 5 });
  openInbox(other).setLevel('role', 'none');
  exchange(doc, other);
  const inbox = openInbox(doc);
  expect([inbox.muted(), inbox.isBlocked('ben'), inbox.level('role'), inbox.level('reply')]).toEqual([['board'], true, 'none', 'push']);
});

it('[IB5] no more than 1,000 people can be blocked and 1,000 rooms muted', () => {
  const inbox = openInbox(new Y.Doc());
  for (let i = 0; i < 1_000; i++) inbox.block({ id: `u${i}`, name: '', at: i });
  expect(inbox.block({ id: 'one more', name: '', at: 1 })).toBe(false);
  expect(inbox.block({ id: 'u7', name: '', at: 1 })).toBe(true);
  for (let i = 0; i < 1_000; i++) inbox.setMuted(`r${i}`, true);
  expect(inbox.setMuted('one more', true)).toBe(false);
  expect(inbox.muted()).toHaveLength(1_000);
  inbox.setMuted('r7', false);
  expect(inbox.muted()).not.toContain('r7');
});

it('[IB6] quiet hours go over midnight, end, and are refused when they are no hours', () => {
  const inbox = openInbox(new Y.Doc());
  expect(inbox.isQuietAt(0)).toBe(false);
  inbox.setQuietHours({ from: 22 * 60, to: 7 * 60 });
  expect([22 * 60, 3 * 60, 7 * 60, 12 * 60].map((minute) => inbox.isQuietAt(minute))).toEqual([true, true, false, false]);
  inbox.setQuietHours({ from: 60, to: 120 });
  expect([59, 60, 119, 120].map((minute) => inbox.isQuietAt(minute))).toEqual([false, true, true, false]);
  expect(() => inbox.setQuietHours({ from: 60, to: 1_440 })).toThrow(RangeError);
  expect(() => inbox.setQuietHours({ from: 60, to: 60 })).toThrow(RangeError);
  inbox.setQuietHours(null);
  expect(inbox.quietHours()).toBeNull();
});

describe('[IB7] records that no relay wrote', () => {
  const good = { i: 'a', w: 'w.1', k: 'mention', u: 'ben', n: 'Ben', t: 'Hello', d: 1 };
  const bad: Record<string, unknown> = {
    'a text': 'hello',
    nothing: null,
    'no id': { ...good, i: '' },
    'no place': { ...good, w: 'w' },
    'a place at 0': { ...good, w: 'w.0' },
    'a long text': { ...good, t: 'x'.repeat(281) },
    'a time that is none': { ...good, d: NaN },
    'a name of 10,000 characters': { ...good, n: 'x'.repeat(10_000) },
    'a room that is none': { ...good, b: 7 },
  };
  it.each(Object.entries(bad))('are skipped: %s', (_, record) => {
    const doc = new Y.Doc();
    openInboxRoots(doc).inbox.push([record, good]);
    expect(openInbox(doc).list()).toHaveLength(1);
  });

  it('lose links that could run or hide something, and direction overrides', () => {
    const doc = new Y.Doc();
    openInboxRoots(doc).inbox.push([{ ...good, l: 'javascript:alert(1)', n: 'B\u202een', k: 'new kind' }]);
    expect(openInbox(doc).list()[0]).toMatchObject({ link: '', from: { id: 'ben', name: 'Ben' }, kind: 'custom' });
  });

  it('of rules count as none', () => {
    const doc = new Y.Doc();
    const { prefs, read } = openInboxRoots(doc);
    prefs.set('quiet', [1, 'x']);
    prefs.set('kind/mention', 7);
    prefs.set('block/', ['', 1]);
    prefs.set('block/ben', 'x');
    read.push([7, null, 'a']);
    const inbox = openInbox(doc);
    expect([inbox.quietHours(), inbox.level('mention'), inbox.blocked()]).toEqual([null, 'push', [{ id: 'ben', name: '', at: 0 }]]);
    expect(inbox.unread()).toBe(0);
  });

  it.each(['/b/x', 'https://a.example/b?c#d', 'http://localhost', 'mailto:ana@a.example'])('keep the link %s', (link) => {
    expect(isNotificationLink(link)).toBe(true);
  });

  it.each(['', '//a.example', 'javascript:x', 'b/x', 'https://a b', 'data:x', `/${'x'.repeat(2_000)}`, '/\\a.example'])(
    'lose the link %s',
    (link) => {
      expect(isNotificationLink(link)).toBe(false);
    },
  );
});
