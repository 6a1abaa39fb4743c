import { openChat, type ChatMessage } from '@wetink/board';
import { flushSync } from 'svelte';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { createKeyValue } from '../core/key-value.ts';
import { Listeners } from '../session/listeners.ts';
import { ChatState, type ChatPlace } from './chat.svelte.ts';
import { RefusedWords, type RefusedWordsOptions } from './refused-words.svelte.ts';

/** Ana's page of a conversation, whose document the server may refuse. */
function setup({ code = 'DOCUMENT_TOO_LARGE', me = 'ana' } = {}) {
  const server = new Y.Doc();
  const room = {
    doc: new Y.Doc(),
    isSynced: true,
    kept: [] as { id: string; update: Uint8Array }[],
    discarded: [] as string[],
    isGone: (_: string) => false,
    fails: null as 'list' | 'discard' | null,
    /** What the history says of a message; it has none that is not in it. */
    history: new Map<string, readonly ChatMessage[]>(),
    canAsk: true,
    timers: [] as (() => void)[],
  };
  const [replaced, synced, status] = [new Listeners<[]>(), new Listeners<[]>(), new Listeners<[]>()];
  const place: ChatPlace & RefusedWordsOptions['place'] = {
    key: 'talk',
    me: { id: me, name: 'Ana' },
    open: () => openChat({ doc: room.doc, userId: me }),
    doc: () => room.doc,
    onReplaced: (callback) => replaced.add(callback),
    whenSynced: Promise.resolve(),
    announce: () => undefined,
    mayMark: () => true,
    progress: () => ({ made: 0, settled: 0, waiting: 0, isOpen: true, hasAcks: true }),
    onProgress: (callback) => status.add(callback),
    people: () => [],
    nameOf: () => null,
    views: null,
    isSynced: () => room.isSynced,
    onSynced: (callback) => synced.add(callback),
    onStatus: (callback) => status.add(callback),
    refusedCount: () => room.kept.length,
    keptCopies: () =>
      room.fails === 'list'
        ? Promise.reject(new Error('no device'))
        : Promise.resolve(
            room.kept.map(({ id, update }) => ({
              id,
              at: 1,
              changes: 1,
              code: code as 'DOCUMENT_TOO_LARGE',
              onDevice: true,
              load: () => (room.isGone(id) ? Promise.reject(new RangeError('no such copy')) : Promise.resolve(update)),
              discard: () => {
                if (room.fails === 'discard') return Promise.reject(new Error('no device'));
                room.discarded.push(id);
                room.kept = room.kept.filter((one) => one.id !== id);
                return Promise.resolve();
              },
            })),
          ),
  };
  const facts = createKeyValue(() => ({ getItem: () => null, setItem: () => undefined, removeItem: () => undefined }));
  const chat = new ChatState(place, facts);
  const open = (): RefusedWords =>
    new RefusedWords({
      place,
      chat,
      history: (before) => {
        const messages = room.history.get(before);
        if (!room.canAsk) return Promise.resolve({ kind: 'unreachable' });
        return Promise.resolve(messages === undefined ? { kind: 'unknown' } : { kind: 'page', messages });
      },
      schedule: (run) => (room.timers.push(run), () => undefined),
    });
  const refused = open();
  const settle = async (): Promise<void> => {
    for (let n = 0; n < 40; n++) await Promise.resolve();
    flushSync();
  };
  return {
    server,
    room,
    chat,
    refused,
    open,
    settle,
    save: () => Y.applyUpdate(server, Y.encodeStateAsUpdate(room.doc)),
    async refuse() {
      room.kept.push({ id: `k${room.kept.length}`, update: Y.encodeStateAsUpdate(room.doc) });
      room.doc = new Y.Doc();
      room.isSynced = false;
      replaced.tell();
      status.tell();
      await settle();
    },
    async sync() {
      Y.applyUpdate(room.doc, Y.encodeStateAsUpdate(server));
      room.isSynced = true;
      synced.tell();
      await settle();
    },
    texts: () => refused.words.map(({ text }) => text),
  };
}

it('words that the server refused stay in view with the reason, and are sent again', async () => {
  const { chat, refused, room, settle, save, refuse, sync, texts } = setup();
  await settle();
  expect(refused.sentence).toBe('');
  chat.send('taken');
  save();
  chat.send('one');
  chat.send('two');
  await refuse();
  expect([refused.sentence, texts()]).toEqual([
    expect.stringMatching(/^The last that was written here on this device was not sent: this conversation is full/),
    [],
  ]);
  await sync();
  expect([refused.sentence, texts()]).toEqual([expect.stringMatching(/^2 messages were not sent/), ['one', 'two']]);
  expect(await refused.sendAgain()).toBeNull();
  await settle();
  expect(chat.messages.map(({ text }) => text)).toEqual(['taken', 'one', 'two']);
  expect([refused.sentence, texts(), room.discarded]).toEqual(['', [], ['k0']]);
  expect(chat.messages.map((message) => chat.deliveryOf(message))).toEqual(['saved', 'sending', 'sending']);
});

