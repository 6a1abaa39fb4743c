/** Changes of one tick: handled together, and a bad one harms its sender alone. */

import type { Store } from '@wetink/storage';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { Journal } from '../journal/journal.ts';
import { createCluster, type Cluster } from '../testing/cluster.ts';
import { breakApplying } from '../testing/broken-apply.ts';
import { forged } from '../testing/ownership.ts';
import { drivenStore, Gate } from '../testing/driven-store.ts';
import { TestClient } from '../testing/test-client.ts';
import { Inbox } from './inbox.ts';
import { JointChanges } from './joint-changes.ts';

afterEach(() => vi.restoreAllMocks());

const settle = (cluster: Cluster): Promise<void> => cluster.time.advance(300);
const updatesTo = (client: TestClient): Uint8Array[] =>
  client.received.flatMap((message) => (message.type === 'update' ? [message.update] : []));
const rowsOf = (cluster: Cluster): number => cluster.disk.roomsByName.get('board')?.rows.length ?? 0;

/** What a client sends that has nothing which the relay lacks. */
function answerWithNothing(client: TestClient): void {
  client.sent += 1;
  client.say({ type: 'sync-step-2', update: new Uint8Array([0, 0]) });
}

async function entered(cluster: Cluster, count: number): Promise<TestClient[]> {
  const clients = Array.from({ length: count }, () => cluster.enter(0));
  await settle(cluster);
  return clients;
}

