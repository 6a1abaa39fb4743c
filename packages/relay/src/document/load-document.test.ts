import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { documentFromStored } from './load-document.ts';
import { change } from '../testing/harness.ts';

const stored = (checkpoint: Uint8Array | null, updates: Uint8Array[] = []): Parameters<typeof documentFromStored>[0] => ({
  checkpoint,
  updates,
  position: {},
  epoch: 0,
  isErased: false,
  quarantined: 0,
  bytes: 0,
});
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

it('[RL4] an unreadable checkpoint is an error, not an empty document', () => {
  const whole = change(new Y.Doc(), (doc) => doc.getMap('m').set('a', 1));
  for (const bad of [new Uint8Array([9, 9, 9]), new Uint8Array(), whole.slice(0, -4)])
    expect(() => documentFromStored(stored(bad), [], nothingLeftOut)).toThrow('the checkpoint cannot be applied');
});
