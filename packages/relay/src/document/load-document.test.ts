import { afterEach, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { documentFromStored } from './load-document.ts';
import { breakApplying } from '../testing/broken-apply.ts';
import { change } from '../testing/harness.ts';
import { seeded } from '../testing/seeded.ts';

const stored = (checkpoint: Uint8Array | null, updates: Uint8Array[] = []): Parameters<typeof documentFromStored>[0] => ({
  checkpoint,
  updates,
  position: {},
  epoch: 0,
  isErased: false,
  quarantined: 0,
  bytes: 0,
});
/** The update of one transaction, as the journal has it: with its own deletions alone. Empty when it changed nothing. */
function rowOf(doc: Y.Doc, edit: (doc: Y.Doc) => void): Uint8Array {
  let row: Uint8Array = new Uint8Array();
  const note = (update: Uint8Array): void => void (row = update);
  doc.on('update', note);
  edit(doc);
  doc.off('update', note);
  return row;
}

afterEach(() => void vi.restoreAllMocks());

const nothingLeftOut = (): void => expect.fail('a row was left out');

function contentOf(update: Uint8Array): Record<string, unknown> {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc.getMap('m').toJSON();
}

it('[RL29] a document loaded from a checkpoint reuses its bytes, and is encoded only after a change', () => {
  const author = new Y.Doc();
  change(author, (doc) => doc.getMap('m').set('a', 1));
  change(author, (doc) => doc.getMap('m').set('a', 2));
  const checkpoint = Y.encodeStateAsUpdate(author);
  const document = documentFromStored(stored(checkpoint), [], nothingLeftOut);
  expect(document.full()).toBe(checkpoint);
  expect(document.estimatedBytes).toBe(checkpoint.length);
  document.apply(change(author, (doc) => doc.getMap('m').set('b', 3)));
  expect(contentOf(document.full())).toEqual({ a: 2, b: 3 });
  const withRow = documentFromStored(stored(checkpoint, [change(author, (doc) => doc.getMap('m').delete('b'))]), [], nothingLeftOut);
  expect(contentOf(withRow.full())).toEqual({ a: 2 });
});

it('[RL6] from a checkpoint with a hole, the document shows what it can, holds the rest, and never sends it as it is', () => {
  const author = new Y.Doc();
  const rows = ['a', 'b', 'c'].map((key) => change(author, (doc) => doc.getMap('m').set(key, 1)));
  const checkpoint = Y.mergeUpdates([rows[0]!, rows[2]!]);
  const document = documentFromStored(stored(checkpoint), [], nothingLeftOut);
  expect(document.full()).not.toEqual(checkpoint);
  expect(contentOf(document.full())).toEqual({ a: 1 });
  expect(document.held()).toHaveLength(1);
  document.apply(rows[1]!);
  expect(contentOf(document.full())).toEqual({ a: 1, b: 1, c: 1 });
});

it('[RL6] rows out of order: a deletion read before what it deletes is done, also when its own structs needed nothing', () => {
  const author = new Y.Doc();
  const [write, more] = ['a', 'b'].map((key) => rowOf(author, (doc) => doc.getMap('m').set(key, 1)));
  const other = new Y.Doc();
  for (const row of [write!, more!]) Y.applyUpdate(other, row);
  const remove = rowOf(other, (doc) => doc.getMap('m').delete('a'));
  const removeAndWrite = rowOf(other, (doc) => doc.transact(() => (doc.getMap('m').delete('b'), doc.getMap('n').set('c', 1))));
  for (const rows of [
    [remove, removeAndWrite, write!, more!],
    [removeAndWrite, write!, remove, more!],
    [write!, removeAndWrite, more!, remove],
  ]) {
    const document = documentFromStored(stored(null, rows), [], nothingLeftOut);
    expect(contentOf(document.full())).toEqual({});
    expect(document.held()).toEqual([]);
    expect(document.digest()).toEqual(documentFromStored(stored(Y.encodeStateAsUpdate(other)), [], nothingLeftOut).digest());
  }
});

it('[RL6] rows in any order give the document that they give in theirs', () => {
  const random = seeded(7);
  const people = [1, 2, 3].map((id) => Object.assign(new Y.Doc(), { clientID: id }));
  const rows: Uint8Array[] = [];
  for (let step = 0; step < 120; step++) {
    const doc = people[Math.floor(random() * people.length)]!;
    const list = doc.getArray<number>('list');
    const row = rowOf(doc, () =>
      doc.transact(() => {
        if (list.length > 0 && random() < 0.5) list.delete(Math.floor(random() * list.length));
        if (random() < 0.6) list.insert(Math.floor(random() * (list.length + 1)), [step]);
      }),
    );
    if (row.length > 0) rows.push(row);
    // Each hears of some, so that rows depend on rows of others.
    for (const other of people) if (other !== doc && random() < 0.7) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  }
  const wanted = documentFromStored(stored(null, rows), [], nothingLeftOut).digest();
  for (let round = 0; round < 40; round++) {
    const shuffled = rows.map((row) => [random(), row] as const).sort(([a], [b]) => a - b);
    const document = documentFromStored(
      stored(
        null,
        shuffled.map(([, row]) => row),
      ),
      [],
      nothingLeftOut,
    );
    expect(document.held(), `round ${round}`).toEqual([]);
    expect(document.digest(), `round ${round}`).toEqual(wanted);
  }
});

it('[RL6] of rows that came before what they need, the one that cannot be applied is left out, and no other', () => {
  const authors = Array.from({ length: 4 }, (_, i) => Object.assign(new Y.Doc(), { clientID: i + 1 }));
  const rowsOf = authors.map((): Uint8Array[] => []);
  const mallory = new Y.Doc();
  for (let step = 0; step < 80; step++) {
    const row = rowOf(authors[step % 4]!, (doc) => doc.getArray('list').push([`${step}`]));
    rowsOf[step % 4]!.push(row);
    for (const other of authors) Y.applyUpdate(other, row);
    if (step < 40) Y.applyUpdate(mallory, row);
  }
  const hostile = rowOf(mallory, (doc) => doc.getArray('list').push(['hostile']));
  // One writer after the other, and each row builds on that of another.
  const rows = [hostile, ...rowsOf.reverse().flat()];
  breakApplying('hostile');
  const leftOut: number[] = [];
  const document = documentFromStored(stored(null, rows), [], (row) => leftOut.push(row));
  expect(leftOut).toEqual([0]);
  const shown = new Y.Doc();
  Y.applyUpdate(shown, document.full());
  expect(shown.getArray('list').toJSON()).toEqual(authors[0]!.getArray('list').toJSON());
  expect(document.held()).toEqual([hostile]);
});

it('[RL6] rows that wait beside one that cannot be applied are shown once what they need is there', () => {
  const author = new Y.Doc();
  const [first, second, third] = ['a', 'b', 'c'].map((key) => rowOf(author, (doc) => doc.getMap('m').set(key, 1)));
  const mallory = new Y.Doc();
  Y.applyUpdate(mallory, first!);
  const hostile = rowOf(mallory, (doc) => doc.getMap('m').set('a', 'hostile'));
  breakApplying('hostile');
  const leftOut: number[] = [];
  const document = documentFromStored(stored(null, [hostile, third!, first!]), [], (row) => leftOut.push(row));
  expect(leftOut).toEqual([0]);
  expect(contentOf(document.full())).toEqual({ a: 1 });
  expect(document.held()).toHaveLength(2);
  document.apply(second!);
  expect(contentOf(document.full())).toEqual({ a: 1, b: 1, c: 1 });
});

it('[RL6] of rows that fail together and not one by one none is left out, and those that wait go on waiting', () => {
  const author = new Y.Doc();
  const push = (doc: Y.Doc, text: string): Uint8Array => rowOf(doc, () => doc.getArray('list').push([text]));
  const [first, second, third] = ['a', 'b', 'c'].map((text) => push(author, text));
  const [left, right] = ['left', 'right'].map((text) => {
    const other = new Y.Doc();
    Y.applyUpdate(other, first!);
    return push(other, text);
  });
  breakApplying('left', 'right');
  const document = documentFromStored(stored(null, [left!, third!, right!, first!]), [], nothingLeftOut);
  expect(document.held()).toEqual([third]);
  document.apply(second!);
  const shown = new Y.Doc();
  Y.applyUpdate(shown, document.full());
  expect(shown.getArray<string>('list').toJSON().sort()).toEqual(['a', 'b', 'c', 'left', 'right']);
});

it('[RL4] an unreadable checkpoint is an error, not an empty document', () => {
  const whole = change(new Y.Doc(), (doc) => doc.getMap('m').set('a', 1));
  for (const bad of [new Uint8Array([9, 9, 9]), new Uint8Array(), whole.slice(0, -4)])
    expect(() => documentFromStored(stored(bad), [], nothingLeftOut)).toThrow('the checkpoint cannot be applied');
});
