import { openChat, type InboxEntry } from '@wetink/board';
import { flushSync } from 'svelte';
import { expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import type { ApiAnswer } from '../account/relay-api.ts';
import type { ConversationInfo } from '../core/conversation-info.ts';
import { createKeyValue } from '../core/key-value.ts';
import { Conversations, type ConversationsPorts } from './conversations.svelte.ts';

const people = [
  { id: 'ana', name: 'Ana' },
  { id: 'ben', name: 'Ben' },
];
const conversation = (name: string): ConversationInfo =>
  ({ id: name.padEnd(22, '-'), isDirect: true, people, at: 1 }) as unknown as ConversationInfo;
const [one, two] = [conversation('one'), conversation('two')];
const message = (id: string, room: string, isRead = false): InboxEntry => ({ id, room, isRead, message: id, text: id }) as InboxEntry;

/** Ana's conversations, beside a relay that answers what the test sets. */
function setup(entries: InboxEntry[] = []) {
  const stored = new Map<string, string>();
  const facts = createKeyValue(() => ({
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => void stored.set(key, value),
    removeItem: (key) => void stored.delete(key),
  }));
  const relay = {
    list: { ok: true, value: [one, two] } as ApiAnswer<readonly ConversationInfo[]>,
    open: { ok: true, value: two } as ApiAnswer<ConversationInfo>,
    view: { ok: false, kind: 'unreachable' } as ApiAnswer<ConversationInfo>,
    add: { ok: false, kind: 'refused', code: 'person_not_found' } as ApiAnswer<ConversationInfo>,
    online: { ok: true, value: people } as ApiAnswer<typeof people>,
  };
  const world = { hasToken: true, leave: { ok: true, value: true } as ApiAnswer<true> };
  const calls: unknown[] = [];
  const room = {
    tell: (): void => undefined,
    signs: '',
    people: [] as string[],
    status: { kind: 'saved', waiting: 0 } as object,
  };
  const places: string[] = [];
  const marked: string[] = [];
  const ports = {
    api: {
      list: () => Promise.resolve(relay.list),
      open: (token: string, ids: readonly string[]) => (calls.push([token, ids]), Promise.resolve(relay.open)),
      leave: () => Promise.resolve(world.leave),
      view: (token: string, id: string) => (calls.push(['view', id]), Promise.resolve(relay.view)),
      add: (token: string, id: string, person: string) => (calls.push(['add', id, person]), Promise.resolve(relay.add)),
      online: () => Promise.resolve(relay.online),
    },
    account: { token: () => (world.hasToken ? Promise.resolve('token') : Promise.reject(new Error('no network'))) },
    facts,
    me: { id: 'ana' },
    history: () => () => Promise.resolve({ kind: 'unreachable' }),
    inbox: { entries, markRead: (...ids: string[]) => void marked.push(...ids) },
    openPlace({ id }: ConversationInfo) {
      const doc = new Y.Doc();
      places.push(`open ${id}`);
      const never = () => () => undefined;
      return {
        key: id,
        me: { id: 'ana', name: 'Ana' },
        open: () => openChat({ doc, userId: 'ana' }),
        whenSynced: new Promise(() => undefined),
        onReplaced: never,
        onProgress: never,
        onStatus: never,
        onWriters: (callback: () => void) => ((room.tell = callback), () => (room.tell = () => undefined)),
        strangers: () => room.signs,
        setPeople: (now: readonly { id: string }[]) => void (room.people = now.map((person) => person.id)),
        get status() {
          return room.status;
        },
        isKnown: () => true,
        announce: () => undefined,
        mayMark: () => true,
        isSynced: () => true,
        onSynced: never,
        refusedCount: () => 0,
        progress: () => ({ made: 0, settled: 0, waiting: 0, isOpen: true, hasAcks: true }),
        close: () => (places.push(`close ${id}`), Promise.resolve()),
      };
    },
  } as unknown as ConversationsPorts;
  return { create: () => new Conversations(ports), conversations: new Conversations(ports), relay, world, room, calls, places, marked };
}

it('the list is kept on the device, and says why it may be old', async () => {
  const { conversations, create, world, relay } = setup();
  await conversations.refresh();
  expect([conversations.list.length, conversations.failure, conversations.hasAnswer]).toEqual([2, '', true]);
  world.hasToken = false;
  const later = create();
  await later.refresh();
  expect(later.list.map(({ id }) => id)).toEqual([one.id, two.id]);
  expect([later.failure, later.hasAnswer]).toEqual([expect.stringMatching(/does not answer/), false]);
  world.hasToken = true;
  relay.list = { ok: false, kind: 'absent' };
  await later.refresh();
  expect([later.list.length, later.failure]).toEqual([2, 'This server has no conversations.']);
});

it('a conversation that is begun is opened, first in the list; another one takes its place, and one at a time is open', async () => {
  const { conversations, calls, places } = setup();
  await conversations.refresh();
  expect(await conversations.start(['ben'])).toBeNull();
  expect([calls, conversations.current?.info.id]).toEqual([[['token', ['ben']]], two.id]);
  expect(conversations.list.map(({ id }) => id)).toEqual([two.id, one.id]);
  expect(await conversations.show(one.id, 'm1')).toBeNull();
  expect(await conversations.show(one.id)).toBeNull();
  expect(places).toEqual([`open ${two.id}`, `close ${two.id}`, `open ${one.id}`]);
  conversations.hide();
  expect([conversations.current, places.at(-1)]).toEqual([null, `close ${one.id}`]);
});

it('one that this device does not know is looked up, and a stranger’s is not opened', async () => {
  const { conversations, places } = setup();
  expect(await conversations.show(one.id)).toBeNull();
  expect(await conversations.show('stranger')).toBe('You are not in this conversation any more.');
  expect(places).toEqual([`open ${one.id}`]);
});

it('a refusal opens nothing and has a sentence', async () => {
  const { conversations, relay, places } = setup();
  relay.open = { ok: false, kind: 'refused', code: 'person_not_found' };
  expect(await conversations.start(['dan'])).toMatch(/share a board/);
  expect(places).toEqual([]);
});

it('unread messages are counted by room, and read while their conversation is open', async () => {
  const { conversations, marked } = setup([message('a', one.id), message('b', one.id), message('c', one.id, true), message('d', two.id)]);
  await conversations.refresh();
  expect([conversations.unreadOf(one.id), conversations.unreadOf(two.id), conversations.lastOf(one.id)?.text]).toEqual([2, 1, 'a']);
  conversations.markRead();
  expect(marked).toEqual([]);
  await conversations.show(one.id);
  conversations.markRead();
  expect(marked).toEqual(['a', 'b']);
});

it('a conversation that was left, here or elsewhere, is closed and off the list; without an answer it stays', async () => {
  const { conversations, world, places } = setup();
  await conversations.refresh();
  await conversations.show(one.id);
  world.leave = { ok: false, kind: 'unreachable' };
  expect(await conversations.leave(one.id)).toMatch(/does not answer/);
  expect(conversations.list).toHaveLength(2);
  world.leave = { ok: false, kind: 'refused', code: 'conversation_not_found' };
  expect(await conversations.leave(one.id)).toBeNull();
  flushSync();
  expect([conversations.list.map(({ id }) => id), conversations.current, places.at(-1)]).toEqual([[two.id], null, `close ${one.id}`]);
});

it('I am not among the people whom I can write to', async () => {
  const { conversations, relay } = setup();
  expect(await conversations.online()).toEqual({ people: [people[1]], failure: '' });
  // That nobody is known says nothing of who is online.
  relay.online = { ok: false, kind: 'unreachable' };
  expect((await conversations.online()).failure).toMatch(/can’t say now/);
  relay.online = { ok: false, kind: 'refused', code: 'directory_off' };
  expect((await conversations.online()).failure).toMatch(/does not list/);
});

const cleo = { id: 'cleo', name: 'Cleo' };
const group = { ...one, isDirect: false };

it('people who are added, here or by another person, are named by a quiet line, once', async () => {
  vi.useFakeTimers();
  try {
    const { conversations, relay, room, calls } = setup();
    relay.list = { ok: true, value: [group] };
    relay.view = { ok: true, value: group };
    await conversations.refresh();
    await conversations.show(one.id);
    await vi.advanceTimersByTimeAsync(0);
    expect(conversations.current?.lines).toEqual([]);

    expect(await conversations.add(one.id, ['dan'])).toMatch(/share a board/);
    relay.add = { ok: true, value: { ...group, people: [...people, cleo] } };
    expect(await conversations.add(one.id, ['cleo'])).toBeNull();
    expect(calls.filter((call) => Array.isArray(call) && call[0] === 'add')).toEqual([
      ['add', one.id, 'dan'],
      ['add', one.id, 'cleo'],
    ]);
    expect(conversations.current?.lines.map(({ sentence }) => sentence)).toEqual(['Cleo was added.']);
    expect([room.people, conversations.list[0]?.people.length]).toEqual([['ana', 'ben', 'cleo'], 3]);

    // Somebody else’s page knows of other people: the server is asked, once for the same signs.
    relay.view = { ok: true, value: { ...group, people: [people[0] as (typeof people)[0], cleo] } };
    calls.length = 0;
    room.signs = '7 2';
    for (let n = 0; n < 5; n++) room.tell();
    await vi.advanceTimersByTimeAsync(10_000);
    room.tell();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(calls).toEqual([['view', one.id]]);
    expect(conversations.current?.lines.map(({ sentence }) => sentence)).toEqual(['Cleo was added.', 'Ben left.']);
  } finally {
    vi.useRealTimers();
  }
});

it('signs that change all the time ask the server once a second', async () => {
  vi.useFakeTimers();
  try {
    const { conversations, room, calls } = setup();
    await conversations.refresh();
    await conversations.show(one.id);
    calls.length = 0;
    for (let n = 0; n < 1_000; n++) {
      room.signs = `${n} x`;
      room.tell();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(calls.length).toBeLessThanOrEqual(10);
    conversations.hide();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(calls.length).toBeLessThanOrEqual(10);
  } finally {
    vi.useRealTimers();
  }
});

it('one that was left on another device goes from the list when it is opened here', async () => {
  const { conversations, relay } = setup();
  await conversations.refresh();
  relay.view = { ok: false, kind: 'refused', code: 'conversation_not_found' };
  await conversations.show(one.id);
  await vi.waitFor(() => expect(conversations.list.map(({ id }) => id)).toEqual([two.id]));
});

it('one that the server has ended takes no message and says why', async () => {
  const { conversations, room } = setup();
  await conversations.refresh();
  await conversations.show(one.id);
  expect([conversations.current?.isReadOnly, conversations.current?.sentence]).toEqual([false, '']);
  room.status = { kind: 'error', code: 'ROOM_ERASED', reason: '', refused: null, waiting: 0 };
  expect([conversations.current?.isReadOnly, conversations.current?.sentence]).toEqual([true, expect.stringMatching(/has ended/)]);
});

it('an answer that comes after another wish, or after the end, opens nothing', async () => {
  const { conversations, places } = setup();
  const slow = conversations.show(two.id);
  expect(await conversations.start(['ben'])).toBeNull();
  expect(await slow).toBeNull();
  expect(places).toEqual([`open ${two.id}`]);
  conversations.hide();
  places.length = 0;
  const late = [conversations.show('unknown'), conversations.start(['ben'])];
  conversations.close();
  expect(await Promise.all(late)).toEqual([null, null]);
  expect(await conversations.show(one.id)).toBeNull();
  expect([places, conversations.current]).toEqual([[], null]);
});
