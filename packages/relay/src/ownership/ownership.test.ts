/** Changes under another user's client id: attacks that fail, and honest uses that still work. */

import { encodeAwareness } from '@wetink/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { breakApplying } from '../testing/broken-apply.ts';
import { createCluster, sameDocument, type Cluster } from '../testing/cluster.ts';
import { answersOf, docOf, forged, questionsTo } from '../testing/ownership.ts';
import type { ClientOptions, TestClient } from '../testing/test-client.ts';

const VICTIM = 77;

let cluster: Cluster;

beforeEach(() => {
  cluster = createCluster({ nodes: 1 });
});

afterEach(() => vi.restoreAllMocks());

const settle = (): Promise<void> => cluster.time.advance(200);

/** The update of a client that has nothing new. */
const nothing = new Uint8Array([0, 0]);

function change(doc: Y.Doc): Uint8Array {
  doc.getMap('m').set('k', 1);
  return Y.encodeStateAsUpdate(doc);
}

function enter(options: ClientOptions = {}): TestClient {
  return cluster.enter(0, options);
}

const victim = (options: ClientOptions = {}): TestClient => enter({ doc: docOf(VICTIM), ...options });

describe('an attacker', () => {
  for (const [what, update] of [
    ['at its next clock', forged(VICTIM, 1)],
    ['with all the clocks it has', forged(VICTIM, 1, 2 ** 31 - 2)],
    ['beyond a gap', forged(VICTIM, 5)],
  ] as const) {
    it(`[OW2] an attacker that sends a struct of a live client ${what} is refused, and that client’s next changes are applied`, async () => {
      const [ana, ben, mallory] = [victim(), enter(), enter()];
      ana.set('first', 1);
      await settle();
      mallory.sendUpdate(update);
      await settle();
      expect([answersOf(mallory), mallory.acked, mallory.isRefused]).toEqual([['FOREIGN_CLIENT 2'], 1, true]);
      for (let i = 0; i < 5; i++) ana.set(`k${i}`, i);
      await settle();
      expect(ben.keys()).toEqual(ana.keys());
      expect(sameDocument(ben.doc, ana.doc) && sameDocument(ana.doc, await cluster.stored())).toBe(true);
      expect([ana.ended, ana.acked]).toEqual([null, ana.sent]);
    });
  }

  it('[OW2] an attacker with a stock client is closed', async () => {
    const [ana, mallory] = [victim(), enter({ isExtension: false })];
    await settle();
    mallory.sendUpdate(forged(VICTIM, 0));
    await settle();
    expect(mallory.ended).toBe('FOREIGN_CLIENT');
    ana.set('k', 1);
    await settle();
    expect(ana.acked).toBe(ana.sent);
  });

  it('[OW3] when an attacker forges clocks that the owner has made and not yet sent, the owner’s structs come first', async () => {
    const [ana, ben, mallory] = [victim(), enter(), enter()];
    await settle();
    const updates: Uint8Array[] = [];
    ana.doc.on('update', (update: Uint8Array) => updates.push(update));
    ana.doc.getMap('m').set('mine', 1);
    ana.doc.getMap('m').set('also', 1);
    mallory.sendUpdate(forged(VICTIM, 0, 2));
    for (const update of updates) ana.sendUpdate(update);
    await settle();
    expect(ben.keys()).toEqual(['also', 'mine']);
    // By then those clocks exist, so to the relay the forged message brings nothing new.
    expect([answersOf(mallory), mallory.acked]).toEqual([[], 2]);
  });

  it('[OW8] an attacker that sends again and again costs the owner one question at a time', async () => {
    const ana = victim({ isSilent: true });
    for (let i = 0; i < 20; i++) enter().sendUpdate(forged(VICTIM, 0));
    await settle();
    expect(questionsTo(ana)).toBe(2);
  });

  it('[OW6] with user ids, introducing the client id of a user who is away does not take it over', async () => {
    const before = victim({ userId: 'ana' });
    before.set('first', 1);
    await settle();
    before.leave();
    const mallory = enter({ doc: docOf(VICTIM), userId: 'mallory', isSilent: true });
    await settle();
    const ana = victim({ userId: 'ana', doc: before.doc });
    ana.set('second', 2);
    await settle();
    expect([ana.acked, ana.ended]).toEqual([ana.sent, null]);
    mallory.sendUpdate(forged(VICTIM, 2));
    await settle();
    expect(answersOf(mallory)).toEqual(['FOREIGN_CLIENT 1']);
  });

  it('[OW6] with user ids, carrying the presence of another user’s second tab does not take its client id over', async () => {
    const presence = (clock: number) => ({ type: 'awareness', body: encodeAwareness([{ clientId: VICTIM, clock, state: '{}' }]) }) as const;
    const before = enter({ userId: 'ana' });
    before.say(presence(1));
    before.leave();
    const mallory = enter({ userId: 'mallory', isSilent: true });
    mallory.say(presence(2));
    const ana = enter({ userId: 'ana' });
    ana.say(presence(3));
    ana.sendUpdate(change(docOf(VICTIM)));
    await settle();
    expect([ana.acked, ana.ended, questionsTo(mallory)]).toEqual([2, null, 1]);
  });

  it('[OW6] with user ids, introducing another user’s client id as a viewer does not take it over', async () => {
    const viewer = victim({ userId: 'viewer', role: 'viewer', isSilent: true });
    viewer.say({ type: 'awareness', body: encodeAwareness([{ clientId: VICTIM, clock: 1, state: '{}' }]) });
    const ana = victim({ userId: 'ana' });
    const mallory = enter({ userId: 'mallory' });
    await settle();
    mallory.sendUpdate(forged(VICTIM, 0));
    await settle();
    ana.set('k', 1);
    await settle();
    expect([answersOf(mallory), ana.acked, ana.isRefused]).toEqual([['FOREIGN_CLIENT 2'], ana.sent, false]);
  });

  it('[OW6] without user ids, introducing the client id of a member that is here does not stop that member from writing', async () => {
    const ana = victim();
    const mallory = enter({ doc: docOf(VICTIM), isSilent: true });
    ana.set('k', 1);
    await settle();
    expect([ana.acked, questionsTo(mallory)]).toEqual([2, 1]);
  });

  it('[OW6] with user ids, introducing the client id of a user who is here does not take it over', async () => {
    const ana = victim({ userId: 'ana' });
    await settle();
    const mallory = enter({ doc: docOf(VICTIM), userId: 'mallory' });
    mallory.sendUpdate(forged(VICTIM, 0));
    await settle();
    expect([answersOf(mallory), questionsTo(ana)]).toEqual([['FOREIGN_CLIENT 1'], 2]);
  });

  it('[OW2] nothing behind a refused message is taken, and the socket is read on', async () => {
    cluster = createCluster({ nodes: 1, limits: { maxWaitingBytes: 100 } });
    const [ana, ben, mallory] = [victim({ isSilent: true }), enter(), enter()];
    await settle();
    mallory.sendUpdate(forged(VICTIM, 0));
    mallory.set('behind', 'x'.repeat(100));
    await settle();
    expect(mallory.isPaused).toBe(true);
    // Answers to the greeting and to the question.
    for (let i = 0; i < 2; i++) ana.say({ type: 'sync-step-2', update: nothing });
    await settle();
    expect([ben.keys(), answersOf(mallory), mallory.isPaused]).toEqual([[], ['FOREIGN_CLIENT 2'], false]);
  });

  it('[OW4] structs forged for an owner that is away are taken; the owner sees clocks it never made when it is back', async () => {
    const ana = victim();
    ana.set('first', 1);
    await settle();
    ana.leave();
    const mallory = enter();
    mallory.sendUpdate(forged(VICTIM, 1));
    await settle();
    expect(answersOf(mallory)).toEqual([]);
    const again = victim({ doc: ana.doc });
    const told = again.received.find((message) => message.type === 'sync-step-1');
    expect(Y.decodeStateVector(told?.type === 'sync-step-1' ? told.stateVector : new Uint8Array([0])).get(VICTIM)).toBe(2);
  });
});

