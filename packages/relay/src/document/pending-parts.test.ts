import { encode, writeVarUint } from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { RoomDocument } from './room-document.ts';
import { createCluster, sameDocument } from '../testing/cluster.ts';
import { seeded } from '../testing/seeded.ts';
import { change } from '../testing/harness.ts';
import { PendingParts } from './pending-parts.ts';

/** Deletes `count` single clocks of a client. */
const deletionsOf = (client: number, count: number): Uint8Array =>
  encode((encoder) => {
    for (const number of [0, 1, client, count]) writeVarUint(encoder, number);
    for (let i = 0; i < count; i++) for (const number of [2 * i, 1]) writeVarUint(encoder, number);
  });

/** Two people write into one text by turns, one update a turn. Ben's updates build on Ana's, and hers on his if she `answers`. */
function byTurns(turns: number, { answers } = { answers: false }): { ana: Uint8Array[]; ben: Uint8Array[] } {
  const [ana, ben] = [new Y.Doc(), new Y.Doc()];
  [ana.clientID, ben.clientID] = [1, 2];
  const made: { ana: Uint8Array[]; ben: Uint8Array[] } = { ana: [], ben: [] };
  for (let i = 0; i < turns; i++) {
    made.ana.push(change(ana, (doc) => doc.getText('t').insert(0, 'a')));
    Y.applyUpdate(ben, made.ana[i] ?? new Uint8Array());
    made.ben.push(change(ben, (doc) => doc.getText('t').insert(answers ? 0 : 1, 'b')));
    if (answers) Y.applyUpdate(ana, made.ben[i] ?? new Uint8Array());
  }
  return made;
}

describe('what waits', () => {
  it('[RL13] a pending part lies outside Yjs, which reads nothing again, and is retried when an id that it waits for moves on', () => {
    const doc = new Y.Doc();
    const parts = new PendingParts();
    const author = new Y.Doc();
    const [first, second, third] = ['one', 'two', 'three'].map((text) => change(author, (d) => d.getArray('a').push([text])));
    for (const update of [third, deletionsOf(9, 100), second]) {
      Y.applyUpdate(doc, update ?? new Uint8Array());
      expect(parts.take(doc.store)).toBeGreaterThan(0);
      expect([doc.store.pendingStructs, doc.store.pendingDs]).toEqual([null, null]);
    }
    let tries = 0;
    doc.on('beforeTransaction', () => (tries += 1));
    Y.applyUpdate(
      doc,
      change(new Y.Doc(), (d) => d.getArray('a').push(['other'])),
    );
    parts.retry(doc, [author.clientID + 1, author.clientID]);
    expect(tries).toBe(1);
    Y.applyUpdate(doc, first ?? new Uint8Array());
    parts.retry(doc, [author.clientID]);
    expect(tries).toBe(4);
    expect(doc.getArray('a').toArray().slice(-3).sort()).toEqual(expect.arrayContaining(['two']));
    expect([parts.hasStructs, parts.isEmpty]).toEqual([false, false]);
  });

  it('[RL15] thousands of deletions of structs that never came cost no more than their size, and other updates nothing', () => {
    const document = new RoomDocument();
    // Reading all of them again with each new one took 89 s.
    for (let i = 0; i < 3_000; i++)
      expect(document.apply(deletionsOf(100_000 + (i % 500), 100))).toMatchObject({ kind: 'applied', changes: [] });
    expect(document.pendingBytes).toBeGreaterThan(3_000 * 200);
    document.dropPending();
    expect(document.pendingBytes).toBe(0);
  });

  it('[RL15] a pending part counts with its size in memory, also a byte that stands for a thousand structs, and many small parts', () => {
    const document = new RoomDocument();
    const { ana, ben } = byTurns(500);
    document.apply(Y.mergeUpdates(ben));
    expect(document.pendingBytes).toBeGreaterThan(Y.mergeUpdates(ben).length);
    const before = document.pendingBytes;
    for (const update of ana.slice(1)) document.apply(update);
    expect(document.pendingBytes).toBeGreaterThan(before + 499 * 64);
    document.apply(ana[0] ?? new Uint8Array());
    expect([document.pendingBytes, document.clockOf(1), document.clockOf(2)]).toEqual([0, 500, 500]);
  });

  it.each(Array.from({ length: 40 }, (_, i) => i + 1))(
    '[RL13] in whatever order it comes, all of it is there in the end (seed %i)',
    (seed) => {
      const random = seeded(seed);
      const docs = [1, 2, 3].map((clientId) => Object.assign(new Y.Doc(), { clientID: clientId }));
      const updates: Uint8Array[] = [];
      for (let i = 0; i < 60; i++) {
        const doc = docs[Math.floor(random() * docs.length)] ?? new Y.Doc();
        const text = doc.getText('t');
        const at = Math.floor(random() * (text.length + 1));
        updates.push(change(doc, () => (random() < 0.3 && at < text.length ? text.delete(at, 1) : text.insert(at, `${i} `))));
        for (const other of docs) if (random() < 0.5) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
      }
      const expected = new Y.Doc();
      for (const update of updates) Y.applyUpdate(expected, update);
      const shuffled = updates.map((update) => ({ update, at: random() })).sort((a, b) => a.at - b.at);
      const [document, follower] = [new RoomDocument(), new Y.Doc()];
      const needs = shuffled.map(({ update }) => {
        const outcome = document.apply(update);
        if (outcome.kind !== 'applied') throw new Error(`seed ${seed}: ${outcome.kind}`);
        for (const change of outcome.changes) Y.applyUpdate(follower, change);
        expect(outcome.changes.length).toBeLessThanOrEqual(1);
        return outcome.need;
      });
      expect(document.pendingBytes).toBe(0);
      for (const need of needs) expect(need === null || document.isMet(need)).toBe(true);
      const full = new Y.Doc();
      Y.applyUpdate(full, document.full());
      for (const doc of [full, follower]) expect(sameDocument(doc, expected)).toBe(true);
    },
  );

  it('[RL13] two large sets of updates that wait for each other in turn are retried as one part', () => {
    const doc = new Y.Doc();
    const parts = new PendingParts();
    const { ana, ben } = byTurns(1_000, { answers: true });
    for (const update of [Y.mergeUpdates(ben), Y.mergeUpdates(ana.slice(1)), ana[0] ?? new Uint8Array()]) {
      Y.applyUpdate(doc, update);
      parts.take(doc.store);
    }
    let tries = 0;
    doc.on('beforeTransaction', () => (tries += 1));
    parts.retry(doc, [1]);
    expect([parts.isEmpty, doc.getText('t').length]).toEqual([true, 2_000]);
    // One after the other it would take 2,000 tries, each of all that is left.
    expect(tries).toBeLessThan(20);
  });
});

