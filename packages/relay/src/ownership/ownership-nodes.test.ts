/** Owners of client ids on another node, which asks its member. */

import { encodeAwareness } from '@wetink/protocol';
import { encode, writeUint8, writeVarUint } from 'lib0/encoding';
import { describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { createCluster, sameDocument, type Cluster } from '../testing/cluster.ts';
import type { ClientOptions, TestClient } from '../testing/test-client.ts';

const VICTIM = 77;

function forged(client: number, clock: number, length = 1): Uint8Array {
  return encode((encoder) => {
    for (const number of [1, 1, client, clock]) writeVarUint(encoder, number);
    writeUint8(encoder, 0);
    writeVarUint(encoder, length);
    writeVarUint(encoder, 0);
  });
}

/** Ana, present in the room by her cursor. */
function ana(cluster: Cluster, node: number, options: ClientOptions = {}): TestClient {
  const doc = options.doc ?? new Y.Doc();
  doc.clientID = VICTIM;
  const client = cluster.enter(node, { ...options, doc });
  client.say({ type: 'awareness', body: encodeAwareness([{ clientId: VICTIM, clock: 1, state: '{}' }]) });
  return client;
}

const answersOf = (client: TestClient): unknown[] =>
  client.received.flatMap((message) => (message.type === 'refused' ? [`${message.code} ${message.count}`] : []));
const questionsTo = (client: TestClient): number => client.received.filter(({ type }) => type === 'sync-step-1').length;

describe.each([
  ['the first node', 0, 1],
  ['the second node', 1, 0],
])('an owner on %s', (_where, here, there) => {
  it('[OW9] an owner on another node is asked there: a forged change is refused, and the owner’s next change is applied', async () => {
    const cluster = createCluster();
    const victim = ana(cluster, here);
    const [ben, mallory] = [cluster.enter(there), cluster.enter(there)];
    victim.set('first', 1);
    await cluster.time.advance(1_000);
    mallory.sendUpdate(forged(VICTIM, 1));
    await cluster.time.advance(500);
    expect([answersOf(mallory), questionsTo(victim)]).toEqual([['FOREIGN_CLIENT 2'], 2]);
    for (let i = 0; i < 5; i++) victim.set(`k${i}`, i);
    await cluster.time.advance(1_000);
    expect(ben.keys()).toEqual(victim.keys());
    expect([victim.ended, victim.acked]).toEqual([null, victim.sent]);
  });

  it('[OW9] an owner on another node keeps clocks it has made and not yet sent, although a client forges them', async () => {
    const cluster = createCluster();
    const victim = ana(cluster, here);
    const [ben, mallory] = [cluster.enter(there), cluster.enter(there)];
    await cluster.time.advance(1_000);
    const updates: Uint8Array[] = [];
    victim.doc.on('update', (update: Uint8Array) => updates.push(update));
    victim.doc.getMap('m').set('mine', 1);
    mallory.sendUpdate(forged(VICTIM, 0, 1));
    await cluster.time.advance(1);
    for (const update of updates) victim.sendUpdate(update);
    await cluster.time.advance(1_000);
    expect([ben.keys(), answersOf(mallory), mallory.acked]).toEqual([['mine'], [], 2]);
  });

  it('[OW9] when an owner on another node sends structs while a copy of them waits, both are acknowledged', async () => {
    const cluster = createCluster();
    const victim = ana(cluster, here, { isSilent: true });
    const ben = cluster.enter(there);
    await cluster.time.advance(1_000);
    victim.doc.getMap('m').set('of ana', 1);
    ben.sendUpdate(Y.encodeStateAsUpdate(victim.doc));
    await cluster.time.advance(3_000);
    expect([ben.ended, ben.acked]).toEqual([null, 1]);
    victim.isSilent = false;
    victim.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(victim.doc) });
    await cluster.time.advance(1_000);
    expect([answersOf(ben), ben.acked, ben.ended]).toEqual([[], 2, null]);
    expect(sameDocument(ben.doc, await cluster.stored())).toBe(true);
  });

  it('[OW9] an owner on another node vouches only for clocks that are durable there', async () => {
    const cluster = createCluster();
    const victim = ana(cluster, here);
    const [ben, cem] = [cluster.enter(there), cluster.enter(there)];
    await cluster.time.advance(1_000);
    cluster.node(here).store.held.append = true;
    victim.doc.getMap('m').set('of ana', 1);
    ben.doc.getMap('m').set('of ben', 1);
    ben.sendUpdate(Y.mergeUpdates([Y.encodeStateAsUpdate(ben.doc), Y.encodeStateAsUpdate(victim.doc)]));
    await cluster.time.advance(2_000);
    expect([cem.keys(), ben.acked]).toEqual([[], 1]);
    cluster.node(here).store.held.append = false;
    await vi.waitFor(async () => {
      await cluster.time.advance(10);
      expect([cem.keys(), ben.acked]).toEqual([['of ana', 'of ben'], 2]);
    });
  });

  it('[OW9] when an owner on another node does not answer, the sender is closed and nothing is applied', async () => {
    const cluster = createCluster();
    const victim = ana(cluster, here, { isSilent: true });
    const ben = cluster.enter(there);
    await cluster.time.advance(1_000);
    victim.doc.getMap('m').set('of ana', 1);
    ben.sendUpdate(Y.encodeStateAsUpdate(victim.doc));
    await cluster.time.advance(12_000);
    expect([ben.ended, (await cluster.stored()).getMap('m').size]).toEqual(['INCOMPLETE', 0]);
  });

  it('[OW9] when an owner on another node leaves, the message that waits for it is applied', async () => {
    const cluster = createCluster();
    const victim = ana(cluster, here, { isSilent: true });
    const ben = cluster.enter(there);
    await cluster.time.advance(1_000);
    victim.doc.getMap('m').set('of ana', 1);
    ben.sendUpdate(Y.encodeStateAsUpdate(victim.doc));
    await cluster.time.advance(2_000);
    expect(ben.acked).toBe(1);
    victim.leave();
    await cluster.time.advance(2_000);
    expect([ben.acked, (await cluster.stored()).getMap('m').size]).toEqual([2, 1]);
  });

  it('[OW10] an owner whose node does not confirm the question, or does not know it, counts as absent', async () => {
    const cluster = createCluster();
    const victim = ana(cluster, here);
    const ben = cluster.enter(there);
    await cluster.time.advance(1_000);
    cluster.losses.drop = 1;
    victim.doc.getMap('m').set('of ana', 1);
    ben.sendUpdate(Y.encodeStateAsUpdate(victim.doc));
    await cluster.time.advance(1_000);
    expect(ben.acked).toBe(1);
    await cluster.time.advance(3_000);
    expect([ben.acked, ben.ended]).toEqual([2, null]);
  });

  it('[OW10] an owner whose node dies counts as absent', async () => {
    const cluster = createCluster();
    const victim = ana(cluster, here, { isSilent: true });
    const ben = cluster.enter(there);
    await cluster.time.advance(1_000);
    victim.doc.getMap('m').set('of ana', 1);
    ben.sendUpdate(Y.encodeStateAsUpdate(victim.doc));
    await cluster.time.advance(500);
    expect(ben.acked).toBe(1);
    cluster.node(here).kill();
    await cluster.time.advance(2_000);
    expect([ben.acked, ben.ended]).toEqual([2, null]);
  });

  it('[OW6] an owner that moves to another node writes on there at once, while its old connection is still open', async () => {
    for (const userId of ['', 'ana']) {
      const cluster = createCluster();
      const before = ana(cluster, here, { userId });
      before.set('first', 1);
      await cluster.time.advance(1_000);
      before.isSilent = true;
      before.doc.getMap('m').set('unsent', 1);
      const after = ana(cluster, there, { doc: before.doc, userId });
      await cluster.time.advance(10);
      after.set('second', 1);
      await cluster.time.advance(1_000);
      expect([after.acked, after.ended]).toEqual([after.sent, null]);
      expect((await cluster.stored()).getMap('m').size).toBe(3);
    }
  });
});

it('[OW10] without the bus an owner on another node counts as absent', async () => {
  const cluster = createCluster();
  const victim = ana(cluster, 0);
  const ben = cluster.enter(1);
  await cluster.time.advance(1_000);
  cluster.bus.breakLink('n1');
  victim.doc.getMap('m').set('of ana', 1);
  ben.sendUpdate(Y.encodeStateAsUpdate(victim.doc));
  await cluster.time.advance(100);
  expect([ben.acked, ben.ended]).toEqual([2, null]);
});
