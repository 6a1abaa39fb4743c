/** The life of a room, and a store that fails. */

import { errors } from '@wetink/protocol';
import { StoreError } from '@wetink/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Bare, change, joined, pause, startRelay, stock, storedDoc, until, type Stock, type TestRelay } from '../testing/harness.ts';
import { faultyStore, type FaultyStore } from '../testing/faulty-store.ts';
import { hurried } from '../testing/hurried.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { RelayOptions } from '../relay-options.ts';

let relay: TestRelay;
let store: FaultyStore;
let clients: { close(): void }[];

beforeEach(async () => {
  clients = [];
  store = faultyStore();
  relay = await startRelay({ store, limits: { unloadDelayMs: 10, retryBaseMs: 10 } });
});

afterEach(async () => {
  for (const client of clients) client.close();
  store.held.append = store.held.load = store.held.checkpoint = false;
  store.failure.append = store.failure.load = store.failure.checkpoint = undefined;
  await relay.close();
});

async function restart(limits: Partial<RelayLimits>, options: Partial<RelayOptions> = {}): Promise<void> {
  await relay.close();
  relay = await startRelay({ store, limits: { unloadDelayMs: 10, retryBaseMs: 10, ...limits }, ...options });
}

async function enter(clientId: number, room = 'board'): Promise<Bare> {
  const bare = await joined(relay.url, room, clientId);
  clients.push(bare);
  return bare;
}

function base(room = 'board'): Stock {
  const client = stock(relay.url, room);
  clients.push(client);
  return client;
}

const edit = (key: string): Uint8Array => change(new Y.Doc(), (doc) => doc.getMap('m').set(key, 1));
const counts = (bare: Bare): number[] => bare.of('ack').map((ack) => ack.count);

