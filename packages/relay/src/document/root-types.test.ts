import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { findRootTypesAtOnce } from './root-types.ts';

/** Entries in `roots` root types, in turn. */
function spread(roots: number): Uint8Array {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (let entry = 0; entry < 4; entry++)
      for (let root = 0; root < roots; root++) doc.getMap(`root ${root}`).set(`entry ${entry}`, entry);
  });
  return Y.encodeStateAsUpdate(doc);
}

/** Number of root types looked at while `work` ran. */
function looks(doc: Y.Doc, work: () => void): number {
  let count = 0;
  const entries = doc.share.entries.bind(doc.share);
  doc.share.entries = function* (): ReturnType<typeof entries> {
    for (const entry of entries()) {
      count += 1;
      yield entry;
    }
  };
  work();
  return count;
}

it('encoding an entry takes one look at the root types, however many there are and in whatever order', () => {
  const doc = new Y.Doc();
  findRootTypesAtOnce(doc);
  doc.on('update', () => undefined);
  const update = spread(500);
  expect(looks(doc, () => Y.applyUpdate(doc, update))).toBe(4 * 500);
  expect(looks(doc, () => Y.encodeStateAsUpdate(doc))).toBe(4 * 500);
  const plain = new Y.Doc();
  Y.applyUpdate(plain, update);
  expect(looks(plain, () => Y.encodeStateAsUpdate(plain))).toBeGreaterThan(100 * 500);
});

it('a document with fast root types equals a plain one, for all kinds of types', () => {
  const source = new Y.Doc();
  source.getText('text').insert(0, 'words');
  source.getArray('list').push([1, new Y.Map([['k', new Y.Text('nested')]])]);
  source.getXmlFragment('xml').insert(0, [new Y.XmlElement('p')]);
  source.getMap('map').set('k', 1);
  const update = Y.encodeStateAsUpdate(source);
  const doc = new Y.Doc();
  findRootTypesAtOnce(doc);
  Y.applyUpdate(doc, update);
  expect(Y.encodeStateAsUpdate(doc)).toEqual(update);
  expect(Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(source))).toBe(true);
  // A type whose kind is named only after its content has come.
  expect([doc.getText('text').toJSON(), doc.getMap('map').toJSON(), doc.getXmlFragment('xml').toJSON()]).toEqual([
    'words',
    { k: 1 },
    '<p></p>',
  ]);
  doc.getMap('map').set('l', 2);
  doc.getText('text').insert(5, '!');
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  expect([copy.getText('text').toJSON(), copy.getMap('map').toJSON()]).toEqual(['words!', { k: 1, l: 2 }]);
  expect(() => doc.destroy()).not.toThrow();
});