describe('while a message waits', () => {
  it('[OW1] all messages behind a held message wait in order, and are acknowledged in order', async () => {
    const [ana, mallory, ben] = [victim({ isSilent: true }), enter(), enter()];
    await settle();
    // A copy of a change that Ana made and the relay lacks.
    ana.doc.getMap('m').set('of ana', 1);
    mallory.sendUpdate(Y.encodeStateAsUpdate(ana.doc));
    mallory.set('behind', 1);
    await cluster.time.advance(2_000);
    expect([ben.keys(), mallory.acked, mallory.sent]).toEqual([[], 1, 3]);
    ana.isSilent = false;
    ana.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(ana.doc) });
    await settle();
    expect([ben.keys(), mallory.acked]).toEqual([['behind', 'of ana'], 3]);
  });

  it('[OW1] with a slow journal no held message is acknowledged early', async () => {
    const [ana, mallory] = [victim(), enter()];
    await settle();
    cluster.node(0).store.held.append = true;
    ana.doc.getMap('m').set('of ana', 1);
    mallory.sendUpdate(Y.encodeStateAsUpdate(ana.doc));
    mallory.set('behind', 1);
    await settle();
    expect(mallory.acked).toBe(1);
    cluster.node(0).store.held.append = false;
    // The store in between looks again after 2 ms of real time.
    await vi.waitFor(() => expect(mallory.acked).toBe(3));
    expect([mallory.acked, answersOf(mallory)]).toEqual([3, []]);
  });

  it('[OW4] a held message is applied when the owner leaves', async () => {
    const [ana, mallory, ben] = [victim({ isSilent: true }), enter(), enter()];
    await settle();
    ana.doc.getMap('m').set('of ana', 1);
    mallory.sendUpdate(Y.encodeStateAsUpdate(ana.doc));
    await settle();
    expect(ben.keys()).toEqual([]);
    ana.leave();
    await settle();
    expect([ben.keys(), mallory.acked]).toEqual([['of ana'], 2]);
  });

  it('[OW1] a held message is dropped when its sender leaves', async () => {
    const [ana, mallory, ben] = [victim({ isSilent: true }), enter(), enter()];
    await settle();
    mallory.sendUpdate(forged(VICTIM, 0));
    mallory.set('behind', 1);
    mallory.leave();
    ana.leave();
    await settle();
    expect(ben.keys()).toEqual([]);
  });

  it('[OW1] an owner’s answer to an earlier SyncStep1 does not release a held message', async () => {
    const [ana, ben] = [victim({ isSilent: true }), enter()];
    await settle();
    const greeted = Y.encodeStateAsUpdate(ana.doc);
    ana.doc.getMap('m').set('of ana', 1);
    ben.sendUpdate(Y.encodeStateAsUpdate(ana.doc));
    ana.say({ type: 'sync-step-2', update: greeted });
    await settle();
    expect([ben.acked, answersOf(ben)]).toEqual([1, []]);
    ana.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(ana.doc) });
    await settle();
    expect([ben.acked, ben.keys()]).toEqual([2, ['of ana']]);
  });

  it('[OW5] when the owner does not answer, the sender is closed to come back, and nothing of its message was applied', async () => {
    const [ana, mallory, ben] = [victim({ isSilent: true }), enter(), enter()];
    await settle();
    ana.doc.getMap('m').set('of ana', 1);
    mallory.sendUpdate(Y.encodeStateAsUpdate(ana.doc));
    await cluster.time.advance(9_500);
    expect(mallory.ended).toBe(null);
    await cluster.time.advance(2_000);
    expect([mallory.ended, ben.keys(), ana.ended]).toEqual(['INCOMPLETE', [], null]);
  });

  it('[OW8] the socket of a held message is paused beyond maxWaitingBytes, and read on when the message is done', async () => {
    cluster = createCluster({ nodes: 1, limits: { maxWaitingBytes: 1_000 } });
    const [ana, mallory] = [victim({ isSilent: true }), enter()];
    await settle();
    mallory.sendUpdate(forged(VICTIM, 0));
    mallory.set('small', 1);
    await cluster.time.advance(20);
    expect(mallory.isPaused).toBe(false);
    mallory.set('long', 'x'.repeat(1_000));
    await cluster.time.advance(20);
    expect(mallory.isPaused).toBe(true);
    ana.leave();
    await settle();
    expect([mallory.isPaused, mallory.acked]).toEqual([false, mallory.sent]);
  });

  it('[OW1] a held message still waits after the document was built anew', async () => {
    breakApplying('evil');
    const [ana, mallory, eve] = [victim({ isSilent: true }), enter(), enter()];
    await settle();
    ana.doc.getMap('m').set('of ana', 1);
    mallory.sendUpdate(Y.encodeStateAsUpdate(ana.doc));
    eve.set('evil', 1);
    await settle();
    expect([eve.ended, cluster.node(0).counted.loads, mallory.acked]).toEqual(['BAD_UPDATE', 2, 1]);
    ana.isSilent = false;
    ana.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(ana.doc) });
    await settle();
    expect([mallory.acked, mallory.ended]).toEqual([2, null]);
  });
});
