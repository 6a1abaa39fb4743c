import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { encodeInTurns } from './encode-document.ts';
import { randomOf, type Random } from './fixtures/random.ts';
import { Pace } from './pace.ts';

/** A pace whose turn is always over, with something that happens in each of the page's turns. */
function restless(onTurn: () => void): Pace {
  let now = 0;
  const nextTask = (): Promise<void> => {
    onTurn();
    return Promise.resolve();
  };
  return new Pace({ elapsed: () => (now += 100), nextTask });
}

function change(doc: Y.Doc, random: Random): void {
  const text = doc.getText('t');
  const map = doc.getMap<unknown>('m');
  const at = random.int(text.length + 1);
  switch (random.int(4)) {
    case 0:
      return text.insert(at, 'abc');
    case 1:
      return text.delete(at, Math.min(5, text.length - at));
    case 2:
      return void map.set(`k${random.int(20)}`, new Y.Map([['a', random.int(9)]]));
    default:
      return map.delete(`k${random.int(20)}`);
  }
}

/** Several clients that have heard of each other. */
function grown(random: Random, edits: number): Y.Doc {
  const docs = [new Y.Doc(), new Y.Doc(), new Y.Doc()];
  for (let edit = 0; edit < edits; edit++) {
    change(random.pick(docs), random);
    if (random.int(5) === 0) Y.applyUpdate(random.pick(docs), Y.encodeStateAsUpdate(random.pick(docs)));
  }
  const [doc = new Y.Doc(), ...others] = docs;
  for (const other of others) Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
  return doc;
}

const shown = (...updates: Uint8Array[]): unknown => {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return {
    json: [doc.getText('t').toString(), doc.getMap('m').toJSON()],
    vector: Y.decodeStateVector(Y.encodeStateVector(doc)),
    pending: doc.store.pendingStructs,
  };
};

describe('a document encoded in turns', () => {
  it.each([1, 2, 3, 4, 5])('[D4] P2: a document encoded in turns is the same as in one piece (seed %i)', async (seed) => {
    const doc = grown(randomOf(seed), 400);
    const update = await encodeInTurns(
      doc,
      restless(() => undefined),
    );
    expect(shown(update)).toEqual(shown(Y.encodeStateAsUpdate(doc)));
  });

  it.each([1, 2, 3, 4, 5])(
    '[D4] P2: a document encoded in turns, with the rows of changes meanwhile, is the document at the end (seed %i)',
    async (seed) => {
      const random = randomOf(seed);
      const doc = grown(random, 400);
      const rows: Uint8Array[] = [];
      doc.on('update', (update: Uint8Array) => rows.push(update));
      const update = await encodeInTurns(
        doc,
        restless(() => change(doc, random)),
      );
      expect(rows.length).toBeGreaterThan(2);
      expect(shown(update, ...rows)).toEqual(shown(Y.encodeStateAsUpdate(doc)));
    },
  );

  it('[D4] P2: a document encoded in turns holds its pending structs', async () => {
    const author = new Y.Doc();
    const updates: Uint8Array[] = [];
    author.on('update', (update: Uint8Array) => updates.push(update));
    author.getText('t').insert(0, 'a');
    author.getText('t').insert(1, 'b');
    const doc = new Y.Doc();
    Y.applyUpdate(doc, updates[1] as Uint8Array);
    const update = await encodeInTurns(
      doc,
      restless(() => undefined),
    );
    const later = new Y.Doc();
    Y.applyUpdate(later, update);
    Y.applyUpdate(later, updates[0] as Uint8Array);
    expect(later.getText('t').toString()).toBe('ab');
  });

  it('[D4] P2: encoding gives the page its turn, however large a client is', async () => {
    const doc = new Y.Doc();
    doc.transact(() => {
      for (let i = 0; i < 5_000; i++) doc.getMap('m').set(`stroke ${i}`, new Uint8Array(100));
    });
    let turns = 0;
    await encodeInTurns(
      doc,
      restless(() => turns++),
    );
    expect(turns).toBeGreaterThan(15);
  });
});
