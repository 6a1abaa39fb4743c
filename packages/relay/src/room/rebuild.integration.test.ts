/** An apply that throws after it has changed the document: the room builds the document again. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createMemoryDisk, createMemoryStore } from '@wetink/storage';
import * as Y from 'yjs';
import { breakApplying } from '../testing/broken-apply.ts';
import { faultyStore, type FaultyStore } from '../testing/faulty-store.ts';
import { change, joined, startRelay, stock, storedDoc, until, type Bare, type Stock, type TestRelay } from '../testing/harness.ts';

let relay: TestRelay;
let store: FaultyStore;
let clients: { close(): void }[];

beforeEach(async () => {
  breakApplying('evil');
  clients = [];
  store = faultyStore();
  relay = await startRelay({ store, limits: { unloadDelayMs: 10, retryBaseMs: 10 } });
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const client of clients) client.close();
  store.held.append = store.held.load = false;
  store.failure.load = undefined;
  await relay.close();
});

async function enter(clientId: number): Promise<Bare> {
  const bare = await joined(relay.url, 'board', clientId);
  clients.push(bare);
  return bare;
}

function base(): Stock {
  const client = stock(relay.url, 'board');
  clients.push(client);
  return client;
}

const edit = (key: string): Uint8Array => change(new Y.Doc(), (doc) => doc.getMap('m').set(key, 1));
const counts = (bare: Bare): number[] => bare.of('ack').map((ack) => ack.count);

it('[RL42] an apply that throws closes its sender; the room is built again from store and unsaved changes, and others notice nothing', async () => {
  const ana = await enter(1);
  const ben = base();
  await until(() => ben.provider.synced, 'sync');
  ana.send({ type: 'update', update: edit('stored') });
  await until(() => counts(ana).length === 1, 'ack');
  store.held.append = true;
  ana.send({ type: 'update', update: edit('unsaved') });
  await until(() => ben.doc.getMap('m').size === 2, 'fan-out');
  const mallory = await enter(3);
  mallory.send({ type: 'update', update: edit('evil') });
  ana.send({ type: 'update', update: edit('meanwhile') });
  await until(() => mallory.closed !== null, 'close');
  expect([mallory.closed?.code, mallory.of('refused')]).toEqual([4422, [{ type: 'refused', count: 1, code: 'BAD_UPDATE' }]]);
  await until(() => ben.doc.getMap('m').size === 3, 'the room goes on');
  expect([ana.closed, ben.closes]).toEqual([null, []]);
  // Once more when both changes came in one tick, to find out which of them it was.
  expect(store.calls.load).toBeOneOf([2, 3]);
  store.held.append = false;
  await until(() => counts(ana).at(-1) === 3, 'acks');
  const held = await storedDoc(store, 'board');
  expect([...held.getMap('m').keys()].sort()).toEqual(['meanwhile', 'stored', 'unsaved']);
  expect([...held.share.keys()]).toEqual(['m']);
  const late = base();
  await until(() => late.provider.synced, 'sync');
  expect(late.doc.getMap('m').size).toBe(3);
});

it('[RL42] after a rebuild, members get changes that another relay wrote and no message announced', async () => {
  const disk = createMemoryDisk();
  const elsewhere = createMemoryStore({ disk, writer: 'b' });
  await relay.close();
  store = faultyStore(createMemoryStore({ disk, writer: 'a' }));
  relay = await startRelay({ store, limits: { unloadDelayMs: 10, retryBaseMs: 10 } });
  const ben = base();
  await until(() => ben.provider.synced, 'sync');
  await elsewhere.append('board', [edit('elsewhere')]);
  (await enter(3)).send({ type: 'update', update: edit('evil') });
  await until(() => ben.doc.getMap('m').has('elsewhere'), 'what the other relay wrote');
  expect(ben.closes).toEqual([]);
});

it('[RL42] if the document cannot be built again now, all members are sent away and nothing unsaved is forgotten', async () => {
  const ana = await enter(1);
  store.held.append = true;
  ana.send({ type: 'update', update: edit('unsaved') });
  await until(() => store.calls.append > 0, 'append');
  store.failure.load = new Error('disk away');
  const mallory = await enter(3);
  mallory.send({ type: 'update', update: edit('evil') });
  await until(() => ana.closed !== null, 'close');
  expect(ana.closed?.code).toBe(4502);
  store.failure.load = undefined;
  const late = base();
  await until(() => late.provider.synced, 'recovery');
  expect(late.doc.getMap('m').toJSON()).toEqual({ unsaved: 1 });
  store.held.append = false;
  await until(() => relay.relay.stats().unsavedBytes === 0, 'journal');
  expect((await storedDoc(store, 'board')).getMap('m').toJSON()).toEqual({ unsaved: 1 });
});

it('[RL60] a room that could not be built again still saves its waiting changes when the relay drains', async () => {
  const ana = await enter(1);
  store.held.append = true;
  ana.send({ type: 'update', update: edit('unsaved') });
  await until(() => store.calls.append > 0, 'append');
  store.failure.load = new Error('disk away');
  const mallory = await enter(3);
  mallory.send({ type: 'update', update: edit('evil') });
  await until(() => ana.closed !== null, 'close');
  const drained = relay.relay.drain({ deadlineMs: 5_000 });
  store.held.append = false;
  expect(await drained).toEqual({ unsavedBytes: 0 });
  store.failure.load = undefined;
  expect((await storedDoc(store, 'board')).getMap('m').toJSON()).toEqual({ unsaved: 1 });
});
