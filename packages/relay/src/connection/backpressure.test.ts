/** Readers that do not read, readers that fall behind, and drain. */

import { connect, type Socket } from 'node:net';
import { createChunkAssembler, decodeJoined, encodeAwareness } from '@wetink/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Bare, change, joined, pause, startRelay, stock, storedDoc, until, type TestRelay } from '../testing/harness.ts';
import { faultyStore, type FaultyStore } from '../testing/faulty-store.ts';
import { Outbox, type ByteSink } from '../framing/outbox.ts';
import type { RelayLimits } from '../limits/limits.ts';

let relay: TestRelay;
let store: FaultyStore;
let clients: { close(): void }[];

beforeEach(async () => {
  clients = [];
  store = faultyStore();
  relay = await startRelay({ store });
});

afterEach(async () => {
  for (const client of clients) client.close();
  store.held.append = false;
  await relay.close();
});

async function restart(limits: Partial<RelayLimits>): Promise<void> {
  await relay.close();
  relay = await startRelay({ store, limits });
}

async function enter(clientId: number): Promise<Bare> {
  const bare = await joined(relay.url, 'board', clientId);
  clients.push(bare);
  return bare;
}

/** Completes the handshake, sends `frames` and then reads nothing until `resume()`. */
async function stalledReader(frames: Buffer[]): Promise<Socket> {
  const { hostname, port } = new URL(relay.url);
  const socket = connect(Number(port), hostname);
  clients.push({ close: () => socket.destroy() });
  socket.on('error', () => undefined); // a reset is one of the outcomes
  socket.write(
    'GET /board HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  await new Promise((resolve) => socket.once('readable', resolve));
  for (const frame of frames) socket.write(frame);
  return socket;
}

/** A masked client frame with an all-zero mask. */
function clientFrame(payload: number[]): Buffer {
  return Buffer.from([0x82, 0x80 | payload.length, 0, 0, 0, 0, ...payload]);
}

const syncStep1 = clientFrame([0, 0, 1, 0]);

/** A socket that takes everything and drains on command. */
function sink(): ByteSink & { written: Buffer[]; drain(): void } {
  const listeners: (() => void)[] = [];
  const written: Buffer[] = [];
  return {
    written,
    writableLength: 0,
    writable: true,
    write(bytes) {
      written.push(bytes);
      (this as { writableLength: number }).writableLength += bytes.length;
      return false;
    },
    on: (_event, listener) => listeners.push(listener),
    drain() {
      (this as { writableLength: number }).writableLength = 0;
      for (const listener of listeners) listener();
    },
  };
}

describe('slow readers', () => {
  it('[RL25] a client that reads nothing holds at most 1 MB beyond the shared first sync, while others go on', async () => {
    const writer = await enter(1);
    const doc = new Y.Doc();
    writer.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set('big', new Uint8Array(6_000_000))) });
    await until(() => writer.of('ack').length === 1, 'ack');
    await stalledReader([syncStep1]);
    const heldBefore = relay.relay.stats().heldBytes;
    const reader = await enter(2);
    for (let i = 0; i < 200; i++)
      writer.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set(`k${i}`, new Uint8Array(20_000).fill(i))) });
    await until(() => reader.of('update').length === 200, 'everyone else');
    const { heldBytes, closed } = relay.relay.stats();
    expect(closed).toEqual({});
    expect(heldBytes - heldBefore).toBeLessThan(1024 * 1024);
  });

  it('[RL26] a client that fell behind gets one difference when it reads again, and then has everything', async () => {
    await restart({ softSendBytes: 100_000 });
    const writer = await enter(1);
    const slow = stock(relay.url, 'board');
    clients.push(slow);
    await until(() => slow.provider.synced, 'sync');
    const tcp = (slow.provider.ws as unknown as { _socket: Socket })._socket;
    tcp.pause();
    const doc = new Y.Doc();
    const rounds = 300;
    for (let i = 0; i < rounds; i++) {
      writer.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set(`k${i % 50}`, new Uint8Array(30_000).fill(i))) });
      if (i % 10 === 0) await pause(1);
    }
    writer.send({ type: 'update', update: change(doc, (d) => d.getMap('m').delete('k7')) });
    await until(() => writer.of('ack').at(-1)?.count === rounds + 1, 'acks');
    let messages = 0;
    slow.provider.ws?.addEventListener('message', () => (messages += 1));
    expect(relay.relay.stats().heldBytes).toBeLessThan(1024 * 1024);
    tcp.resume();
    await until(() => slow.doc.getMap('m').size === 49 && !slow.doc.getMap('m').has('k7'), 'catch up');
    expect(Y.encodeStateVector(slow.doc)).toEqual(Y.encodeStateVector(await storedDoc(store, 'board')));
    expect(slow.closes).toEqual([]);
    expect(messages).toBeLessThan(rounds);
  });

  it('[RL27] a client that takes no byte for too long is closed with 1013', async () => {
    await restart({ stallMs: 500 });
    const writer = await enter(1);
    const doc = new Y.Doc();
    const stalled = await stalledReader([syncStep1]);
    for (let i = 0; i < 300; i++)
      writer.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set(`k${i}`, new Uint8Array(40_000).fill(i))) });
    await until(() => relay.relay.stats().closed['slow_reader'] === 1, 'close');
    stalled.destroy();
    expect(writer.closed).toBe(null);
  });

  it('[RL25] a burst or one change far above the budget closes no client that reads, and is held once', async () => {
    const writer = await enter(1);
    const doc = new Y.Doc();
    const readers = [stock(relay.url, 'board'), stock(relay.url, 'board'), stock(relay.url, 'board')];
    clients.push(...readers);
    await until(() => readers.every((reader) => reader.provider.synced), 'sync');
    await stalledReader([syncStep1]);
    for (let i = 0; i < 500; i++)
      writer.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set(`k${i}`, new Uint8Array(10_000).fill(i))) });
    for (let i = 0; i < 3; i++)
      writer.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set(`large${i}`, new Uint8Array(4_000_000).fill(i))) });
    await until(() => readers.every((reader) => reader.doc.getMap('m').size === 503), 'all changes');
    expect(readers.flatMap((reader) => reader.closes)).toEqual([]);
    expect(relay.relay.stats()).toMatchObject({ closed: {}, connections: 5 });
    expect(relay.relay.stats().heldBytes).toBeLessThan(1024 * 1024);
  });

  it('[RL27] a client that makes the relay answer more than it reads is closed with 1013', async () => {
    const writer = await enter(1);
    const state = JSON.stringify({ name: 'x'.repeat(6_000) });
    writer.send({ type: 'awareness', body: encodeAwareness([{ clientId: 1, clock: 1, state }]) });
    const greedy = await stalledReader(Array.from({ length: 3_000 }, () => clientFrame([3])));
    await until(() => relay.relay.stats().closed['slow_reader'] === 1, 'close');
    expect(relay.relay.stats().heldBytes).toBeLessThan(2 * 1024 * 1024);
    greedy.destroy();
    expect(writer.closed).toBe(null);
  });

  it('[RL26] changes made during a chunked first sync follow it as one difference', async () => {
    const writer = await enter(1);
    const doc = new Y.Doc();
    writer.send(
      { type: 'update', update: change(doc, (d) => d.getMap('m').set('big', new Uint8Array(12_000_000))) },
      { type: 'query-awareness' },
    );
    await until(() => writer.of('ack').length === 1, 'ack');
    const joiner = await enter(2);
    joiner.ws.pause();
    joiner.send({ type: 'sync-step-1', stateVector: new Uint8Array([0]) });
    await pause(100);
    for (let i = 0; i < 100; i++) writer.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set(`k${i}`, i)) });
    await until(() => writer.of('ack').at(-1)?.count === 101, 'acks');
    joiner.ws.resume();
    await until(() => joiner.of('update').length > 0, 'difference');
    expect(joiner.received.map((message) => message.type).lastIndexOf('chunk')).toBeLessThan(
      joiner.received.findIndex((message) => message.type === 'update'),
    );
    const seen = new Y.Doc();
    for (const { update } of joiner.of('update')) Y.applyUpdate(seen, update);
    expect([joiner.of('update').length, seen.getMap('m').get('k99') ?? 'pending']).toEqual([1, 'pending']);
    const assembler = createChunkAssembler({ maxMessageBytes: 20_000_000, maxOpen: 1 });
    for (const chunk of joiner.of('chunk')) {
      const whole = assembler.push(chunk);
      const message = whole === null ? null : decodeJoined(whole);
      if (message?.type === 'sync-step-2') Y.applyUpdate(seen, message.update);
    }
    expect(seen.getMap('m').size).toBe(101);
  });

  it('[RL43] a client that is behind still learns what was refused before it is closed', async () => {
    const writer = await enter(1);
    writer.send({ type: 'update', update: change(new Y.Doc(), (doc) => doc.getMap('m').set('big', new Uint8Array(12_000_000))) });
    await until(() => writer.of('ack').length === 1, 'ack');
    const behind = await enter(2);
    behind.ws.pause();
    behind.send({ type: 'sync-step-1', stateVector: new Uint8Array([0]) });
    await pause(100);
    behind.send({ type: 'update', update: new Uint8Array([1, 2, 3, 4]) });
    await until(() => relay.relay.stats().closed['bad_update'] === 1, 'close');
    behind.ws.resume();
    await until(() => behind.closed !== null, 'close');
    expect(behind.of('refused')).toEqual([{ type: 'refused', count: 1, code: 'BAD_UPDATE' }]);
    expect(behind.closed?.code).toBe(4422);
    const bytes = behind.frames.reduce((sum, frame) => sum + frame.length, 0);
    expect(bytes).toBeLessThan(12_000_000);
  });

  it('[RL28] a client that asks again and again while behind gets one answer', async () => {
    const writer = await enter(1);
    writer.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('big', new Uint8Array(3_000_000))) });
    await until(() => writer.of('ack').length === 1, 'ack');
    await stalledReader(Array.from({ length: 300 }, () => syncStep1));
    await pause(200);
    const { heldBytes } = relay.relay.stats();
    expect(heldBytes).toBeLessThan(1024 * 1024);
  });

  it('[RL28] a client that reads, and asks 200 times in one go, does not get the document 200 times', async () => {
    const writer = await enter(1);
    writer.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('big', new Uint8Array(300_000))) });
    await until(() => writer.of('ack').length === 1, 'ack');
    const asker = await new Bare(relay.url, 'board').opened();
    clients.push(asker);
    await until(() => asker.of('sync-step-1').length === 1, 'greeting');
    for (let i = 0; i < 200; i++) asker.send({ type: 'sync-step-1', stateVector: Uint8Array.of(0) });
    await until(() => asker.of('sync-step-2').length > 0, 'an answer');
    let pongs = 0;
    asker.ws.on('pong', () => (pongs += 1));
    asker.ws.ping();
    await until(() => pongs === 1, 'pong');
    await pause(100);
    expect(asker.of('sync-step-2').length).toBeLessThan(50);
  });

  it('[RL29] the whole document is encoded once for all members that join', async () => {
    const writer = await enter(1);
    writer.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('big', new Uint8Array(2_000_000))) });
    await until(() => writer.of('ack').length === 1, 'ack');
    const joiners = Array.from({ length: 20 }, () => stock(relay.url, 'board'));
    clients.push(...joiners);
    await until(() => joiners.every((joiner) => joiner.provider.synced), 'sync');
    for (const joiner of joiners) expect(joiner.doc.getMap('m').size).toBe(1);
    writer.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('tail', 1)) });
    await until(() => writer.of('ack').length === 2, 'ack');
    const late = stock(relay.url, 'board');
    clients.push(late);
    await until(() => late.provider.synced, 'sync');
    expect(late.doc.getMap('m').size).toBe(2);
  });
});