describe('loading and unloading', () => {
  it('[RL2] clients that join while a room loads are served once it is ready, and it is loaded once', async () => {
    store.held.load = true;
    const people = [base(), base(), base()];
    await pause(50);
    expect(people.some((person) => person.provider.synced)).toBe(false);
    people[0]?.doc.getMap('m').set('early', 1);
    store.held.load = false;
    await until(() => people.every((person) => person.provider.synced && person.doc.getMap('m').size === 1), 'sync');
    expect(store.calls.load).toBe(1);
  });

  it('[RL2] changes sent while a room loads are kept in order and acknowledged', async () => {
    store.held.load = true;
    const ana = await enter(1);
    const doc = new Y.Doc();
    for (let i = 0; i < 20; i++) ana.send({ type: 'update', update: change(doc, (d) => d.getText('t').insert(i, 'x')) });
    await pause(20);
    store.held.load = false;
    await until(() => counts(ana).at(-1) === 20, 'acks');
    expect(ana.of('sync-step-1')).toHaveLength(1);
  });

  it('[RL3] a join while a room is being saved for unloading waits for nothing: it is served and acknowledged meanwhile', async () => {
    const ana = await enter(1);
    ana.send({ type: 'update', update: edit('a') });
    await until(() => counts(ana).length === 1, 'ack');
    store.held.checkpoint = true;
    ana.close();
    await until(() => store.calls.checkpoint > 0, 'unloading');
    const ben = base();
    await until(() => ben.provider.synced && ben.doc.getMap('m').has('a'), 'sync');
    const cem = await enter(3);
    cem.send({ type: 'update', update: edit('c') });
    await until(() => counts(cem).length === 1 && ben.doc.getMap('m').has('c'), 'ack');
    // All leave and come again while the first checkpoint is still under way: a second unload waits behind it.
    ben.close();
    cem.close();
    await until(() => relay.relay.roomStats('board')?.state === 'unloading', 'unloading again');
    const dora = base();
    await until(() => dora.provider.synced && dora.doc.getMap('m').size === 2, 'sync');
    dora.doc.getMap('m').set('d', 1);
    store.held.checkpoint = false;
    await until(() => relay.relay.stats().unsavedBytes === 0, 'journal');
    await pause(50);
    expect([relay.relay.stats().rooms, store.calls.load]).toEqual([1, 1]);
    expect([...(await storedDoc(store, 'board')).getMap('m').keys()].sort()).toEqual(['a', 'c', 'd']);
  });

  it('[RL3] a room unloads when the last member has left, leaving one checkpoint, but not while changes are unsaved', async () => {
    const ana = await enter(1);
    store.held.append = true;
    ana.send({ type: 'update', update: edit('a') });
    await until(() => store.calls.append > 0, 'append');
    ana.close();
    await pause(60);
    expect(relay.relay.stats().rooms).toBe(1);
    store.held.append = false;
    await until(() => relay.relay.stats().rooms === 0, 'unload');
    const stored = await store.load('board');
    expect([stored.checkpoint === null, stored.updates.length]).toEqual([false, 0]);
  });

  it('[RL3] joining and leaving at random never loses a change or a room', async () => {
    const keys: string[] = [];
    for (let i = 0; i < 25; i++) {
      const ana = await enter(i + 1);
      keys.push(`k${i}`);
      ana.send({ type: 'update', update: edit(`k${i}`) });
      await until(() => counts(ana).length === 1, 'ack');
      ana.close();
      await pause((i * 7) % 23);
    }
    await until(() => relay.relay.stats().rooms === 0, 'unload');
    expect([...(await storedDoc(store, 'board')).getMap('m').keys()].sort()).toEqual(keys.sort());
  });

  it('[RL5] a client that joins while a slow store erases the room is closed when the store is done', async () => {
    const ana = await enter(1);
    ana.send({ type: 'update', update: edit('a') });
    await until(() => counts(ana).length === 1, 'ack');
    const remove = store.remove.bind(store);
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    store.remove = async (room) => {
      await released;
      await remove(room);
    };
    const erased = relay.relay.erase('board');
    ana.close();
    // Longer than it takes to unload.
    await pause(80);
    const ben = await enter(2);
    release();
    await erased;
    await until(() => ben.closed !== null, 'close');
    expect(ben.closed?.code).toBe(errors.ROOM_ERASED.close);
    await until(() => relay.relay.stats().rooms === 0, 'no room');
  });

  it('[RL5] a room that could not be erased goes on, and unloads as usual', async () => {
    store.remove = async () => {
      throw new StoreError('UNREACHABLE', 'away');
    };
    const ana = await enter(1);
    await expect(relay.relay.erase('board')).rejects.toThrow('away');
    ana.send({ type: 'update', update: edit('a') });
    await until(() => counts(ana).length === 1, 'ack');
    ana.close();
    await until(() => relay.relay.stats().rooms === 0, 'unload');
    await expect(relay.relay.erase('board')).rejects.toThrow('away');
    await until(() => relay.relay.stats().rooms === 0, 'unload');
  });

  it('[RL4] a failed load closes with 45xx and a time to wait; the room is loaded again after that time, not before', async () => {
    store.failure.load = new StoreError('CORRUPT', 'checksum');
    const ana = await enter(1);
    await until(() => ana.closed !== null, 'close');
    expect(ana.closed?.code).toBe(4502);
    expect(ana.of('notice')[0]).toMatchObject({ code: 'LOAD_FAILED' });
    expect(ana.of('notice')[0]?.retryAfterMs).toBeGreaterThan(0);
    const second = await new Bare(relay.url, 'board').opened();
    await until(() => second.closed !== null, 'close');
    expect([second.closed?.code, store.calls.load]).toEqual([4502, 1]);
    expect(second.closed?.reason).toMatch(/Retry after 1 s/);
    store.failure.load = undefined;
    const stockClient = base();
    await until(() => stockClient.provider.synced, 'recovery by itself');
  });

  it('[RL5] an erased room closes its clients for good', async () => {
    const ana = await enter(1);
    ana.send({ type: 'update', update: edit('a') });
    await until(() => counts(ana).length === 1, 'ack');
    await store.remove('board');
    ana.send({ type: 'update', update: edit('b') });
    await until(() => ana.closed !== null, 'close');
    expect([ana.closed?.code, counts(ana)]).toEqual([4410, [1]]);
    const late = base();
    await until(() => late.closes.length > 0, 'close');
    await pause(300);
    expect(late.closes.map((close) => close.code)).toEqual([4410]);
  });

  it('[RL17] a checkpoint is written after checkpointRows rows and stands for them', async () => {
    await restart({ checkpointRows: 10, checkpointPauseMs: 0 });
    const ana = await enter(1);
    const doc = new Y.Doc();
    for (let i = 1; i <= 25; i++) {
      ana.send({ type: 'update', update: change(doc, (d) => d.getArray('a').push([i])) });
      await until(() => counts(ana).at(-1) === i, 'ack');
    }
    await until(() => store.calls.checkpoint >= 2, 'checkpoints');
    await pause(20);
    expect((await store.load('board')).updates.length).toBeLessThan(10);
    expect((await storedDoc(store, 'board')).getArray('a').length).toBe(25);
  });

  it('[RL16] a change too large for a row becomes durable as several', async () => {
    await restart({ maxRowBytes: 1_000 });
    const ana = await enter(1);
    ana.send({ type: 'update', update: edit('small') });
    ana.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getText('t').insert(0, 'x'.repeat(5_000))) });
    await until(() => counts(ana).at(-1) === 2, 'acks');
    const doc = await storedDoc(store, 'board');
    expect([doc.getText('t').length, doc.getMap('m').size]).toEqual([5_000, 1]);
  });
});

