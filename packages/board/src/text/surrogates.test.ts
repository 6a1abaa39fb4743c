import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type * as Y from 'yjs';
import { MAX_NAME_LENGTH, MAX_TEXT_LENGTH, MAX_TITLE_LENGTH } from '../limits.ts';
import { textRoot } from '../document/roots.ts';
import { clipText, wellFormed, wholeCharacters } from './surrogates.ts';
import { device, draw, rectangle, syncPair, Wall } from '../testing/people.ts';

const [high, low, otherLow] = ['\ud83d', '\ude00', '\ude01'];
const hasHalf = (text: string): boolean => /\p{Cs}/u.test(text);

it('[T1] L16: a replaced run of whole characters holds no half character and changes no character outside it', () => {
  const unit = fc.constantFrom('a', '😀', '𝒳', high, low);
  const run = fc.record({
    text: fc.string({ unit: fc.constantFrom('a', '😀', '𝒳'), maxLength: 8 }),
    insert: fc.string({ unit, maxLength: 4 }),
  });
  fc.assert(
    fc.property(run, fc.nat(20), fc.nat(5), ({ text, insert }, at, count) => {
      const start = at % (text.length + 1);
      const deleteCount = Math.min(count, text.length - start);
      const whole = wholeCharacters(text, { start, deleteCount, insert });
      const after = text.slice(0, whole.start) + whole.insert + text.slice(whole.start + whole.deleteCount);
      expect(hasHalf(after) || hasHalf(whole.insert)).toBe(false);
      expect(text.slice(0, start).startsWith(text.slice(0, whole.start)) || deleteCount === 0).toBe(true);
      expect(whole.deleteCount - deleteCount).toBeLessThanOrEqual(2);
      if (!hasHalf(insert) && !hasHalf(text.slice(0, start)) && !hasHalf(text.slice(start, start + deleteCount))) {
        expect(whole).toEqual({ start, deleteCount, insert });
      }
    }),
    { numRuns: 500, seed: 5 },
  );
});

it('[T1] L16: replacing, deleting or inserting half a character has the same result for its author and everybody else', () => {
  for (const [start, deleteCount, insert, after] of [
    [2, 1, otherLow, 'a😁b'],
    [2, 1, '', 'ab'],
    [1, 1, '', 'ab'],
    [1, 1, high, 'a😀b'],
    [2, 0, 'x', 'a😀xb'],
    [4, 0, high, 'a😀b\ufffd'],
    [0, 2, low, '\ufffdb'],
  ] as const) {
    const ana = device('ana', new Wall());
    const id = draw(ana, rectangle(0, { kind: 'text', text: 'a😀b' }));
    const ben = device('ben', new Wall(), { state: ana.state() });
    ana.board.text(id).edit(start, deleteCount, insert);
    syncPair(ana, ben);
    expect([ana.board.get(id)?.text, ben.board.get(id)?.text], `${start}, ${deleteCount}`).toEqual([after, after]);
  }
});

it('[T1] L16: a text created with half a character, or shown only up to the bound, shows no half character', () => {
  const ana = device('ana', new Wall());
  const id = draw(ana, rectangle(0, { kind: 'text', text: `a${high}` }));
  const long = draw(ana, rectangle(0, { kind: 'text', text: 'x'.repeat(MAX_TEXT_LENGTH - 1) }));
  const leaf = textRoot(ana.doc, long).get(0) as Y.XmlText;
  leaf.insert(leaf.length, '😀');
  const ben = device('ben', new Wall(), { state: ana.state() });
  for (const { board } of [ana, ben]) {
    expect(board.get(id)?.text).toBe('a\ufffd');
    expect(board.get(long)?.text).toBe('x'.repeat(MAX_TEXT_LENGTH - 1));
  }
});

it('[C4] L16: titles, names and messages are cut and sent in whole characters, so that everybody reads the same', () => {
  const ana = device('ana', new Wall());
  const ben = device('ben', new Wall());
  ana.board.setTitle(`${'x'.repeat(MAX_TITLE_LENGTH - 1)}😀`);
  ana.board.setName(`${'y'.repeat(MAX_NAME_LENGTH - 1)}😀`);
  ana.chat.send(`half ${high}`, `${'z'.repeat(MAX_NAME_LENGTH - 1)}😀`);
  const read = ({ board, chat }: typeof ana): unknown[] => [board.title, board.nameOf('ana'), chat.messages()];
  syncPair(ana, ben);
  expect(read(ana)).toEqual(read(ben));
  expect(read(ana).slice(0, 2)).toEqual(['x'.repeat(MAX_TITLE_LENGTH - 1), 'y'.repeat(MAX_NAME_LENGTH - 1)]);
  expect(ana.chat.messages()[0]).toMatchObject({ name: 'z'.repeat(MAX_NAME_LENGTH - 1), text: 'half \ufffd' });
  // A title of another version may be longer than the part that is read.
  ana.doc.getMap('meta').set('title', `${'x'.repeat(MAX_TITLE_LENGTH - 1)}😀`);
  expect(ana.board.title).toBe('x'.repeat(MAX_TITLE_LENGTH - 1));
  expect([clipText('a😀', 2), clipText('a😀', 3), wellFormed(`a${low}😀`)]).toEqual(['a', 'a😀', 'a\ufffd😀']);
});