describe('outbox', () => {
  const own = { isShared: false, isBulk: false };

  it('[RL23] bulk gives way to everything else, and each keeps its order', () => {
    const socket = sink();
    const outbox = new Outbox(socket, 10, () => undefined);
    outbox.push([Buffer.alloc(10, 1)], own);
    outbox.push([Buffer.alloc(10, 2), Buffer.alloc(10, 3)], { isShared: true, isBulk: true });
    outbox.push([Buffer.alloc(10, 4)], own);
    expect(outbox.hasBulk).toBe(true);
    for (let i = 0; i < 4; i++) socket.drain();
    expect(socket.written.map((bytes) => bytes[0])).toEqual([1, 4, 2, 3]);
    expect([outbox.hasBulk, outbox.isEmpty]).toEqual([false, true]);
  });

  it('[RL25] an outbox counts its own bytes but not shared ones, and closing frees both', () => {
    const socket = sink();
    const outbox = new Outbox(socket, 10, () => undefined);
    outbox.push([Buffer.alloc(10)], own);
    outbox.push([Buffer.alloc(1_000)], { isShared: true, isBulk: false });
    expect(outbox.heldBytes).toBe(10);
    outbox.push([Buffer.alloc(500)], own);
    expect(outbox.heldBytes).toBe(510);
    outbox.close();
    expect(outbox.heldBytes).toBe(10);
    socket.drain();
    expect(socket.written).toHaveLength(1);
  });
});

