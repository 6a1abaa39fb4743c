/** Whole relays with sockets on one bus and one disk: stock clients and extension clients see one room. */

import { createMemoryDisk, createMemoryStore } from '@wetink/storage';
import { afterEach, expect, it } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { createLocalBus } from '../bus/local-bus.ts';
import { change, joined, startRelay, stock, storedDoc, until, type Bare, type Stock, type TestRelay } from '../testing/harness.ts';
import * as Y from 'yjs';

let relays: TestRelay[] = [];
let buses: Bus[] = [];
let clients: { close(): void }[] = [];

afterEach(async () => {
  for (const client of clients) client.close();
  for (const relay of relays) await relay.close();
  for (const bus of buses) await bus.close();
  [relays, buses, clients] = [[], [], []];
});

async function start(count: number): Promise<TestRelay[]> {
  const disk = createMemoryDisk();
  const hub = createLocalBus();
  for (let i = 0; i < count; i++) {
    const bus = hub.node();
    buses.push(bus);
    relays.push(
      await startRelay({ store: createMemoryStore({ disk, writer: `w${i}` }), bus, limits: { unloadDelayMs: 50, drainSpreadMs: 50 } }),
    );
  }
  return relays;
}

function base(relay: TestRelay): Stock {
  const client = stock(relay.url, 'board');
  clients.push(client);
  return client;
}

async function enter(relay: TestRelay, clientId: number): Promise<Bare> {
  const bare = await joined(relay.url, 'board', clientId);
  clients.push(bare);
  return bare;
}

/** The document that a client has from the updates it received: a node may send many changes in one message. */
function docOf(bare: Bare): Y.Doc {
  const doc = new Y.Doc();
  for (const { update } of bare.of('update')) Y.applyUpdate(doc, update);
  return doc;
}

it('[RL71] [RL80] stock clients on two relays edit together and see each other', async () => {
  const [a, b] = (await start(2)) as [TestRelay, TestRelay];
  const [ana, ben] = [base(a), base(b)];
  await until(() => ana.provider.synced && ben.provider.synced, 'sync');
  ana.doc.getText('t').insert(0, 'hello');
  ana.provider.awareness.setLocalStateField('name', 'Ana');
  await until(() => ben.doc.getText('t').toString() === 'hello', 'a change through the other node');
  ben.doc.getText('t').delete(0, 1);
  await until(() => ana.doc.getText('t').toString() === 'ello', 'a deletion back');
  await until(() => ben.provider.awareness.getStates().get(ana.doc.clientID)?.['name'] === 'Ana', 'presence');
  ana.close();
  await until(() => !ben.provider.awareness.getStates().has(ana.doc.clientID), 'leaving');
  const { counts, isWhole } = await a.relay.counts(['board']);
  expect([counts, isWhole]).toEqual([[{ people: 1, connections: 1 }], true]);
});

it('[RL60] [RL71] one relay drains while people draw: they go on at the other, and nothing is lost', async () => {
  const [a, b] = (await start(2)) as [TestRelay, TestRelay];
  const [ana, ben] = [await enter(a, 1), await enter(b, 2)];
  const doc = new Y.Doc();
  for (let i = 0; i < 50; i++) ana.send({ type: 'update', update: change(doc, (d) => d.getMap('m').set(`k${i}`, i)) });
  const drained = a.relay.drain({ deadlineMs: 5_000 });
  expect(await drained).toEqual({ unsavedBytes: 0 });
  const acked = ana.of('ack').at(-1)?.count ?? 0;
  await until(() => docOf(ben).getMap('m').size >= acked, 'what was acknowledged, on the other node');
  const moved = await enter(b, 1);
  moved.send({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(doc) });
  await until(() => moved.of('ack').length > 0, 'ack');
  expect((await storedDoc(b.store, 'board')).getMap('m').size).toBe(50);
});

it('[RL84] erasing a room through a relay that does not have it open closes its members on the others', async () => {
  const [a, b, c] = (await start(3)) as [TestRelay, TestRelay, TestRelay];
  const [ana, ben] = [await enter(a, 1), await enter(b, 2)];
  ana.send({ type: 'update', update: change(new Y.Doc(), (d) => d.getMap('m').set('a', 1)) });
  await until(() => ana.of('ack').length > 0, 'ack');
  await c.relay.erase('board');
  await until(() => ana.closed !== null && ben.closed !== null, 'both are sent away');
  expect(ana.closed?.code).toBe(ben.closed?.code);
  await until(() => relays.every(({ relay }) => relay.stats().rooms === 0), 'no room is left');
  const late = await enter(c, 3);
  await until(() => late.closed !== null, 'the client that comes later to be closed');
});
