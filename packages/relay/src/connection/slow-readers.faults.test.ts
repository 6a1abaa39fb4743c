/** Clients that read slowly or not at all, over real sockets. */

import { connect, type Socket } from 'node:net';
import { createChunkAssembler, decodeJoined, encodeAwareness } from '@wetink/protocol';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Bare, change, pause, stock, storedDoc, until } from '../testing/harness.ts';
import { relayTrial } from '../testing/relay-trial.ts';

const trial = relayTrial();
const { clients, enter, restart } = trial;

/** Completes the handshake, sends `frames` and then reads nothing until `resume()`. */
async function stalledReader(frames: Buffer[]): Promise<Socket> {
  const { hostname, port } = new URL(trial.relay.url);
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

describe('slow readers', () => {
  it('[RL25] a client that reads nothing holds at most 1 MB beyond the shared first sync, while others go on', async () => {
    const writer = await enter(1);
    const doc = new Y.Doc();
    writer.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set('big', new Uint8Array(6_000_000))) });
    await until(() => writer.of('ack').length === 1, 'ack');
    await stalledReader([syncStep1]);
    const heldBefore = trial.relay.relay.stats().heldBytes;
    const reader = await enter(2);
    for (let i = 0; i < 200; i++)
      writer.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set(`k${i}`, new Uint8Array(20_000).fill(i))) });
    await until(() => reader.of('update').length === 200, 'everyone else');
    const { heldBytes, closed } = trial.relay.relay.stats();
    expect(closed).toEqual({});
    expect(heldBytes - heldBefore).toBeLessThan(1024 * 1024);
  });

  it('[RL26] a client that fell behind gets one difference when it reads again, and then has everything', async () => {
    await restart({ limits: { softSendBytes: 100_000 } });
    const writer = await enter(1);
    const slow = stock(trial.relay.url, 'board');
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
    expect(trial.relay.relay.stats().heldBytes).toBeLessThan(1024 * 1024);
    tcp.resume();
    await until(() => slow.doc.getMap('m').size === 49 && !slow.doc.getMap('m').has('k7'), 'catch up');
    expect(Y.encodeStateVector(slow.doc)).toEqual(Y.encodeStateVector(await storedDoc(trial.store, 'board')));
    expect(slow.closes).toEqual([]);
    expect(messages).toBeLessThan(rounds);
  });

  it('[RL27] a client that takes no byte for too long is closed with 1013', async () => {
    await restart({ limits: { stallMs: 500 } });
    const writer = await enter(1);
    const doc = new Y.Doc();
    const stalled = await stalledReader([syncStep1]);
    for (let i = 0; i < 300; i++)
      writer.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set(`k${i}`, new Uint8Array(40_000).fill(i))) });
    await until(() => trial.relay.relay.stats().closed['slow_reader'] === 1, 'close');
    stalled.destroy();
    expect(writer.closed).toBe(null);
  });

  it('[RL25] a burst or one change far above the budget closes no client that reads, and is held once', async () => {
    const writer = await enter(1);
    const doc = new Y.Doc();
    const readers = [stock(trial.relay.url, 'board'), stock(trial.relay.url, 'board'), stock(trial.relay.url, 'board')];
    clients.push(...readers);
    await until(() => readers.every((reader) => reader.provider.synced), 'sync');
    await stalledReader([syncStep1]);
    for (let i = 0; i < 500; i++)
      writer.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set(`k${i}`, new Uint8Array(10_000).fill(i))) });
    for (let i = 0; i < 3; i++)
      writer.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set(`large${i}`, new Uint8Array(4_000_000).fill(i))) });
    await until(() => readers.every((reader) => reader.doc.getMap('m').size === 503), 'all changes');
    expect(readers.flatMap((reader) => reader.closes)).toEqual([]);
    expect(trial.relay.relay.stats()).toMatchObject({ closed: {}, connections: 5 });
    expect(trial.relay.relay.stats().heldBytes).toBeLessThan(1024 * 1024);
  });

  it('[RL27] a client that makes the relay answer more than it reads is closed with 1013', async () => {
    const writer = await enter(1);
    const state = JSON.stringify({ name: 'x'.repeat(6_000) });
    writer.send({ type: 'awareness', body: encodeAwareness([{ clientId: 1, clock: 1, state }]) });
    const greedy = await stalledReader(Array.from({ length: 3_000 }, () => clientFrame([3])));
    await until(() => trial.relay.relay.stats().closed['slow_reader'] === 1, 'close');
    expect(trial.relay.relay.stats().heldBytes).toBeLessThan(2 * 1024 * 1024);
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
    await until(() => trial.relay.relay.stats().closed['bad_update'] === 1, 'close');
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
    const { heldBytes } = trial.relay.relay.stats();
    expect(heldBytes).toBeLessThan(1024 * 1024);
  });

  it('[RL28] a client that reads, and asks 200 times in one go, does not get the document 200 times', async () => {
    const writer = await enter(1);
    writer.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('big', new Uint8Array(300_000))) });
    await until(() => writer.of('ack').length === 1, 'ack');
    const asker = await new Bare(trial.relay.url, 'board').opened();
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
    const joiners = Array.from({ length: 20 }, () => stock(trial.relay.url, 'board'));
    clients.push(...joiners);
    await until(() => joiners.every((joiner) => joiner.provider.synced), 'sync');
    for (const joiner of joiners) expect(joiner.doc.getMap('m').size).toBe(1);
    writer.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('tail', 1)) });
    await until(() => writer.of('ack').length === 2, 'ack');
    const late = stock(trial.relay.url, 'board');
    clients.push(late);
    await until(() => late.provider.synced, 'sync');
    expect(late.doc.getMap('m').size).toBe(2);
  });
});