describe('one tick', () => {
  it('[RL91] changes of twelve members in one tick make one transaction, one message for each member, one row, and an ack for each', async () => {
    const cluster = createCluster({ nodes: 1 });
    const [reader, ...writers] = await entered(cluster, 13);
    const emitted = vi.spyOn(Y.Doc.prototype, 'emit');
    for (const [i, writer] of writers.entries()) writer.set(`k${i}`, i);
    await settle(cluster);
    // A client's document emits too when it applies an update, so only the relay's counts.
    const clientDocs = new Set([reader, ...writers].map((client) => client?.doc));
    const ofRelay = emitted.mock.contexts.filter((doc, at) => emitted.mock.calls[at]?.[0] === 'update' && !clientDocs.has(doc as Y.Doc));
    expect([ofRelay.length, updatesTo(reader as TestClient).length, rowsOf(cluster)]).toEqual([1, 1, 1]);
    // Other events have no listener, and would cost a Map each.
    expect(emitted.mock.contexts.filter((doc) => !clientDocs.has(doc as Y.Doc))).toEqual(ofRelay);
    expect(reader?.keys()).toHaveLength(12);
    for (const writer of writers) expect([writer.keys().length, writer.acked]).toEqual([12, writer.sent]);
  });

  it('[RL20] [RL91] two authors of a tick get the change of the other and not their own', async () => {
    const cluster = createCluster({ nodes: 1 });
    const [reader, ana, ben] = (await entered(cluster, 3)) as [TestClient, TestClient, TestClient];
    ana.set('ana', 1);
    ben.set('ben', 1);
    await settle(cluster);
    expect([updatesTo(reader).length, updatesTo(ana).length, updatesTo(ben).length]).toEqual([1, 1, 1]);
    const clientsIn = (client: TestClient): number[] => updatesTo(client).flatMap((update) => [...Y.parseUpdateMeta(update).to.keys()]);
    expect([clientsIn(ana), clientsIn(ben)]).toEqual([[ben.doc.clientID], [ana.doc.clientID]]);
    for (const client of [reader, ana, ben]) expect(client.keys()).toEqual(['ana', 'ben']);
  });

  it('[RL90] a lone writer waits for the end of the turn alone; a room that has just ticked waits for 16 ms', async () => {
    const cluster = createCluster({ nodes: 1 });
    const [reader, ana] = (await entered(cluster, 2)) as [TestClient, TestClient];
    ana.set('first', 1);
    await cluster.time.advance(0);
    expect(reader.keys()).toEqual(['first']);
    ana.set('second', 1);
    await cluster.time.advance(15);
    expect(reader.keys()).toEqual(['first']);
    await cluster.time.advance(1);
    expect(reader.keys()).toEqual(['first', 'second']);
  });

  it.each([
    ['an ack goes at once, also when other changes wait for the next tick', { isLate: false, types: ['ack', 'update'] }],
    ['while the event loop is late, an ack goes with the changes of the next tick', { isLate: true, types: ['update', 'ack'] }],
  ])('[RL92] %s', async (_, { isLate, types }) => {
    const gate = new Gate();
    gate.let(10);
    const cluster = createCluster({ nodes: 1, wrapStore: (inner) => drivenStore(inner, { after: gate.enter }).store });
    const [ana, ben] = (await entered(cluster, 2)) as [TestClient, TestClient];
    gate.hold();
    vi.spyOn(Inbox.prototype, 'isLate', 'get').mockReturnValue(isLate);
    ana.set('first', 1);
    await cluster.time.advance(0);
    ben.set('near', 1);
    gate.let(1);
    await cluster.time.advance(15);
    expect([ana.acked === ana.sent, ana.keys()]).toEqual([!isLate, ['first']]);
    await cluster.time.advance(1);
    expect([ana.acked === ana.sent, ana.keys()]).toEqual([true, ['first', 'near']]);
    expect(ana.received.slice(-2).map(({ type }) => type)).toEqual(types);
  });

  it('[RL91] an answer that brings nothing makes no transaction and is acknowledged', async () => {
    const cluster = createCluster({ nodes: 1 });
    const [ana] = (await entered(cluster, 1)) as [TestClient];
    ana.set('k', 1);
    await settle(cluster);
    const transacted = vi.spyOn(Y.Doc.prototype, 'transact');
    answerWithNothing(ana);
    await settle(cluster);
    expect([ana.acked, transacted.mock.calls]).toEqual([ana.sent, []]);
  });

  it('[RL90] the answer of a member that was asked and has nothing new waits for no tick; one that was not asked for does', async () => {
    const cluster = createCluster({ nodes: 1 });
    const [ana] = (await entered(cluster, 1)) as [TestClient];
    const ben = cluster.enter(0, { isSilent: true });
    ana.set('k', 1);
    await cluster.time.advance(0);
    answerWithNothing(ben);
    expect(ben.acked).toBe(1);
    for (let i = 0; i < 9; i++) answerWithNothing(ben);
    expect(ben.acked).toBe(1);
    await settle(cluster);
    expect([ben.acked, ben.received.filter(({ type }) => type === 'ack')]).toEqual([10, [expect.anything(), expect.anything()]]);
  });

  it('[RL92] an answer that brings nothing is acknowledged after the changes before it, when these are on disk', async () => {
    const gate = new Gate();
    gate.let(10);
    const cluster = createCluster({ nodes: 1, wrapStore: (inner) => drivenStore(inner, { after: gate.enter }).store });
    const [ana] = (await entered(cluster, 1)) as [TestClient];
    const ben = cluster.enter(0, { isSilent: true });
    ana.set('k', 1);
    await cluster.time.advance(0);
    gate.hold();
    ben.set('waits for the tick', 1);
    answerWithNothing(ben);
    await settle(cluster);
    expect([ben.acked, ana.keys()]).toEqual([0, ['k', 'waits for the tick']]);
    gate.let(1);
    await settle(cluster);
    expect(ben.acked).toBe(2);
  });

  it('[RL92] an answer that brings nothing covers no change of others that is not on disk', async () => {
    const gate = new Gate();
    gate.let(10);
    const cluster = createCluster({ nodes: 1, wrapStore: (inner) => drivenStore(inner, { after: gate.enter }).store });
    const [ana] = (await entered(cluster, 1)) as [TestClient];
    const ben = cluster.enter(0, { isSilent: true });
    gate.hold();
    ana.set('k', 1);
    await settle(cluster);
    answerWithNothing(ben);
    await settle(cluster);
    expect([ben.keys(), ben.acked]).toEqual([['k'], 0]);
    gate.let(1);
    await settle(cluster);
    expect(ben.acked).toBe(1);
  });

  it('members that join before the next change are sent one SyncStep1; those after it, the new one', async () => {
    const cluster = createCluster({ nodes: 1 });
    const sent = vi.spyOn(TestClient.prototype, 'send');
    const questions = (): unknown[] => sent.mock.calls.flatMap(([outgoing]) => (outgoing.type === 'sync-step-1' ? [outgoing] : []));
    const [ana] = (await entered(cluster, 2)) as [TestClient];
    expect(questions()[1]).toBe(questions()[0]);
    ana.set('k', 1);
    await settle(cluster);
    const [ben] = (await entered(cluster, 1)) as [TestClient];
    const vectors = ben.received.flatMap((message) => (message.type === 'sync-step-1' ? [message.stateVector] : []));
    expect(vectors).toEqual([Y.encodeStateVector(ana.doc)]);
  });

  it('[RL90] a SyncStep1 is answered with the changes that came before it', async () => {
    const cluster = createCluster({ nodes: 1 });
    const [ana, ben] = (await entered(cluster, 2)) as [TestClient, TestClient];
    ana.set('first', 1);
    await cluster.time.advance(0);
    ana.set('second', 1);
    ben.say({ type: 'sync-step-1', stateVector: new Uint8Array([0]) });
    expect(ben.keys()).toEqual(['first', 'second']);
  });

  it('[RL90] the changes of a member that leaves are kept', async () => {
    const cluster = createCluster({ nodes: 1 });
    const [reader, ana] = (await entered(cluster, 2)) as [TestClient, TestClient];
    ana.set('first', 1);
    await cluster.time.advance(0);
    ana.set('last', 1);
    ana.leave();
    await settle(cluster);
    expect(reader.keys()).toEqual(['first', 'last']);
  });
});