describe('an outbox that is closed', () => {
  const control = { isShared: false, isBulk: false, isControl: true };
  const data = { isShared: false, isBulk: false };

  it('[RL43] a closed outbox hands over its control frames, in order, and drops the rest', () => {
    const socket = sink();
    const outbox = new Outbox(socket, 10, () => undefined);
    outbox.push([Buffer.alloc(10, 1)], data);
    outbox.push([Buffer.alloc(10, 2)], control);
    outbox.push([Buffer.alloc(10, 3)], data);
    outbox.push([Buffer.alloc(10, 4)], { isShared: true, isBulk: true });
    outbox.push([Buffer.alloc(10, 5)], control);
    outbox.close();
    expect(socket.written.map((bytes) => bytes[0])).toEqual([1, 2, 5]);
    socket.drain();
    outbox.push([Buffer.alloc(10, 6)], control);
    expect(socket.written).toHaveLength(3);
  });

  it('[RL43] a closed outbox hands over at most the newest 64 KiB, and nothing to a socket that is gone', () => {
    const socket = sink();
    const outbox = new Outbox(socket, 10, () => undefined);
    outbox.push([Buffer.alloc(10, 1)], data);
    for (let i = 2; i < 10; i++) outbox.push([Buffer.alloc(20_000, i)], control);
    outbox.close();
    expect(socket.written.map((bytes) => bytes[0])).toEqual([1, 7, 8, 9]);

    const gone = sink();
    const other = new Outbox(gone, 10, () => undefined);
    other.push([Buffer.alloc(10, 1)], data);
    other.push([Buffer.alloc(10, 2)], control);
    Object.assign(gone, { writable: false });
    other.close();
    expect(gone.written).toHaveLength(1);
  });
});

