/** Notifying of messages: late ones, inboxes that cannot be written, and bounds, on a clock of its own. */

import { createMemoryKeyWindow, type ArrayChange } from '@wetink/relay';
import { virtualTime, type VirtualTime } from '@wetink/relay/testing';
import { createMemoryStore, type Records } from '@wetink/storage';
import { beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { HandledMessages } from './handled-messages.ts';
import { MessageWatch } from './message-watch.ts';

const ROOM = 'board'.padEnd(22, '-');

let time: VirtualTime;
let records: Records;
let doc: Y.Doc;
/** USER: texts, in the order they were written. */
let inboxes: Map<string, string[]>;
/** Users whose inboxes cannot be written. */
let broken: Set<string>;
let attempts: string[];
let errors: unknown[];
let givenUp: number;
let members: string[] | null;
/** Bot: the owner who made it. */
let makers: Map<string, string>;
/** PERSON BLOCKED. */
let blocked: Set<string>;
let last: number;
/** What a pass of a room takes. */
let passMs: number;

beforeEach(() => {
  time = virtualTime();
  ({ records } = createMemoryStore());
  [makers, blocked, passMs] = [new Map(), new Set(), 0];
  [doc, inboxes, broken, attempts, errors, givenUp, members, last] = [new Y.Doc(), new Map(), new Set(), [], [], 0, null, 0];
});

function relay(): MessageWatch {
  return new MessageWatch({
    boards: { accessOf: async (_, userId) => ({ isBoard: true, role: userId === 'stranger' ? null : 'editor', isSuspended: false }) },
    conversations: { listenersOf: () => afterPass(members), touched: async () => undefined },
    isUser: async (userId) => userId !== 'nobody',
    makerOf: async (_, bot) => makers.get(bot) ?? null,
    hasBlocked: async (person, userId) => blocked.has(`${person} ${userId}`),
    notifier: {
      async notify(userId, notifications) {
        if (notifications.length > 0) attempts.push(userId);
        if (broken.has(userId)) throw new Error('cannot be written');
        inboxes.set(userId, [...(inboxes.get(userId) ?? []), ...notifications.map(({ text }) => text)]);
        return notifications;
      },
    },
    handled: new HandledMessages(records),
    limits: {
      ofAuthor: createMemoryKeyWindow(100, 60_000),
      toPerson: createMemoryKeyWindow(60, 60_000),
      ofRoom: createMemoryKeyWindow(300, 60_000),
    },
    environment: { ...time, random: () => 0.5 },
    wallClock: () => 1_000_000,
    onError: (error) => errors.push(error),
    onGivenUp: (count) => void (givenUp += count),
    onLimited: () => undefined,
  });
}

function afterPass<T>(value: T): Promise<T> {
  return passMs === 0 ? Promise.resolve(value) : new Promise((resolve) => time.schedule(() => resolve(value), passMs));
}

const change = (cause: ArrayChange['cause'] = 'member', of = doc, room = ROOM): ArrayChange => ({
  room,
  root: 'chat',
  cause,
  read: (reader) => reader(of),
});
const message = (text: string, ...mentions: string[]): object => messageOf('ana', text, ...mentions);
const messageOf = (author: string, text: string, ...mentions: string[]): object => ({
  i: `s.${(last += 1)}`,
  u: author,
  n: 'Ana',
  t: text,
  d: 1_000_000,
  m: mentions,
});
const say = (text: string, ...mentions: string[]): void => doc.getArray('chat').push([message(text, ...mentions)]);

it('messages of a device that was offline are notified of, however many others wrote meanwhile', async () => {
  const watch = relay();
  say('first', 'ben');
  watch.onChange(change());
  await time.advance(1_000);
  const offline = new Y.Doc();
  Y.applyUpdate(offline, Y.encodeStateAsUpdate(doc));
  offline.getArray('chat').push([message('late', 'ben')]);
  for (let i = 0; i < 300; i++) say(`chatter ${i}`);
  watch.onChange(change());
  await time.advance(1_000);
  // It stands at the beginning, or at the end: both devices agree which.
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(offline));
  doc.getArray('chat').insert(0, [message('early', 'ben')]);
  watch.onChange(change());
  await time.advance(1_000);
  expect(inboxes.get('ben')?.sort()).toEqual(['early', 'first', 'late']);
});

it('a relay that loads a room notifies of all that is left, wherever it stands, and of nothing twice', async () => {
  const first = relay();
  for (let i = 0; i < 300; i++) say(`m ${i}`, i % 10 === 0 ? 'ben' : 'nobody');
  first.onChange(change());
  await time.advance(1_000);
  expect(inboxes.get('ben')).toHaveLength(30);
  first.stop();
  doc.getArray('chat').insert(3, [message('left', 'ben')]);
  inboxes.clear();
  relay().onChange(change('loaded'));
  await time.advance(5_000);
  expect([...inboxes]).toEqual([['ben', ['left']]]);
});

