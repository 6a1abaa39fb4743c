import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { copyOf, digestOf, judge, SCRATCH, TOKENS } from './judge.ts';

function docWith(...tokens: string[]): Y.Doc {
  const doc = new Y.Doc();
  for (const token of tokens) doc.getMap(TOKENS).set(token, 1);
  return doc;
}
function sameAs(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

describe('judge', () => {
  const doc = docWith('a', 'b');
  const whole = copyOf('client 1', doc);
  const again = copyOf('store', sameAs(doc));

  it('judge finds no problem when every copy has each acknowledged change and nothing unwritten', () => {
    expect(judge({ written: new Set(['a', 'b', 'c']), acked: new Set(['a']), copies: [whole, again] })).toEqual([]);
  });

  it('judge names a copy that lacks an acknowledged change', () => {
    const short = copyOf('store', docWith('a'));
    expect(judge({ written: new Set(['a', 'b']), acked: new Set(['a', 'b']), copies: [whole, short] })).toEqual([
      'store lacks 1 acknowledged: b',
      'different from client 1: store',
    ]);
  });

  it('judge names changes that no client wrote', () => {
    expect(judge({ written: new Set(['a']), acked: new Set(['a']), copies: [whole, again] })).toEqual([
      'client 1 has 1 that no client wrote: b',
      'store has 1 that no client wrote: b',
    ]);
  });

  it('judge requires at least one copy, and acknowledgements of written changes only', () => {
    expect(judge({ written: new Set(), acked: new Set(['a']), copies: [] })).toEqual([
      'a was acknowledged but never written',
      'no copy was checked',
    ]);
  });

  it('judge sees a missing deletion even when state vector and tokens are equal', () => {
    const before = docWith('a');
    before.getText(SCRATCH).insert(0, 'xyz');
    const behind = sameAs(before);
    before.getText(SCRATCH).delete(0, 1);
    expect(Y.encodeStateVector(behind)).toEqual(Y.encodeStateVector(before));
    const copies = [copyOf('one', before), copyOf('two', behind)];
    expect(judge({ written: new Set(['a']), acked: new Set(), copies })).toEqual(['different from one: two']);
  });

  it('the digest does not depend on the order of changes', () => {
    const [one, two] = [docWith('a'), docWith('b')];
    const [forward, backward] = [sameAs(one), sameAs(two)];
    Y.applyUpdate(forward, Y.encodeStateAsUpdate(two));
    Y.applyUpdate(backward, Y.encodeStateAsUpdate(one));
    expect(digestOf(forward)).toBe(digestOf(backward));
  });
});
