import { StoreError } from '@wetink/storage';
import { afterEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createRelay, type Relay } from '../relay.ts';
import { change, joined, startRelay, until, type Bare, type TestRelay } from '../testing/harness.ts';
import { faultyStore, type FaultyStore } from '../testing/faulty-store.ts';

const MEGABYTE = 1_000_000;
const running: TestRelay[] = [];
const clients: Bare[] = [];
const stores: FaultyStore[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  // Otherwise closing would wait for changes that cannot be saved.
  for (const store of stores.splice(0)) {
    store.spaceBytes = Infinity;
    store.failure.append = undefined;
  }
  await Promise.all(running.splice(0).map((relay) => relay.close()));
});

async function start(): Promise<{ relay: Relay; store: FaultyStore; url: string }> {
  const store = faultyStore();
  stores.push(store);
  const started = await startRelay({ store, limits: { retryBaseMs: 1, retryMaxMs: 5, unloadDelayMs: 1 } });
  running.push(started);
  return { relay: started.relay, store, url: started.url };
}

/** Sends a change of this size to a room of its own. */
async function draw(url: string, room: string, bytes: number): Promise<Bare> {
  const doc = new Y.Doc();
  const client = await joined(url, room, doc.clientID);
  clients.push(client);
  client.send({ type: 'update', update: change(doc, () => doc.getMap('m').set('k', 'x'.repeat(bytes))) });
  return client;
}

const full = { code: 'FULL', name: 'StoreError' };

it('[RL19] T7: while a change finds no space the store is down, even when small changes go in', async () => {
  const { relay, store, url } = await start();
  await relay.probeStore();
  store.spaceBytes = 10_000;
  await relay.probeStore();
  await draw(url, 'large', 30_000);
  await until(() => store.calls.append >= 2, 'the change to be refused');
  await expect(relay.probeStore()).rejects.toMatchObject(full);
  const small = await draw(url, 'small', 100);
  await until(() => small.of('ack').length === 1, 'the small change to be saved');
  for (let i = 0; i < 5; i++) await expect(relay.probeStore()).rejects.toMatchObject(full);
});

it('[RL19] T7: once there is space the store is up again, without any client and without a restart', async () => {
  const { relay, store, url } = await start();
  store.spaceBytes = 10_000;
  const client = await draw(url, 'large', 30_000);
  await until(() => store.calls.append >= 2, 'the change to be refused');
  client.close();
  await relay.erase('large');
  await until(() => relay.stats().rooms === 0, 'the room to be gone');
  store.spaceBytes = 29_000;
  await expect(relay.probeStore()).rejects.toMatchObject(full);
  store.spaceBytes = MEGABYTE;
  const appends = store.calls.append;
  await relay.probeStore();
  expect(store.calls.append).toBe(appends);
  // A size that was too large then says nothing about now.
  store.spaceBytes = 10_000;
  await relay.probeStore();
});

it('[RL19] T7: after a change as large as the refused one is saved, the store is up again', async () => {
  const { relay, store, url } = await start();
  store.spaceBytes = 10_000;
  const client = await draw(url, 'large', 30_000);
  await until(() => store.calls.append >= 2, 'the change to be refused');
  store.spaceBytes = MEGABYTE;
  await until(() => client.of('ack').length === 1, 'the change to be saved');
  store.spaceBytes = 10_000;
  await relay.probeStore();
});

const otherRefusals = [
  new StoreError('ERASED', 'the room was removed'),
  new StoreError('TOO_LARGE', 'one update is at most 8 MiB'),
  new StoreError('CORRUPT', 'the record of the room is damaged'),
  new StoreError('NOT_WRITABLE', 'this row is there already'),
  new Error('a bug'),
];

it.each(otherRefusals)('[RL19] T7: a store that takes probes is up although a room is refused: $message', async (failure) => {
  const { relay, store, url } = await start();
  store.failure.append = failure;
  await draw(url, 'bad', 30_000);
  await until(() => store.calls.append >= 1, 'the change to be refused');
  store.spaceBytes = 100;
  for (let i = 0; i < 5; i++) await relay.probeStore();
});

it('[RL19] T7: a store that is away or broken is down, whatever was appended before', async () => {
  const { relay, store } = await start();
  for (const code of ['UNREACHABLE', 'NOT_WRITABLE'] as const) {
    store.failure.probe = new StoreError(code, 'the store is away');
    await expect(relay.probeStore()).rejects.toMatchObject({ code });
  }
  store.failure.probe = undefined;
  await relay.probeStore();
});

it('[RL19] T7: when a larger change is refused during a probe, the probe tries that size too before it answers', async () => {
  const { relay, store, url } = await start();
  store.held.probe = true;
  store.spaceBytes = 10_000;
  const told = Promise.allSettled([relay.probeStore(), relay.probeStore()]);
  await until(() => store.calls.probe === 1, 'the probe');
  await draw(url, 'large', 30_000);
  await until(() => store.calls.append >= 2, 'the change to be refused');
  store.held.probe = false;
  expect((await told).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(store.calls.probe).toBe(2);
});

it('[RL19] a relay without clients probes the store when probeStore is called', async () => {
  const store = faultyStore();
  const relay = createRelay({ store });
  await Promise.all([relay.probeStore(), relay.probeStore()]);
  expect(store.calls.probe).toBe(1);
  await relay.close();
});
