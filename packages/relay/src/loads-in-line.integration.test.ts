/** Clients of many rooms that come at once, over real sockets. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { faultyStore, type FaultyStore } from './testing/faulty-store.ts';
import { pause, startRelay, stock, until, type Stock, type TestRelay } from './testing/harness.ts';

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

it('[RL96] clients that open forty rooms at once wait in line for their loads, and all are served', async () => {
  store.held.load = true;
  clients = Array.from({ length: 40 }, (_, i) => stock(relay.url, `room-${i}`));
  await until(() => relay.relay.stats().rooms === 40, 'all rooms');
  await pause(20);
  expect(store.calls.load).toBe(store.isShared ? 16 : 2);
  store.held.load = false;
  await until(() => clients.every(({ provider }) => provider.synced), 'sync');
  expect(store.calls.load).toBe(40);
});
