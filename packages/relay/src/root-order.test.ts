import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { keepRootOrder } from './root-order.ts';

/** `texts` root texts, and behind them a map of 500 entries, as one update. */
function board(texts: number): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (let i = 0; i < texts; i++) doc.getText(`text ${i}`).insert(0, 'words');
    for (let i = 0; i < 500; i++) doc.getMap('base').set(`entry ${i}`, i);
  });
  return Y.encodeStateAsUpdate(doc);
}

function firstRoot(doc: Y.Doc): string | undefined {
  return [...doc.share.keys()][0];
}

it('the map with most entries is found first, already when its own change is encoded, and what is encoded is the same', () => {
  const doc = new Y.Doc();
  keepRootOrder(doc);
  const atUpdate: unknown[] = [];
  doc.on('update', () => atUpdate.push(firstRoot(doc)));
  const update = board(100);
  Y.applyUpdate(doc, update);
  expect(atUpdate).toEqual(['base']);
  expect(doc.share.size).toBe(101);
  expect(Y.encodeStateAsUpdate(doc)).toEqual(update);
  doc.getMap('base').set('one more', 1);
  expect(doc.getMap('base').size).toBe(501);
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  expect(copy.getMap('base').get('one more')).toBe(1);
});

it('few root types stay as they are, and an order stays until there are many more', () => {
  const few = new Y.Doc();
  keepRootOrder(few);
  Y.applyUpdate(few, board(50));
  expect(firstRoot(few)).toBe('text 0');

  const doc = new Y.Doc();
  keepRootOrder(doc);
  Y.applyUpdate(doc, board(100));
  const large = (from: number, to: number): void =>
    doc.transact(() => {
      for (let root = from; root < to; root++) for (let i = 0; i < 600; i++) doc.getMap(`large ${root}`).set(`entry ${i}`, i);
    });
  large(0, 25);
  expect(firstRoot(doc)).toBe('base');
  large(25, 26);
  expect(firstRoot(doc)).toBe('large 0');
});