it('[RL25] a socketBytes below the high-water mark of the socket stalls no client: the outbox waits only for a drain that will come', () => {
  const socket = sink();
  // Like net.Socket: below its high-water mark it returns true and emits no drain afterwards.
  const take = socket.write.bind(socket);
  socket.write = (bytes) => (take(bytes), socket.writableLength < 100);
  const outbox = new Outbox(socket, 10, () => undefined);
  const pieces = Array.from({ length: 8 }, (_, n) => Buffer.alloc(20, n));
  for (const bytes of pieces) outbox.push([bytes], { isShared: false, isBulk: false });
  expect([socket.written.length, outbox.isWaiting]).toEqual([5, true]);
  socket.drain();
  expect(socket.written.map((bytes) => bytes[0])).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(outbox.isWaiting).toBe(false);
});

describe('drain', () => {
  it('[RL60] a draining relay takes no new sockets, closes all clients with 1012, and makes everything durable', async () => {
    await restart({ drainSpreadMs: 60 });
    const ana = await enter(1);
    const base = stock(relay.url, 'board');
    clients.push(base);
    await until(() => base.provider.synced, 'sync');
    store.held.append = true;
    ana.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('last', 1)) });
    await until(() => store.calls.append > 0, 'append');
    const drained = relay.relay.drain({ deadlineMs: 5_000 });
    expect(relay.relay.isReady).toBe(false);
    await until(() => ana.closed !== null && base.closes.length > 0, 'closes');
    expect([ana.closed?.code, base.closes[0]?.code]).toEqual([1012, 1012]);
    expect(ana.of('reconnect')).toHaveLength(1);
    const late = new Bare(relay.url, 'board');
    await until(() => late.error !== null, 'refusal');
    expect(late.error?.message).toContain('503');
    store.held.append = false;
    expect(await drained).toEqual({ unsavedBytes: 0 });
    expect((await storedDoc(store, 'board')).getMap('m').toJSON()).toEqual({ last: 1 });
    base.provider.disconnect();
  });

  it('[RL60] a room that was about to unload still saves its waiting changes in a drain', async () => {
    await restart({ drainSpreadMs: 0, unloadDelayMs: 0 });
    const ana = await enter(1);
    store.held.append = true;
    ana.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('last', 1)) });
    await until(() => store.calls.append > 0, 'append');
    ana.close();
    await pause(30);
    const drained = relay.relay.drain({ deadlineMs: 5_000 });
    store.held.append = false;
    expect(await drained).toEqual({ unsavedBytes: 0 });
    expect((await storedDoc(store, 'board')).getMap('m').toJSON()).toEqual({ last: 1 });
  });

  it('[RL61] the drain deadline holds when the store hangs, and the unsaved bytes are reported', async () => {
    await restart({ drainSpreadMs: 0 });
    const ana = await enter(1);
    store.held.append = true;
    ana.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('last', 1)) });
    await until(() => store.calls.append > 0, 'append');
    const { unsavedBytes } = await relay.relay.drain({ deadlineMs: 100 });
    expect(unsavedBytes).toBeGreaterThan(0);
    expect(ana.of('ack')).toEqual([]);
  });
});
