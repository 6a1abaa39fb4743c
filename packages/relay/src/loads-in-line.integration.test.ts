/** Clients of many rooms that come at once, over real sockets. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { faultyStore, type FaultyStore } from './testing/faulty-store.ts';
import { pause, startRelay, stock, until, type Stock, type TestRelay } from './testing/harness.ts';
import { MAX_LOADS_AT_ONCE } from './loads-in-line.ts';

let relay: TestRelay;
let store: FaultyStore;
let clients: Stock[];

beforeEach(async () => {
  store = faultyStore();
  relay = await startRelay({ store });
  clients = [];
});

afterEach(async () => {
  store.held.load = false;
  for (const client of clients) client.close();
  await relay.close();
});

it('[RL96] clients that open forty rooms at once cause sixteen loads at once, and all are served', async () => {
  store.held.load = true;
  clients = Array.from({ length: 40 }, (_, i) => stock(relay.url, `room-${i}`));
  await until(() => relay.relay.stats().rooms === 40, 'all rooms');
  await pause(20);
  expect(store.calls.load).toBe(MAX_LOADS_AT_ONCE);
  store.held.load = false;
  await until(() => clients.every(({ provider }) => provider.synced), 'sync');
  expect(store.calls.load).toBe(40);
});
