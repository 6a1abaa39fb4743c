/** A relay that drains saves all changes, or says how much it could not save. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Bare, change, joined, pause, startRelay, stock, storedDoc, until, type TestRelay } from './testing/harness.ts';
import { faultyStore, type FaultyStore } from './testing/faulty-store.ts';
import type { RelayLimits } from './limits/limits.ts';

let relay: TestRelay;
let store: FaultyStore;
let clients: { close(): void }[];

beforeEach(async () => {
  clients = [];
  store = faultyStore();
  relay = await startRelay({ store });
});

afterEach(async () => {
  for (const client of clients) client.close();
  store.held.append = false;
  await relay.close();
});

async function restart(limits: Partial<RelayLimits>): Promise<void> {
  await relay.close();
  relay = await startRelay({ store, limits });
}

async function enter(clientId: number): Promise<Bare> {
  const bare = await joined(relay.url, 'board', clientId);
  clients.push(bare);
  return bare;
}

describe('drain', () => {
  it('[RL60] a draining relay takes no new sockets, closes all clients with 1012, and makes everything durable', async () => {
    await restart({ drainSpreadMs: 60 });
    const ana = await enter(1);
    const base = stock(relay.url, 'board');
    clients.push(base);
    await until(() => base.provider.synced, 'sync');
    store.held.append = true;
    ana.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('last', 1)) });
    await until(() => store.calls.append > 0, 'append');
    const drained = relay.relay.drain({ deadlineMs: 5_000 });
    expect(relay.relay.isReady).toBe(false);
    await until(() => ana.closed !== null && base.closes.length > 0, 'closes');
    expect([ana.closed?.code, base.closes[0]?.code]).toEqual([1012, 1012]);
    expect(ana.of('reconnect')).toHaveLength(1);
    const late = new Bare(relay.url, 'board');
    await until(() => late.error !== null, 'refusal');
    expect(late.error?.message).toContain('503');
    store.held.append = false;
    expect(await drained).toEqual({ unsavedBytes: 0 });
    expect((await storedDoc(store, 'board')).getMap('m').toJSON()).toEqual({ last: 1 });
    base.provider.disconnect();
  });

  it('[RL60] a room that was about to unload still saves its waiting changes in a drain', async () => {
    await restart({ drainSpreadMs: 0, unloadDelayMs: 0 });
    const ana = await enter(1);
    store.held.append = true;
    ana.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('last', 1)) });
    await until(() => store.calls.append > 0, 'append');
    ana.close();
    await pause(30);
    const drained = relay.relay.drain({ deadlineMs: 5_000 });
    store.held.append = false;
    expect(await drained).toEqual({ unsavedBytes: 0 });
    expect((await storedDoc(store, 'board')).getMap('m').toJSON()).toEqual({ last: 1 });
  });

  it('[RL61] the drain deadline holds when the store hangs, and the unsaved bytes are reported', async () => {
    await restart({ drainSpreadMs: 0 });
    const ana = await enter(1);
    store.held.append = true;
    ana.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('last', 1)) });
    await until(() => store.calls.append > 0, 'append');
    const { unsavedBytes } = await relay.relay.drain({ deadlineMs: 100 });
    expect(unsavedBytes).toBeGreaterThan(0);
    expect(ana.of('ack')).toEqual([]);
  });
});
