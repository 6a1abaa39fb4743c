import { dropMoved, openChat, type Chat } from '@wetink/board';
import { flushSync } from 'svelte';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Progress } from '../core/delivery.ts';
import { createKeyValue } from '../core/key-value.ts';
import { Listeners } from '../session/listeners.ts';
import { ChatState, type ChatPlace } from './chat.svelte.ts';
import { olderChatOver } from './own-older-chat.ts';

/** Ana's chat in a room that says what the test sets. */
function setup() {
  const stored = new Map<string, string>();
  const facts = createKeyValue(() => ({
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => void stored.set(key, value),
    removeItem: (key) => void stored.delete(key),
  }));
  const room = { doc: new Y.Doc(), mayMark: false, named: [] as string[], nowMs: 1_000 };
  let progress: Progress = { made: 0, settled: 0, waiting: 0, isOpen: true, hasAcks: true };
  const [replaced, progressed] = [new Listeners<[]>(), new Listeners<[]>()];
  const place: ChatPlace = {
    key: 'board',
    me: { id: 'ana', name: 'Ana' },
    open: () => openChat({ doc: room.doc, userId: 'ana', now: () => room.nowMs }),
    onReplaced: (callback) => replaced.add(callback),
    whenSynced: Promise.resolve(),
    announce: () => undefined,
    mayMark: () => room.mayMark,
    progress: () => progress,
    onProgress: (callback) => progressed.add(callback),
    people: () => [],
    nameOf: (id) => (room.named.push(id), id.toUpperCase()),
    views: null,
  };
  const chat = new ChatState(place, facts);
  const settle = async (): Promise<void> => {
    await Promise.resolve();
    await Promise.resolve();
    flushSync();
  };
  return {
    chat,
    room,
    settle,
    as: (userId: string): Chat => openChat({ doc: room.doc, userId, now: () => room.nowMs }),
    say: (patch: Partial<Progress>): void => {
      progress = { ...progress, ...patch };
      progressed.tell();
    },
    /** As a room does whose document was refused: all changes count as settled, and then there is another document. */
    refuse: (doc = new Y.Doc()): void => {
      progress = { ...progress, settled: progress.made, waiting: 0 };
      progressed.tell();
      room.doc = doc;
      replaced.tell();
    },
    sent: () => chat.messages.filter((message) => chat.isMine(message)),
  };
}

it('of a thousand readers three are named, and only for a line that is shown', async () => {
  const { chat, room, say, settle, sent } = setup();
  for (let n = 0; n < 20; n++) chat.send(`n${n}`);
  const newest = sent().at(-1)!;
  const marks = room.doc.getMap('marks');
  room.doc.transact(() => {
    for (let n = 0; n < 1_000; n++) marks.set(`seen/u${n}`, [5_000, newest.id]);
  });
  for (const message of sent()) expect(chat.deliveryOf(message)).not.toBe('waiting');
  expect(room.named).toEqual([]);
  say({ made: 1, settled: 1 });
  await settle();
  expect(chat.deliveryLine(newest)).toEqual({ sentence: 'Seen by U0, U1, U2 and 997 more', isSeen: true });
  expect(room.named).toEqual(['u0', 'u1', 'u2']);
});

it('progress that changes nothing on the screen wakes no listener', async () => {
  const { chat, room, say, settle, sent } = setup();
  let told = 0;
  const stop = $effect.root(() => {
    $effect(() => {
      void chat.messages;
      told += 1;
    });
  });
  flushSync();
  chat.send('hello');
  await settle();
  told = 0;
  for (let made = 1; made < 50; made++) {
    say({ made, waiting: made });
    await settle();
  }
  expect(told).toBe(0);
  say({ settled: 1, waiting: 48 });
  await settle();
  expect([told, chat.deliveryOf(sent()[0]!)]).toEqual([1, 'saved']);
  say({ isOpen: false });
  await settle();
  room.mayMark = true;
  say({});
  await settle();
  expect(told).toBe(3);
  stop();
});

it('a message that I change is saved when the change is, and one that stays as it was is not sent again', async () => {
  const { chat, say, settle, sent } = setup();
  chat.send('helo');
  say({ made: 1, settled: 1 });
  await settle();
  const [message] = sent();
  expect(chat.deliveryOf(message!)).toBe('saved');
  expect(chat.edit(message!.id, 'helo', [])).toBeNull();
  expect(chat.deliveryOf(message!)).toBe('saved');
  chat.edit(message!.id, 'hello', []);
  expect(chat.deliveryOf(message!)).toBe('sending');
  say({ made: 2, waiting: 1 });
  await settle();
  expect(chat.deliveryOf(message!)).toBe('sending');
  say({ settled: 2, waiting: 0 });
  await settle();
  expect(chat.deliveryOf(message!)).toBe('saved');
});

it('a reader who saw a message before I changed it has not seen what it says now', async () => {
  const { chat, room, say, settle, as, sent } = setup();
  chat.send('helo');
  say({ made: 1, settled: 1 });
  await settle();
  as('ben').markRead();
  expect(chat.deliveryLine(sent()[0]!).sentence).toBe('Seen by BEN');
  room.nowMs += 5_000;
  chat.edit(sent()[0]!.id, 'hello', []);
  say({ made: 2, settled: 2 });
  await settle();
  expect(chat.deliveryLine(sent()[0]!)).toEqual({ sentence: 'Saved', isSeen: false });
  as('cy').markRead();
  expect(chat.deliveryLine(sent()[0]!).sentence).toBe('Seen by CY');
});

it('a message that the server refused is not called saved, unless it sends it after all', async () => {
  const { chat, room, say, refuse, settle, sent } = setup();
  chat.send('taken');
  chat.send('refused');
  say({ made: 2, waiting: 2 });
  await settle();
  const [taken, refused] = sent();
  const there = new Y.Doc();
  refuse(there);
  await settle();
  expect([taken!, refused!].map((message) => chat.deliveryOf(message))).toEqual(['refused', 'refused']);
  there.getArray('chat').push([{ i: taken!.id, u: 'ana', n: 'Ana', t: 'taken', d: 5 }]);
  expect([taken!, refused!].map((message) => chat.deliveryOf(message))).toEqual(['saved', 'refused']);
  expect(room.doc).toBe(there);
});

it('components hear of it when messages have moved to the history', () => {
  const { chat, room, as } = setup();
  const older = olderChatOver({ chat, doc: () => room.doc }, () => Promise.resolve({ kind: 'unreachable' }));
  const shown: boolean[] = [];
  const stop = $effect.root(() => {
    $effect(() => void shown.push(older.hasMore()));
  });
  flushSync();
  const server = new Y.Doc();
  Y.applyUpdate(server, Y.encodeStateAsUpdate(room.doc));
  const ids = ['a', 'b'].map((text) => openChat({ doc: server, userId: 'ben' }).send(text, 'Ben'));
  dropMoved(server, 0, [{ id: ids[0]!, isSettled: false }]);
  Y.applyUpdate(room.doc, Y.encodeStateAsUpdate(server));
  flushSync();
  expect([shown, as('ana').messages().length]).toEqual([[false, true], 1]);
  stop();
});