describe('a bad change among honest ones', () => {
  it('[RL91] one malformed, one forged, one too large, one of a viewer and one that throws: each ends or refuses its sender alone', async () => {
    breakApplying('evil');
    const cluster = createCluster({ nodes: 1, limits: { maxDocumentBytes: 100_000 } });
    const honest = await entered(cluster, 6);
    const victim = cluster.enter(0, { clientId: 77 });
    const [malformed, forger, large, throwing] = (await entered(cluster, 4)) as [TestClient, TestClient, TestClient, TestClient];
    const viewer = cluster.enter(0, { role: 'viewer' });
    await settle(cluster);
    for (const [i, client] of honest.slice(0, 3).entries()) client.set(`before ${i}`, 1);
    malformed.sendUpdate(new Uint8Array([9, 9, 9]));
    forger.sendUpdate(forged(77, 0));
    large.set('large', 'x'.repeat(200_000));
    throwing.set('evil', 1);
    viewer.set('no', 1);
    for (const [i, client] of honest.slice(3).entries()) client.set(`after ${i}`, 1);
    await cluster.time.advance(5_000);
    expect([malformed.ended, throwing.ended]).toEqual(['BAD_UPDATE', 'BAD_UPDATE']);
    expect([forger, large, viewer].map(({ isRefused }) => isRefused)).toEqual([true, true, true]);
    const expected = ['after 0', 'after 1', 'after 2', 'before 0', 'before 1', 'before 2'];
    for (const client of [...honest, victim]) expect([client.ended, client.keys()]).toEqual([null, expected]);
    for (const client of honest) expect(client.acked).toBe(client.sent);
    expect([...(await cluster.stored()).getMap('m').keys()].sort()).toEqual(expected);
  });

  it('[RL91] a bug in handling a batch ends its senders, and the document is built again without what was not stored', async () => {
    const cluster = createCluster({ nodes: 1 });
    const [reader, ana, ben] = (await entered(cluster, 3)) as [TestClient, TestClient, TestClient];
    vi.spyOn(Journal.prototype, 'push').mockImplementationOnce(() => {
      throw new Error('a bug');
    });
    ana.set('ana', 1);
    ben.set('ben', 1);
    await settle(cluster);
    expect([reader.ended, ana.ended, ben.ended]).toEqual([null, 'INTERNAL', 'INTERNAL']);
    const again = cluster.enter(0, { doc: ana.doc });
    await settle(cluster);
    again.set('more', 1);
    await settle(cluster);
    expect(again.acked).toBe(again.sent);
    expect([...(await cluster.stored()).getMap('m').keys()].sort()).toEqual(['ana', 'more']);
  });

  it('[RL91] a bug in making a batch ends the senders of all that waited, and nothing that builds on it is acknowledged', async () => {
    const cluster = createCluster({ nodes: 1 });
    const [ana, ben] = (await entered(cluster, 2)) as [TestClient, TestClient];
    ana.set('x', 1);
    await settle(cluster);
    vi.spyOn(JointChanges.prototype, 'add').mockImplementationOnce(() => {
      throw new Error('a bug');
    });
    ana.edit((doc) => doc.getMap('m').delete('x'));
    ana.edit((doc) => doc.getMap('m').set('y', 1));
    await settle(cluster);
    ana.set('z', 1);
    await settle(cluster);
    expect([ana.ended, ben.ended, ana.acked < ana.sent, ben.keys()]).toEqual(['INTERNAL', null, true, ['x']]);
    const again = cluster.enter(0, { doc: ana.doc });
    await settle(cluster);
    expect([ben.keys(), again.keys()]).toEqual([
      ['y', 'z'],
      ['y', 'z'],
    ]);
  });

  it('[RL92] an ack does not wait for a document that is built again', async () => {
    breakApplying('evil');
    const [loads, appends] = [new Gate(), new Gate()];
    for (const gate of [loads, appends]) gate.let(10);
    const wrapStore = (inner: Store): Store => ({
      ...inner,
      load: drivenStore(inner, { before: loads.enter }).store.load,
      append: drivenStore(inner, { before: appends.enter }).store.append,
    });
    const cluster = createCluster({ nodes: 1, wrapStore });
    const [ana, evil] = (await entered(cluster, 2)) as [TestClient, TestClient];
    for (const gate of [loads, appends]) gate.hold();
    vi.spyOn(Inbox.prototype, 'isLate', 'get').mockReturnValue(true);
    ana.set('first', 1);
    await cluster.time.advance(0);
    evil.set('evil', 1);
    ana.set('second', 1);
    await cluster.time.advance(20);
    appends.let(1);
    await cluster.time.advance(20);
    expect(ana.acked).toBe(ana.sent - 1);
    for (const gate of [loads, appends]) gate.let(10);
    await settle(cluster);
    expect([ana.acked, evil.ended]).toEqual([ana.sent, 'BAD_UPDATE']);
  });

  it('[RL90] a SyncStep1 that finds the document broken by a waiting change is answered from the one built again', async () => {
    breakApplying('evil');
    const cluster = createCluster({ nodes: 1 });
    const [ana, evil, ben] = (await entered(cluster, 3)) as [TestClient, TestClient, TestClient];
    ana.set('first', 1);
    await settle(cluster);
    ana.set('second', 1);
    evil.set('evil', 1);
    ben.received.splice(0);
    ben.say({ type: 'sync-step-1', stateVector: new Uint8Array([0]) });
    await settle(cluster);
    const answers = ben.received.flatMap((message) => (message.type === 'sync-step-2' ? [message.update] : []));
    const answered = new Y.Doc();
    for (const answer of answers) Y.applyUpdate(answered, answer);
    expect([ben.ended, evil.ended, ana.acked]).toEqual([null, 'BAD_UPDATE', ana.sent]);
    expect([...answered.getMap('m').keys()].sort()).toEqual(['first', 'second']);
  });

  it('[RL13] [RL91] a change that leaves something pending ends its transaction and reaches no co-author; those after it are applied too', async () => {
    const cluster = createCluster({ nodes: 1 });
    const [ana, hasty, ben] = (await entered(cluster, 3)) as [TestClient, TestClient, TestClient];
    hasty.isSilent = true;
    hasty.doc.getMap('m').set('lost', 1);
    ana.set('ana', 1);
    hasty.set('waits', 1);
    ben.set('ben', 1);
    await settle(cluster);
    expect([ana.keys(), hasty.acked < hasty.sent, ben.acked]).toEqual([['ana', 'ben'], true, ben.sent]);
    // Yjs would hide it, so the bytes are looked at.
    for (const client of [ana, ben])
      for (const update of updatesTo(client)) expect(Y.parseUpdateMeta(update).to.has(hasty.doc.clientID)).toBe(false);
    hasty.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(hasty.doc) });
    await settle(cluster);
    expect(ana.keys()).toEqual(['ana', 'ben', 'lost', 'waits']);
  });
});
