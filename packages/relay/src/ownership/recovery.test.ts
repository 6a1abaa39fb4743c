/** Structs of other users' client ids that bring a lost document back: they are still taken. */

import { encodeAwareness } from '@wetink/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createCluster, sameDocument, type Cluster } from '../testing/cluster.ts';
import { answersOf, docOf, forged, questionsTo } from '../testing/ownership.ts';
import type { ClientOptions, TestClient } from '../testing/test-client.ts';

const VICTIM = 77;

let cluster: Cluster;

beforeEach(() => {
  cluster = createCluster({ nodes: 1 });
});

const settle = (): Promise<void> => cluster.time.advance(200);

function enter(options: ClientOptions = {}): TestClient {
  return cluster.enter(0, options);
}

const victim = (options: ClientOptions = {}): TestClient => enter({ doc: docOf(VICTIM), ...options });

describe('recovery goes on', () => {
  it('[OW4] any member brings back lost structs of users who are away', async () => {
    const doc = new Y.Doc();
    for (const id of [501, 502, 503]) {
      doc.clientID = id;
      doc.getMap('m').set(`of ${id}`, id);
    }
    doc.clientID = 9;
    const [ana, ben] = [enter({ doc }), enter()];
    await settle();
    expect([ben.keys(), ana.acked, questionsTo(ana)]).toEqual([['of 501', 'of 502', 'of 503'], 1, 1]);
  });

  it('[OW2] a member brings back lost structs of a user who is here, after that user was asked', async () => {
    const ana = victim({ isSilent: true });
    ana.doc.getMap('m').set('of ana', 1);
    const ben = enter();
    Y.applyUpdate(ben.doc, Y.encodeStateAsUpdate(ana.doc));
    ben.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(ben.doc) });
    ana.isSilent = false;
    ana.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(ana.doc) });
    await settle();
    expect(sameDocument(ana.doc, await cluster.stored())).toBe(true);
    expect([ben.ended, answersOf(ben)]).toEqual([null, []]);
  });

  for (const isExtension of [true, false]) {
    it(`[OW7] when all members bring the structs of all at once, none waits for another (${isExtension ? 'extension' : 'stock'})`, async () => {
      const docs = Array.from({ length: 8 }, (_, i) => docOf(100 + i));
      for (let round = 0; round < 3; round++) {
        docs.forEach((doc, i) => doc.getMap('m').set(`${i} ${round}`, round));
        docs.forEach((doc) => docs[0] !== undefined && doc !== docs[0] && Y.applyUpdate(docs[0], Y.encodeStateAsUpdate(doc)));
        docs.forEach((doc) => docs[0] !== undefined && Y.applyUpdate(doc, Y.encodeStateAsUpdate(docs[0])));
      }
      // All have joined before any of them is asked.
      const people = docs.map((doc) => enter({ doc, isExtension }));
      await settle();
      expect((await cluster.stored()).getMap('m').size).toBe(24);
      for (const { doc, ended, isRefused } of people)
        expect([sameDocument(doc, docs[0] ?? doc), ended, isRefused]).toEqual([true, null, false]);
      if (isExtension) expect(people.every(({ acked, sent }) => acked === sent)).toBe(true);
    });
  }

  it('[OW7] when two members bring each other’s structs and their own that build on them, both get all of it', async () => {
    const write = (doc: Y.Doc, what: string): void => doc.getText('t').insert(0, what);
    const [anas, bens] = [docOf(101), docOf(102)];
    write(anas, 'first of ana, ');
    Y.applyUpdate(bens, Y.encodeStateAsUpdate(anas));
    write(bens, 'of ben, ');
    Y.applyUpdate(anas, Y.encodeStateAsUpdate(bens));
    write(anas, 'last of ana, ');
    write(bens, 'last of ben, ');
    const [ana, ben] = [enter({ doc: anas }), enter({ doc: bens })];
    await settle();
    expect([ana.acked === ana.sent, ben.acked === ben.sent]).toEqual([true, true]);
    expect(anas.getText('t').length).toBe('first of ana, of ben, last of ana, last of ben, '.length);
    expect(sameDocument(bens, anas)).toBe(true);
  });

  it('[OW7] structs that an owner brings itself are taken from it, not from a member that sent other ones first', async () => {
    const doc = docOf(VICTIM);
    doc.getMap('m').set('of ana', 1);
    doc.getMap('m').set('of ana too', 1);
    // Ana's message waits for Mallory's id, and Mallory's for Ana's.
    const mallorys = docOf(66);
    mallorys.getMap('m').set('of mallory', 1);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(mallorys));
    const mallory = enter({ doc: docOf(66), isSilent: true });
    const ana = enter({ doc, isSilent: true });
    const ben = enter();
    await settle();
    mallory.say({ type: 'sync-step-2', update: Y.mergeUpdates([Y.encodeStateAsUpdate(mallorys), forged(VICTIM, 0, 2)]) });
    ana.say({ type: 'sync-step-2', update: Y.encodeStateAsUpdate(doc) });
    await settle();
    expect(ben.keys()).toEqual(['of ana', 'of ana too', 'of mallory']);
    expect([ana.acked, ana.ended]).toEqual([1, null]);
  });

  for (const isFirst of [true, false]) {
    it(`[OW7] an owner whose message waits vouches for its id, and no member is acknowledged before the document has it (owner ${isFirst ? 'first' : 'second'})`, async () => {
      const zoe = enter({ doc: docOf(66), isSilent: true });
      const [ana, ben, cem] = [victim({ isSilent: true }), enter(), enter()];
      await settle();
      ana.doc.getMap('m').set('of ana', 1);
      const ofAna = Y.encodeStateAsUpdate(ana.doc);
      zoe.doc.getMap('m').set('of zoe', 1);
      const waits = Y.mergeUpdates([ofAna, Y.encodeStateAsUpdate(zoe.doc)]);
      if (isFirst) ana.sendUpdate(waits);
      ben.doc.getMap('m').set('of ben', 1);
      ben.sendUpdate(Y.mergeUpdates([Y.encodeStateAsUpdate(ben.doc), ofAna]));
      if (!isFirst) for (let i = 0; i < 2; i++) ana.say({ type: 'sync-step-2', update: waits });
      await settle();
      expect([cem.keys(), ben.acked, answersOf(ben)]).toEqual([['of ben'], 1, []]);
      zoe.leave();
      await settle();
      expect([cem.keys(), ben.acked]).toEqual([['of ana', 'of ben', 'of zoe'], 2]);
    });
  }

  it('[OW6] with tabs behind one socket, a connection owns the ids whose presence it carries', async () => {
    const [ana, ben] = [enter(), enter()];
    const other = docOf(VICTIM);
    ana.say({ type: 'awareness', body: encodeAwareness([{ clientId: VICTIM, clock: 1, state: '{}' }]) });
    other.getMap('m').set('of the other tab', 1);
    ana.sendUpdate(Y.encodeStateAsUpdate(other));
    await settle();
    expect([ben.keys(), ana.acked, questionsTo(ana)]).toEqual([['of the other tab'], 2, 1]);
    // It owns no other member's ids.
    const mallory = enter();
    mallory.sendUpdate(forged(VICTIM, 1));
    await settle();
    expect(answersOf(mallory)).toEqual(['FOREIGN_CLIENT 1']);
  });

  for (const userId of ['', 'ana']) {
    it(`[OW6] a client that comes back writes on while its broken connection is still open (user '${userId}')`, async () => {
      const dead = victim({ userId, isSilent: true });
      await settle();
      dead.doc.getMap('m').set('unsent', 1);
      const ana = victim({ userId, doc: dead.doc });
      await settle();
      ana.set('more', 1);
      await settle();
      expect([ana.acked, ana.sent, questionsTo(dead)]).toEqual([2, 2, 1]);
      expect((await cluster.stored()).getMap('m').size).toBe(2);
    });
  }

  it('[OW4] a viewer owns no id, since it answers no question', async () => {
    const ana = victim({ role: 'viewer', isSilent: true });
    ana.doc.getMap('m').set('of ana', 1);
    const ben = enter();
    ben.sendUpdate(Y.encodeStateAsUpdate(ana.doc));
    await settle();
    expect([ben.acked, ben.isRefused]).toEqual([2, false]);
  });
});
