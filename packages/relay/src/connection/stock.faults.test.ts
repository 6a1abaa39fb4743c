/** Stock clients over a long time, and as tabs. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { WebSocket } from 'ws';
import { Bare, pause, startRelay, stock, storedDoc, until, type Stock, type TestRelay } from '../testing/harness.ts';

/** The clock and timers of all modules, also of y-websocket, which keeps the `Date.now` it finds when it is loaded. */
const clock = vi.hoisted(() => {
  const { now } = Date;
  const { setTimeout: once, setInterval: often } = globalThis;
  let speed = 1;
  let [setAtMs, stoodAtMs] = [now(), now()];
  Date.now = () => stoodAtMs + (now() - setAtMs) * speed;
  globalThis.setTimeout = ((fn: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    once(fn, ms / speed, ...args)) as typeof setTimeout;
  globalThis.setInterval = ((fn: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    often(fn, ms / speed, ...args)) as typeof setInterval;
  return {
    runAt(next: number): void {
      [stoodAtMs, setAtMs] = [Date.now(), now()];
      speed = next;
    },
  };
});

let relay: TestRelay;
let clients: { close(): void }[];

beforeEach(async () => {
  relay = await startRelay();
  clients = [];
});

afterEach(async () => {
  clock.runAt(1);
  for (const client of clients) client.close();
  await relay.close();
});

function join(doc = new Y.Doc(), { disableBc } = { disableBc: true }): Stock {
  const client = stock(relay.url, 'board', doc, { disableBc });
  clients.push(client);
  return client;
}

it('[RL56] a stock client without presence stays connected through 40 s of silence', async () => {
  // y-websocket gives up after 30 s without a message.
  clock.runAt(10);
  await relay.close();
  relay = await startRelay({ now: Date.now });
  const client = join();
  client.provider.awareness.setLocalState(null);
  await until(() => client.provider.synced, 'sync');
  const bare = await new Bare(relay.url, 'board').opened();
  clients.push(bare);
  let [pings, losses] = [0, 0];
  client.provider.on('connection-close', () => (losses += 1));
  bare.ws.on('ping', () => (pings += 1));
  await pause(40_000);
  expect([losses, client.provider.wsconnected, bare.closed]).toEqual([0, true, null]);
  expect(bare.frames.filter((frame) => Buffer.compare(frame, Uint8Array.of(1, 1, 0)) === 0).length).toBeGreaterThanOrEqual(2);
  expect(pings).toBeGreaterThanOrEqual(1);
  client.doc.getMap('m').set('after', 1);
  await until(() => bare.of('update').length === 1, 'still fanning out');
});

it('[RL57] a client that answers no ping is closed', { timeout: 60_000 }, async () => {
  await relay.close();
  relay = await startRelay({ limits: { pingMs: 500, pongMs: 1_000 } });
  const deaf = new WebSocket(`${relay.url}/board`, { autoPong: false });
  const codes: number[] = [];
  deaf.on('close', (code) => codes.push(code));
  const hearing = join();
  await until(() => codes.length === 1, 'close');
  expect(codes).toEqual([4504]);
  await pause(1_600); // a ping of its own, and longer than it may take to answer
  expect(hearing.closes).toEqual([]);
});

it('[RL1] two stock tabs that also talk over BroadcastChannel agree with each other, the store and a third client', async () => {
  const first = join(new Y.Doc(), { disableBc: false });
  const second = join(new Y.Doc(), { disableBc: false });
  const outside = join();
  for (const [i, client] of [first, second, outside].entries()) client.provider.awareness.setLocalState({ n: i });
  await until(() => [first, second, outside].every((client) => client.provider.synced), 'sync');
  for (let i = 0; i < 50; i++) {
    first.doc.getMap('m').set(`first-${i}`, i);
    second.doc.getMap('m').set(`second-${i}`, i);
    outside.doc.getMap('m').set(`outside-${i}`, i);
    if (i % 10 === 0) await pause(5);
  }
  await until(() => [first, second, outside].every((client) => client.doc.getMap('m').size === 150), 'all changes everywhere');
  await until(() => [first, second, outside].every((client) => client.provider.awareness.getStates().size === 3), 'all see all');
  await until(() => relay.relay.stats().unsavedBytes === 0, 'journal');
  expect((await storedDoc(relay.store, 'board')).getMap('m').size).toBe(150);
  second.provider.disconnect();
  await until(() => outside.provider.awareness.getStates().size === 2, 'one tab has left');
  second.doc.getMap('m').set('offline', 1);
  second.provider.connect();
  await until(() => outside.doc.getMap('m').has('offline') && first.doc.getMap('m').has('offline'), 'offline edit');
  await until(() => outside.provider.awareness.getStates().size === 3, 'back at once, not at the next renewal');
});