it('[RL15] a member whose pending part is retried at each step of another member is closed, and the other is not', async () => {
  const cluster = createCluster({ nodes: 1 });
  const { ana, ben } = byTurns(2_000);
  const [drawing, reader, mallory] = [
    cluster.enter(0, { isSilent: true, clientId: 1 }),
    cluster.enter(0),
    cluster.enter(0, { isSilent: true }),
  ];
  await cluster.time.advance(200);
  mallory.sendUpdate(Y.mergeUpdates(ben));
  let steps = 0;
  for (const step of ana) {
    drawing.sendUpdate(step);
    await cluster.time.advance(20);
    steps += 1;
    if (mallory.ended !== null) break;
  }
  expect(mallory.ended).toBe('INCOMPLETE');
  expect(steps).toBeLessThan(64);
  for (const step of ana.slice(steps)) drawing.sendUpdate(step);
  await cluster.time.advance(1_000);
  expect([drawing.ended, reader.ended, drawing.acked]).toEqual([null, null, drawing.sent]);
  // It comes back with all of it, like every honest client.
  const doc = new Y.Doc();
  for (const update of [...ana, ...ben]) Y.applyUpdate(doc, update);
  const again = cluster.enter(0, { doc });
  await cluster.untilEqual([again, reader], 5_000);
  expect([again.ended, reader.doc.getText('t').length]).toEqual([null, 4_000]);
});

it('[RL15] a pending part is dropped when its clocks have come with other content and no member waits for it', async () => {
  const cluster = createCluster({ nodes: 1 });
  const [hasty, other, reader] = [cluster.enter(0, { isSilent: true }), cluster.enter(0, { isSilent: true }), cluster.enter(0)];
  await cluster.time.advance(200);
  const { ben } = byTurns(1);
  hasty.sendUpdate(ben[0] ?? new Uint8Array());
  await cluster.time.advance(100);
  expect([hasty.acked, cluster.node(0).room().stats().pendingBytes]).toEqual([
    hasty.sent - 1,
    expect.toSatisfy((bytes: number) => bytes > 0),
  ]);
  const instead = new Y.Doc();
  instead.clientID = 2;
  other.sendUpdate(change(instead, (doc) => doc.getMap('m').set('instead', 1)));
  await cluster.time.advance(2_000);
  expect([hasty.acked, cluster.node(0).room().stats().pendingBytes, hasty.ended]).toEqual([hasty.sent, 0, null]);
  expect(reader.keys()).toEqual(['instead']);
});