it('a change of a message is refused like a message, and made again', async () => {
  const { chat, refused, save, refuse, sync, texts } = setup();
  chat.send('helo');
  save();
  chat.edit(chat.messages[0]!.id, 'hello', []);
  await refuse();
  await sync();
  expect([chat.messages[0]?.text, texts()]).toEqual(['helo', ['hello']]);
  await refused.sendAgain();
  expect(chat.messages.map(({ text }) => text)).toEqual(['hello']);
});

it('discarded words are gone, and those of the next copy are shown', async () => {
  const { chat, refused, room, settle, refuse, sync, texts } = setup({ code: 'MALFORMED' });
  chat.send('one');
  await refuse();
  chat.send('two');
  await refuse();
  await sync();
  expect(texts()).toEqual(['one']);
  await refused.discard();
  await settle();
  expect([texts(), room.discarded]).toEqual([['two'], ['k0']]);
  await refused.discard();
  expect([refused.sentence, texts(), chat.messages]).toEqual(['', [], []]);
});

it('a copy without words of mine, as of a read mark, is discarded once the server has sent what it has', async () => {
  const { chat, refused, room, server, refuse, sync } = setup();
  openChat({ doc: server, userId: 'ben' }).send('hello', 'Ben');
  await sync();
  chat.markRead();
  await refuse();
  expect(room.discarded).toEqual([]);
  await sync();
  expect([refused.sentence, room.discarded]).toEqual(['', ['k0']]);
});

it('a copy that another tab discards meanwhile is passed over', async () => {
  const { chat, refused, room, open, refuse, sync, texts } = setup();
  chat.send('one');
  await refuse();
  chat.send('two');
  room.isGone = (id) => id === 'k0';
  refused.close();
  const again = open();
  await refuse();
  await sync();
  expect(again.words.map(({ text }) => text)).toEqual(['two']);
  expect(texts()).toEqual([]);
});

it('a conversation that is closed shows no more', async () => {
  const { chat, refused, room, settle, refuse, sync, texts } = setup();
  chat.send('one');
  await refuse();
  await sync();
  expect(texts()).toEqual(['one']);
  refused.close();
  refused.close();
  await settle();
  expect([refused.sentence, texts(), room.discarded]).toEqual(['', [], []]);
});

it('words of another person of this browser are neither shown nor discarded', async () => {
  const { refused, room, refuse, sync, texts } = setup({ me: 'ben' });
  openChat({ doc: room.doc, userId: 'ana' }).send('of Ana', 'Ana');
  await refuse();
  await sync();
  expect([refused.sentence, texts(), room.discarded, room.kept.length]).toEqual(['', [], [], 1]);
});

it('words that never left the device stay in view after as many messages have moved to the history', async () => {
  const { chat, refused, room, server, settle, save, refuse, sync, texts } = setup();
  chat.send('saved, and moved since');
  const [moved] = chat.messages;
  save();
  chat.send('written on a train');
  await refuse();
  server.getArray('chat').delete(0, 1);
  server.getMap('meta').set('moved', 40);
  openChat({ doc: server, userId: 'ben' }).send('weeks later', 'Ben');
  room.history.set(moved!.id, []);
  room.canAsk = false;
  await sync();
  // It is not known yet which of them are in the history.
  expect([refused.sentence, texts(), room.discarded]).toEqual([expect.stringContaining('once the server says what it has'), [], []]);
  room.canAsk = true;
  room.timers.at(-1)?.();
  await settle();
  expect([refused.sentence, texts()]).toEqual([expect.stringMatching(/^1 message was not sent/), ['written on a train']]);
});

it('an edit of a message that moved to the history since is not lost', async () => {
  const { chat, room, server, save, refuse, sync, texts } = setup();
  chat.send('helo');
  chat.send('and more');
  const [first, second] = chat.messages;
  save();
  chat.edit(first!.id, 'hello', []);
  await refuse();
  server.getArray('chat').delete(0, 2);
  server.getMap('meta').set('moved', 2);
  room.history.set(second!.id, [first!]);
  await sync();
  expect(texts()).toEqual(['hello']);
});

it('a device that fails once says so, and is read again; words that it does not let go of stay', async () => {
  const { chat, refused, room, settle, refuse, sync, texts } = setup();
  chat.send('one');
  room.fails = 'list';
  await refuse();
  await sync();
  expect([refused.sentence, texts()]).toEqual([expect.stringMatching(/can’t be read now/), []]);
  room.fails = 'discard';
  room.timers.at(-1)?.();
  await settle();
  expect(texts()).toEqual(['one']);
  expect(await refused.discard()).toMatch(/did not let go/);
  expect(texts()).toEqual(['one']);
  room.fails = null;
  expect(await refused.discard()).toBeNull();
  expect([refused.sentence, texts(), room.discarded]).toEqual(['', [], ['k0']]);
});