describe('a store that fails', () => {
  it('[RL11] members notice nothing of short failures: acks come later, in order, and no connection is closed', async () => {
    const ana = await enter(1);
    store.failure.append = new StoreError('FULL', 'no space');
    ana.send({ type: 'update', update: edit('a') });
    await until(() => store.calls.append > 0, 'append');
    store.failure.append = undefined;
    ana.send({ type: 'update', update: edit('b') });
    await until(() => counts(ana).at(-1) === 2, 'acks');
    expect([ana.closed, ana.of('notice')]).toEqual([null, []]);
  });

  it('[RL18] while nothing can be saved, the room sends a notice, closes writers with 45xx, lets readers in, and loses nothing', async () => {
    const ana = await enter(1);
    const ben = await enter(2);
    store.failure.append = new StoreError('FULL', 'no space');
    ana.send({ type: 'update', update: edit('a') });
    await until(() => ana.of('notice').length > 0 && ben.of('notice').length > 0, 'notice');
    expect(ana.of('notice')[0]).toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      retryAfterMs: 5_000,
      text: 'The server cannot save right now.',
    });
    ben.send({ type: 'update', update: edit('b') });
    await until(() => ben.closed !== null, 'close');
    expect(ben.closed?.code).toBe(4507);
    const reader = base();
    await until(() => reader.provider.synced && reader.doc.getMap('m').size === 1, 'readers');
    reader.provider.disconnect();
    expect([ana.closed, counts(ana)]).toEqual([null, []]);
    store.failure.append = undefined;
    await until(() => counts(ana).at(-1) === 1, 'ack after recovery');
    const back = await enter(2);
    back.send({ type: 'update', update: edit('b') });
    await until(() => counts(back).length === 1, 'ack');
    expect([...(await storedDoc(store, 'board')).getMap('m').keys()].sort()).toEqual(['a', 'b']);
  });

  const told = (bare: Bare): [string, boolean][] => bare.of('notice').map(({ code, retryAfterMs }) => [code, retryAfterMs > 0]);
  const away: [string, boolean][] = [['STORAGE_UNAVAILABLE', true]];
  const back: [string, boolean][] = [...away, ['STORAGE_UNAVAILABLE', false]];

  it('[RL18] K9: each member, also one that joins later, gets one notice that the room cannot save, and one that it can again', async () => {
    const ana = await enter(1);
    const ben = await enter(2);
    store.failure.append = new StoreError('FULL', 'no space');
    ana.send({ type: 'update', update: edit('a') });
    await until(() => told(ana).length > 0 && told(ben).length > 0, 'notice');
    const late = await enter(3);
    await until(() => told(late).length > 0, 'notice to the one that joined');
    // Before the room asks it for anything: sending a change would only close it.
    const order = late.received.map(({ type }) => type).filter((type) => type === 'notice' || type === 'sync-step-1');
    expect(order).toEqual(['notice', 'sync-step-1']);
    const failed = store.calls.append;
    await until(() => store.calls.append > failed + 2, 'more failures');
    expect([ana, ben, late].map(told)).toEqual([away, away, away]);
    store.failure.append = undefined;
    await until(() => [ana, ben, late].every((each) => told(each).length === 2), 'the end');
    expect([ana, ben, late].map(told)).toEqual([back, back, back]);
    expect(ben.of('notice')[1]?.text).toBe('The server can save again.');
    const after = await enter(4);
    await until(() => after.of('sync-step-1').length > 0, 'greeting');
    expect(told(after)).toEqual([]);
  });

  it('[RL18] K9: a write that never ends causes the same notice as one that fails, and closes no connection', async () => {
    await restart({ lateWriteMs: 50 }, { schedule: hurried });
    const ana = await enter(1);
    const ben = await enter(2);
    store.held.append = true;
    ana.send({ type: 'update', update: edit('a') });
    await until(() => told(ben).length > 0, 'notice');
    expect([ana.closed, ben.closed, counts(ana)]).toEqual([null, null, []]);
    store.held.append = false;
    await until(() => told(ben).length === 2 && counts(ana).length === 1, 'the end');
    expect([ana, ben].map(told)).toEqual([back, back]);
  });

  it('[RL18] a single failure causes no notice, and its end causes none', async () => {
    const ana = await enter(1);
    store.failure.append = new StoreError('FULL', 'no space');
    ana.send({ type: 'update', update: edit('a') });
    await until(() => store.calls.append > 0, 'append');
    store.failure.append = undefined;
    await until(() => counts(ana).length === 1, 'ack');
    expect(told(ana)).toEqual([]);
  });

  it('[RL12] the store holds every acknowledged change, for any failures', async () => {
    await restart({ refuseAfterFailures: 1_000 });
    const acked = new Map<number, number>();
    const people = await Promise.all([1, 2, 3].map((id) => enter(id)));
    const docs = people.map(() => new Y.Doc());
    for (let round = 0; round < 40; round++) {
      store.failure.append = round % 3 === 0 ? new Error('flaky') : undefined;
      for (const [i, person] of people.entries()) {
        const doc = docs[i] ?? new Y.Doc();
        person.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set(`${i}-${round}`, round)) });
      }
      await pause(3);
      const held = new Y.Doc();
      for (const [i, person] of people.entries()) acked.set(i, counts(person).at(-1) ?? 0);
      for (const row of store.durable.get('board') ?? []) Y.applyUpdate(held, row);
      for (const [i, count] of acked) for (let n = 0; n < count; n++) expect(held.getMap('m').has(`${i}-${n}`)).toBe(true);
    }
    store.failure.append = undefined;
    await until(() => people.every((person) => counts(person).at(-1) === 40), 'all acks');
  });
});
