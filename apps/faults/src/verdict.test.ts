import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { copyOf, digestOf, judge, SCRATCH, TOKENS } from './verdict.ts';

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

describe('the verdict', () => {
  const doc = docWith('a', 'b');
  const whole = copyOf('client 1', doc);
  const again = copyOf('store', sameAs(doc));

  it('is empty when every copy has what was acknowledged and nothing else', () => {
    expect(judge({ written: new Set(['a', 'b', 'c']), acked: new Set(['a']), copies: [whole, again] })).toEqual([]);
  });

  it('names a copy that lacks an acknowledged change', () => {
    const short = copyOf('store', docWith('a'));
    expect(judge({ written: new Set(['a', 'b']), acked: new Set(['a', 'b']), copies: [whole, short] })).toEqual([
      'store lacks 1 acknowledged: b',
      'not as client 1: store',
    ]);
  });

  it('names what nobody wrote', () => {
    expect(judge({ written: new Set(['a']), acked: new Set(['a']), copies: [whole, again] })).toEqual([
      'client 1 has 1 that nobody wrote: b',
      'store has 1 that nobody wrote: b',
    ]);
  });

  it('needs copies, and acknowledgements of what was written', () => {
    expect(judge({ written: new Set(), acked: new Set(['a']), copies: [] })).toEqual([
      'a was acknowledged and never written',
      'no copy was looked at',
    ]);
  });

  it('sees a deletion that is missing, where state vector and tokens are equal', () => {
    const before = docWith('a');
    before.getText(SCRATCH).insert(0, 'xyz');
    const behind = sameAs(before);
    before.getText(SCRATCH).delete(0, 1);
    expect(Y.encodeStateVector(behind)).toEqual(Y.encodeStateVector(before));
    const copies = [copyOf('one', before), copyOf('two', behind)];
    expect(judge({ written: new Set(['a']), acked: new Set(), copies })).toEqual(['not as one: two']);
  });

  it('does not depend on the order in which changes came', () => {
    const [one, two] = [docWith('a'), docWith('b')];
    const [forward, backward] = [sameAs(one), sameAs(two)];
    Y.applyUpdate(forward, Y.encodeStateAsUpdate(two));
    Y.applyUpdate(backward, Y.encodeStateAsUpdate(one));
    expect(digestOf(forward)).toBe(digestOf(backward));
  });
});
