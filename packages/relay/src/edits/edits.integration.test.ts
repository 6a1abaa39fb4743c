/** Edits of whole relays with sockets: what clients see, two relays on one bus, draining, and the example of the README. */

import { readFileSync } from 'node:fs';
import { createMemoryDisk, createMemoryStore, StoreError } from '@wetink/storage';
import { afterEach, expect, it } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { createLocalBus } from '../bus/local-bus.ts';
import { appendOnce } from '../fixtures/edit-example.ts';
import { faultyStore } from '../testing/faulty-store.ts';
import { startRelay, stock, storedDoc, until, type Stock, type TestRelay } from '../testing/harness.ts';

let relays: TestRelay[] = [];
let buses: Bus[] = [];
let clients: Stock[] = [];

afterEach(async () => {
  for (const client of clients) client.close();
  for (const relay of relays) await relay.close();
  for (const bus of buses) await bus.close();
  [relays, buses, clients] = [[], [], []];
});

async function start(options: Parameters<typeof startRelay>[0] = {}): Promise<TestRelay> {
  const relay = await startRelay({ ...options, limits: { drainSpreadMs: 20, ...options.limits } });
  relays.push(relay);
  return relay;
}

function enter({ url }: TestRelay): Stock {
  const client = stock(url, 'board');
  clients.push(client);
  return client;
}

it('[ED1] a client on another relay sees an edit, and the edit sees what that client wrote', async () => {
  const [disk, hub] = [createMemoryDisk(), createLocalBus()];
  const [a, b] = await Promise.all(
    ['a', 'b'].map((writer) => {
      const bus = hub.node();
      buses.push(bus);
      return start({ bus, store: createMemoryStore({ disk, writer }) });
    }),
  );
  const ana = enter(a!);
  await until(() => ana.provider.synced, 'sync');
  await b!.relay.edit('board', (doc) => doc.getMap('m').set('edit', 1));
  await until(() => ana.doc.getMap('m').has('edit'), 'the edit');
  ana.doc.getMap('m').set('ana', 1);
  await until(() => (b!.relay.roomStats('board')?.clientIds ?? 0) === 2, 'her change on the other relay');
  expect(await b!.relay.edit('board', (doc) => [...doc.getMap('m').keys()].sort())).toEqual(['ana', 'edit']);
  expect(ana.provider.awareness.getStates().size).toBe(1);
});

it('[ED10] a draining relay saves the edits that have run and refuses others, those of rooms it is loading among them', async () => {
  const store = faultyStore();
  const { relay } = await start({ store });
  await relay.edit('board', (doc) => doc.getMap('m').set('before', 1));
  store.held.append = true;
  const running = relay.edit('board', (doc) => doc.getMap('m').set('running', 1));
  await until(() => relay.stats().unsavedBytes > 0, 'the change');
  store.held.load = true;
  const loading = relay.edit('other', (doc) => doc.getMap('m').set('loading', 1));
  const drained = relay.drain();
  await expect(loading).rejects.toMatchObject({ code: 'SHUTDOWN' });
  await expect(relay.edit('board', () => 0)).rejects.toMatchObject({ code: 'SHUTDOWN' });
  store.held.append = store.held.load = false;
  expect(await running).toBe(1);
  expect(await drained).toEqual({ unsavedBytes: 0 });
  expect([...(await storedDoc(store, 'board')).getMap('m').keys()]).toEqual(['before', 'running']);
  expect((await storedDoc(store, 'other')).getMap('m').size).toBe(0);
});

it('[ED10] an edit that is not durable at the deadline of a drain fails then', async () => {
  const store = faultyStore();
  const { relay } = await start({ store });
  store.failure.append = new StoreError('FULL', 'full');
  const running = relay.edit('board', (doc) => doc.getMap('m').set('running', 1));
  const outcome = expect(running).rejects.toMatchObject({ code: 'SHUTDOWN' });
  await until(() => relay.stats().unsavedBytes > 0, 'the change');
  expect((await relay.drain({ deadlineMs: 100 })).unsavedBytes).toBeGreaterThan(0);
  await outcome;
  delete store.failure.append;
});

it('the example of the README runs', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(readFileSync(new URL('../fixtures/edit-example.ts', import.meta.url), 'utf8').trim());
  const { relay, store } = await start();
  const keys = ['one', 'two', 'one'];
  expect(await Promise.all(keys.map((key) => appendOnce(relay, 'board', key, 'hello')))).toEqual(['added', 'added', 'there']);
  expect((await storedDoc(store, 'board')).getMap('log').toJSON()).toEqual({ one: 'hello', two: 'hello' });
});
