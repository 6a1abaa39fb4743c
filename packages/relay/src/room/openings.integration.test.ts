/** Clients of many rooms that come at once, over real sockets. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { breakApplying } from '../testing/broken-apply.ts';
import { faultyStore, type FaultyStore } from '../testing/faulty-store.ts';
import { pause, startRelay, stock, until, type Stock, type TestRelay } from '../testing/harness.ts';

let relay: TestRelay;
let store: FaultyStore;
let clients: Stock[];
/** Rooms in the order in which their loads began. */
let begun: string[];

async function start({ isShared }: { isShared: boolean }): Promise<void> {
  store = { ...faultyStore(), isShared };
  const { load } = store;
  store.load = (room, since) => {
    begun.push(room);
    return load(room, since);
  };
  relay = await startRelay({ store });
}

async function openForty(): Promise<string[]> {
  const names = Array.from({ length: 40 }, (_, i) => `room-${i}`);
  for (const [i, name] of names.entries()) {
    clients.push(stock(relay.url, name));
    // One after the other, so that the order of opening is known.
    await until(() => relay.relay.stats().rooms >= i + 1, name);
  }
  await pause(20);
  return names;
}

beforeEach(() => {
  clients = [];
  begun = [];
});

afterEach(async () => {
  store.held.load = false;
  for (const client of clients) client.close();
  await relay.close();
  vi.restoreAllMocks();
});

it.each([
  ['shared', 16],
  ['embedded', 2],
])(
  '[RL96] of forty rooms in a store that is %s, %i are loaded at once, in the order of opening, and all are served',
  async (kind, atOnce) => {
    await start({ isShared: kind === 'shared' });
    store.held.load = true;
    const names = await openForty();
    expect(begun).toEqual(names.slice(0, atOnce));
    store.held.load = false;
    await until(() => clients.every(({ provider }) => provider.synced), 'sync');
    expect(begun).toEqual(names);
  },
);

it('[RL96] loads that fail make room for the next', async () => {
  await start({ isShared: false });
  store.held.load = true;
  const names = await openForty();
  store.failure.load = new Error('damaged');
  store.held.load = false;
  await until(() => begun.length === 40, 'all loads');
  expect(begun).toEqual(names);
});

it('[RL62] [RL96] a drain does not load the rooms that wait in line', async () => {
  await start({ isShared: false });
  store.held.load = true;
  await openForty();
  const drained = relay.relay.drain({ deadlineMs: 5_000, spreadMs: 0 });
  await until(() => relay.relay.stats().rooms === 0, 'no rooms');
  store.held.load = false;
  await drained;
  await pause(50);
  expect(begun).toEqual(['room-0', 'room-1']);
});

it('[RL91] [RL96] a room that is built again does not wait behind rooms that are opened', async () => {
  breakApplying('evil');
  await start({ isShared: false });
  const [ana, evil] = [stock(relay.url, 'ready'), stock(relay.url, 'ready')];
  clients.push(ana, evil);
  await until(() => ana.provider.synced && evil.provider.synced, 'sync');
  store.held.load = true;
  await openForty();
  evil.doc.getMap('m').set('evil', 1);
  await until(() => begun.filter((room) => room === 'ready').length === 2, 'the second load');
  expect(begun).toHaveLength(4);
});
