/** Rights that change on one relay and hold on the others: over a bus that works, that loses everything, and that is down. */

import { createMemoryDisk, createMemoryStore } from '@wetink/storage';
import { afterEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Bus } from '../bus/bus.ts';
import { decodeOrder, encodeOrder, type Order } from '../bus/control-room.ts';
import { createLocalBus, type LocalBus } from '../bus/local-bus.ts';
import type { RelayOptions } from '../relay-options.ts';
import { change, joined, pause, startRelay, storedDoc, until, type Bare, type TestRelay } from '../testing/harness.ts';
import { lossyBus, type Losses } from '../testing/lossy-bus.ts';
import { createRights, type Rights } from '../testing/rights.ts';
import { virtualTime, type VirtualTime } from '../testing/virtual-time.ts';

let relays: TestRelay[] = [];
let buses: Bus[] = [];
let clients: { close(): void }[] = [];

afterEach(async () => {
  for (const client of clients) client.close();
  for (const relay of relays) await relay.close();
  for (const bus of buses) await bus.close();
  [relays, buses, clients] = [[], [], []];
});

interface Cluster {
  a: TestRelay;
  b: TestRelay;
  rights: Rights;
  hub: LocalBus;
  losses: Losses;
}

async function start(options: Partial<RelayOptions> = {}): Promise<Cluster> {
  const disk = createMemoryDisk();
  const hub = createLocalBus();
  const rights = createRights();
  const losses: Losses = { drop: 0, duplicate: 0, delayMs: 0 };
  const schedule = (fn: () => void, delayMs: number): (() => void) => {
    const timer = setTimeout(fn, delayMs);
    return () => clearTimeout(timer);
  };
  for (const name of ['a', 'b']) {
    const bus = lossyBus(hub.node(name), losses, { random: Math.random, schedule });
    buses.push(bus);
    const store = createMemoryStore({ disk, writer: name });
    relays.push(await startRelay({ store, bus, authorize: rights.authorize, ...options }));
  }
  const [a, b] = relays as [TestRelay, TestRelay];
  return { a, b, rights, hub, losses };
}

async function enter(relay: TestRelay, token: string, clientId: number, room = 'board'): Promise<Bare> {
  const bare = await joined(relay.url, room, clientId, { token });
  clients.push(bare);
  return bare;
}

const setting = (key: string) => ({ type: 'update', update: change(new Y.Doc(), (doc) => doc.getMap('m').set(key, 1)) }) as const;

/** Waits in virtual time, with turns for sockets in between. @returns The virtual ms it took. */
async function takes(time: VirtualTime, condition: () => boolean, withinMs: number): Promise<number> {
  const startMs = time.now();
  while (!condition() && time.now() - startMs < withinMs) {
    await time.advance(250);
    await pause(2);
  }
  return time.now() - startMs;
}

it('[RI9] recheck by room and by user asks about connections on every node at once, and nothing is written after the close', async () => {
  // From the recheck on this clock stands still, so that no regular recheck can take its place.
  const time = virtualTime();
  const { a, b, rights } = await start(time);
  const [ana, ben] = [await enter(b, 'ana', 1), await enter(a, 'ben', 2)];
  ana.send(setting('before'));
  await takes(time, () => ana.of('ack').length === 1, 5_000);
  expect([ana.of('ack').length, rights.asked]).toEqual([1, 0]);
  rights.byUser.set('ana', { ok: true, role: 'viewer' });
  a.relay.recheck({ room: 'board' });
  await until(() => ana.of('welcome').length === 2, 'the role');
  rights.byUser.set('ana', { ok: false, code: 'FORBIDDEN', reason: 'removed' });
  a.relay.recheck({ userId: 'ana' });
  await until(() => ana.closed !== null, 'the close');
  expect([ana.closed?.code, ben.closed, rights.asked]).toEqual([4403, null, 3]);
  expect([...(await storedDoc(a.store, 'board')).getMap('m').keys()]).toEqual(['before']);
});

it('[RI9] disconnect ends the connections of a user on every node', async () => {
  const { a, b } = await start(virtualTime());
  const people = [await enter(a, 'ana', 1), await enter(b, 'ana', 2, 'other'), await enter(b, 'ben', 3)];
  a.relay.disconnect('ana');
  await until(() => people.filter(({ closed }) => closed !== null).length === 2, 'both closes');
  expect(people.map(({ closed }) => closed?.code)).toEqual([4401, 4401, undefined]);
});

it.each(['lossy', 'down'])('[RI9] with a bus that is %s, revoked access ends within 15 s, by the regular recheck', async (how) => {
  const time = virtualTime();
  const { a, b, rights, hub, losses } = await start({ ...time, random: () => 0.999 });
  const ana = await enter(b, 'ana', 1);
  if (how === 'lossy') losses.drop = 1;
  else hub.breakLink('b');
  await time.advance(100);
  rights.byUser.set('ana', { ok: false, code: 'FORBIDDEN' });
  a.relay.recheck({ room: 'board' });
  expect(rights.asked).toBe(0);
  const tookMs = await takes(time, () => ana.closed !== null, 20_000);
  expect(ana.closed?.code).toBe(4403);
  expect(tookMs).toBeGreaterThan(5_000);
  expect(tookMs).toBeLessThanOrEqual(15_000);
});

it('[RI9] the relays’ own room on the bus is not counted, and a relay that closes leaves it', async () => {
  const { a, b, hub } = await start();
  await enter(a, 'ana', 1);
  await enter(b, 'ben', 2);
  const watcher = hub.node('w');
  buses.push(watcher);
  const ignore = { receive: () => undefined, restored: () => undefined, gone: () => undefined };
  const room = watcher.join('', ignore);
  expect(await room.peers()).toEqual(['a', 'b']);
  expect(await watcher.counts([''])).toEqual([{ people: 0, connections: 0 }]);
  expect([a.relay.stats().rooms, a.relay.roomStats('')]).toEqual([1, null]);
  await a.relay.close();
  expect(await room.peers()).toEqual(['b']);
});

it('[RI9] an order is decoded from exactly its bytes; all other bytes are passed over', () => {
  const orders: Order[] = [
    { type: 'recheck', change: { room: 'ä/b' } },
    { type: 'recheck', change: { userId: 'guest:😀' } },
    { type: 'disconnect', userId: 'ana' },
  ];
  for (const order of orders) expect(decodeOrder(encodeOrder(order))).toEqual(order);
  const [bytes] = orders.map(encodeOrder) as [Uint8Array];
  for (const broken of [
    new Uint8Array(0),
    bytes.subarray(0, 1),
    Uint8Array.from([2, ...bytes.subarray(1)]),
    Uint8Array.from([1, 9, 97]),
    Uint8Array.from([1, 3, 0xff]),
    Uint8Array.from({ length: 5_000 }, () => 1),
  ])
    expect(decodeOrder(broken)).toBeNull();
});

it('[RI9] an unreadable message of another node ends no connection', async () => {
  const { a, b, rights, hub } = await start();
  const ana = await enter(a, 'ana', 1);
  const stranger = hub.node('s');
  buses.push(stranger);
  const room = stranger.join('', { receive: () => undefined, restored: () => undefined, gone: () => undefined });
  room.publish(Uint8Array.from([1, 9, 97]));
  b.relay.recheck({ userId: 'ana' });
  await until(() => rights.asked === 1, 'the question');
  expect(ana.closed).toBeNull();
});
