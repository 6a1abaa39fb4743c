import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textRoot } from '../document/roots.ts';
import { textDelta } from '../text/text-delta.ts';
import { draw, syncAll, syncPair, Wall } from '../testing/people.ts';
import { sharedText, textOf, type } from '../testing/typists.ts';
import type { TextDelta } from '../types.ts';

describe('typing together', () => {
  it('[T1] when two people type in one text their edits merge, and the board shows every keystroke', () => {
    const { ana, ben, id } = sharedText(new Wall(), 'one three');
    const [left, right] = [ana.board.text(id), ben.board.text(id)];
    let changes = 0;
    ben.board.onChange(({ changed }) => {
      changes += changed.length;
    });
    left.edit(4, 0, 'two ');
    right.edit(9, 0, ' four');
    syncAll(ana, ben);
    expect([left.value, right.value, textOf(ana, id), textOf(ben, id)]).toEqual(Array(4).fill('one two three four'));
    expect(changes).toBe(2);
  });

  it('[T1] typing goes into an existing leaf, and makes one only if there is none', () => {
    const { ana, id } = sharedText(new Wall(), '');
    expect(textRoot(ana.doc, id).length).toBe(0);
    for (const letter of 'abc') type(ana, id, textOf(ana, id)?.length ?? 0, 0, letter);
    type(ana, id, 0, 0, '^');
    expect([textOf(ana, id), textRoot(ana.doc, id).length]).toEqual(['^abc', 1]);
  });

  it("[T2] undo in an open box takes back only this user's typing", () => {
    const { ana, ben, id } = sharedText(new Wall(), '');
    draw(ana);
    type(ana, id, 0, 0, 'base ');
    syncAll(ana, ben);
    const [mine, theirs] = [ana.board.text(id), ben.board.text(id)];
    mine.edit(5, 0, 'mine ');
    syncAll(ana, ben);
    theirs.edit(0, 0, 'theirs ');
    theirs.edit(7, 5, '');
    syncAll(ana, ben);
    mine.undo();
    expect(mine.value).toBe('theirs ');
    mine.redo();
    expect(mine.value).toBe('theirs mine ');
    syncAll(ana, ben);
    expect(theirs.value).toBe('theirs mine ');
  });

  it('[T3] a listener gets the replaced run, and whether this user made it', () => {
    const { ana, ben, id } = sharedText(new Wall(), 'hello world');
    const box = ana.board.text(id);
    const heard: { delta: readonly TextDelta[]; isLocal: boolean }[] = [];
    box.onChange((delta, { isLocal }) => heard.push({ delta, isLocal }));
    box.edit(0, 5, 'bye');
    type(ben, id, 5, 1, ' big ');
    syncPair(ana, ben);
    expect(heard).toEqual([
      { delta: [{ index: 0, deleted: 5, inserted: 'bye' }], isLocal: true },
      { delta: [{ index: 4, deleted: 0, inserted: 'big ' }], isLocal: false },
    ]);
    box.close();
    type(ana, id, 0, 1, 'B');
    expect(heard).toHaveLength(2);
  });

  it('[T3] the replaced run turns the old text into the new text and splits no surrogate pair', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '😁', '𝒳'), maxLength: 12 });
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        let text = before;
        for (const { index, deleted, inserted } of textDelta(before, after)) {
          for (const part of [inserted, text.slice(0, index), text.slice(index + deleted)]) {
            expect(() => encodeURIComponent(part), 'half a surrogate pair').not.toThrow();
          }
          text = text.slice(0, index) + inserted + text.slice(index + deleted);
        }
        expect(text).toBe(after);
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it('[V5] [T1] an edit outside the text, or in a closed box, is refused and changes nothing', () => {
    const { ana, id } = sharedText(new Wall(), 'abc');
    const box = ana.board.text(id);
    for (const [start, count] of [
      [-1, 0],
      [4, 0],
      [0, 4],
      [1.5, 0],
      [0, NaN],
    ] as const) {
      expect(() => box.edit(start, count, 'x')).toThrow(expect.objectContaining({ code: 'BAD_TEXT' }) as Error);
    }
    expect(() => box.edit(0, 0, 'x'.repeat(100_000))).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }) as Error);
    box.close();
    box.close();
    expect(() => box.edit(0, 0, 'x')).toThrow(expect.objectContaining({ code: 'CLOSED' }) as Error);
    expect(textOf(ana, id)).toBe('abc');
  });
});

it('[V5] [T1] a text that two people made too long together can be shortened, but not made longer', () => {
  const { ana, ben, id } = sharedText(new Wall(), 'x'.repeat(60_000));
  const [left, right] = [ana.board.text(id), ben.board.text(id)];
  left.edit(0, 0, 'a'.repeat(40_000));
  right.edit(60_000, 0, 'b'.repeat(40_000));
  syncAll(ana, ben);
  expect(left.value).toHaveLength(140_000);
  expect(() => left.edit(5, 1, 'cc')).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }) as Error);
  left.edit(0, 10, 'c');
  expect(left.value).toHaveLength(139_991);
});
