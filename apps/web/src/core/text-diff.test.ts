import { describe, expect, it } from 'vitest';
import { diffText, moveOffset } from './text-diff.ts';

describe('what a person changed in a text box', () => {
  it.each([
    ['', 'a', 1, { start: 0, deleteCount: 0, insert: 'a' }],
    ['aa', 'aaa', 1, { start: 0, deleteCount: 0, insert: 'a' }],
    ['aa', 'aaa', 2, { start: 1, deleteCount: 0, insert: 'a' }],
    ['aa', 'aaa', 3, { start: 2, deleteCount: 0, insert: 'a' }],
    ['aaa', 'aa', 1, { start: 1, deleteCount: 1, insert: '' }],
    ['hello world', 'hello brave world', 12, { start: 6, deleteCount: 0, insert: 'brave ' }],
    ['hello', 'hallo', 2, { start: 1, deleteCount: 1, insert: 'a' }],
    ['abc', '', 0, { start: 0, deleteCount: 3, insert: '' }],
    // U+1F600 and U+1F601 share their first unit: the pair is replaced whole.
    ['😀', '😁', 2, { start: 0, deleteCount: 2, insert: '😁' }],
    // U+1F600 and U+1FA00 share their last unit.
    ['x\u{1f600}', 'x\u{1fa00}', 3, { start: 1, deleteCount: 2, insert: '\u{1fa00}' }],
  ])('%j to %j with the caret at %i', (before, after, caret, edit) => expect(diffText(before, after, caret)).toEqual(edit));

  it('the edit is null for no change', () => expect(diffText('a', 'a', 1)).toBeNull());

  it('the edit turns one text into the other for every position of the caret', () => {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    const word = () => Array.from({ length: random(6) }, () => ['a', 'b', '😀', '😁'][random(4)]).join('');
    for (let n = 0; n < 2000; n++) {
      const [before, after] = [word(), word()];
      const edit = diffText(before, after, random(after.length + 1));
      const result = edit === null ? before : before.slice(0, edit.start) + edit.insert + before.slice(edit.start + edit.deleteCount);
      expect(result).toBe(after);
    }
  });
});

describe('a caret under other hands', () => {
  it.each([
    [3, [{ index: 0, deleted: 0, inserted: 'xy' }], 5],
    [3, [{ index: 3, deleted: 0, inserted: 'xy' }], 3],
    [3, [{ index: 5, deleted: 1, inserted: '' }], 3],
    [3, [{ index: 1, deleted: 1, inserted: '' }], 2],
    [3, [{ index: 1, deleted: 9, inserted: 'z' }], 2],
    [
      3,
      [
        { index: 0, deleted: 0, inserted: 'x' },
        { index: 2, deleted: 1, inserted: '' },
      ],
      3,
    ],
    [0, [{ index: 0, deleted: 4, inserted: 'x' }], 0],
  ])('from %i by %j to %i', (offset, delta, moved) => expect(moveOffset(offset, delta)).toBe(moved));
});