it('an inbox that cannot be written holds up nobody, is tried again, and given up; nobody else hears twice', async () => {
  const watch = relay();
  broken.add('ben');
  say('to all', 'ben', 'cleo', 'dan');
  watch.onChange(change());
  await time.advance(1_000);
  expect([inboxes.get('cleo'), inboxes.get('dan'), inboxes.get('ben')]).toEqual([['to all'], ['to all'], undefined]);
  // A busy chat does not try it more often.
  for (let i = 0; i < 20; i++) {
    say(`chatter ${i}`, 'cleo');
    watch.onChange(change());
    await time.advance(200);
  }
  expect(attempts.filter((user) => user === 'ben').length).toBeLessThanOrEqual(2);
  await time.advance(600_000);
  expect([attempts.filter((user) => user === 'ben').length, givenUp]).toEqual([6, 1]);
  expect(inboxes.get('cleo')).toHaveLength(21);
  broken.clear();
  say('later', 'ben');
  watch.onChange(change());
  await time.advance(1_000);
  expect(inboxes.get('ben')).toEqual(['later']);
});

it('an inbox that can be written again gets what was left for it', async () => {
  const watch = relay();
  broken.add('ben');
  say('one', 'ben', 'cleo');
  watch.onChange(change());
  await time.advance(3_000);
  say('two', 'ben');
  watch.onChange(change());
  await time.advance(1_000);
  broken.clear();
  await time.advance(60_000);
  expect([inboxes.get('ben')?.sort(), inboxes.get('cleo')]).toEqual([['one', 'two'], ['one']]);
  expect(givenUp).toBe(0);
});

it('ids of nobody and people without a role get no inbox, also when they are answered', async () => {
  const watch = relay();
  doc.getArray('chat').push([{ ...message('asked'), u: 'nobody' }]);
  say('answer', 'nobody', 'stranger');
  doc.getArray('chat').push([{ ...message('reply'), r: 's.1' }]);
  watch.onChange(change());
  await time.advance(1_000);
  expect(attempts).toEqual([]);
});

it('in a conversation only its people are notified, also when others are mentioned or answered', async () => {
  members = ['ana', 'cleo'];
  const watch = relay();
  doc.getArray('chat').push([{ ...message('forged'), u: 'ben' }]);
  doc.getArray('chat').push([{ ...message('Hello', 'ben', 'cleo'), r: 's.1' }]);
  watch.onChange(change());
  await time.advance(1_000);
  expect([...inboxes].map(([user, texts]) => [user, texts.sort()])).toEqual([
    ['ana', ['forged']],
    ['cleo', ['Hello', 'forged']],
  ]);
});

it('of a flood the newest 60 reach a person', async () => {
  const watch = relay();
  for (let i = 0; i < 500; i++) say(`flood ${i}`, 'ben');
  watch.onChange(change());
  await time.advance(1_000);
  expect(inboxes.get('ben')).toEqual(Array.from({ length: 60 }, (_, i) => `flood ${440 + i}`));
});

it('an author who writes very much leaves room for the mentions of others', async () => {
  const watch = relay();
  const many = Array.from({ length: 49 }, (_, i) => `p${i}`);
  for (let i = 0; i < 60; i++) say(`flood ${i}`, ...many, 'ben');
  watch.onChange(change());
  await time.advance(5_000);
  doc.getArray('chat').push([messageOf('cleo', 'Hello', 'ben', 'p1')]);
  watch.onChange(change());
  await time.advance(1_000);
  expect([inboxes.get('ben')?.at(-1), inboxes.get('p1')?.at(-1)]).toEqual(['Hello', 'Hello']);
  expect([...inboxes.values()].flat()).toHaveLength(102);
});

it('a bot notifies nobody who has blocked the owner who made it, and one that is not there nobody at all', async () => {
  makers.set('bot:one', 'mallory').set('bot:two', 'ana');
  blocked.add('ben mallory').add('ben bot:none');
  for (const bot of ['bot:one', 'bot:two', 'bot:none']) doc.getArray('chat').push([messageOf(bot, bot, 'ben', 'cleo')]);
  relay().onChange(change());
  await time.advance(1_000);
  expect(inboxes).toEqual(
    new Map([
      ['ben', ['bot:two']],
      ['cleo', ['bot:one', 'bot:two']],
    ]),
  );
});

it('four rooms in which messages keep coming hold up no other room', async () => {
  const watch = relay();
  passMs = 300;
  const busy = ['b', 'c', 'd', 'e'].map((name) => ({ room: name.padEnd(22, '-'), doc: new Y.Doc() }));
  for (let i = 0; i < 20; i++) {
    for (const { room, doc: chat } of busy) {
      chat.getArray('chat').push([message(`busy ${i}`, 'cleo')]);
      watch.onChange(change('member', chat, room));
    }
    if (i === 3) {
      say('Hello', 'ben');
      watch.onChange(change());
    }
    await time.advance(100);
  }
  expect(inboxes.get('ben')).toEqual(['Hello']);
});
