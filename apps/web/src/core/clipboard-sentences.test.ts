import { expect, it } from 'vitest';
import { notOfHereSentence } from './clipboard-sentences.ts';
import { noneLeftOut } from './foreign-drawing.ts';

it('a sentence names each part that was left out of another program’s drawing, with the reason', () => {
  expect(notOfHereSentence(noneLeftOut, 3)).toBe(null);
  expect(notOfHereSentence(noneLeftOut, 0)).toBe('This drawing is empty.');
  expect(notOfHereSentence({ ...noneLeftOut, damaged: 1 }, 1)).toBe('1 element was left out: it is damaged or incomplete.');
  expect(notOfHereSentence({ ...noneLeftOut, kind: 1, damaged: 2_000 }, 0)).toBe(
    '1 element was left out: this board has nothing of its kind. 2,000 elements were left out: they are damaged or incomplete.',
  );
  expect(notOfHereSentence({ ...noneLeftOut, long: 1, many: 2 }, 9)).toBe(
    '1 text was left out: a text on a board has at most 100,000 characters. 2 elements were left out: the drawing is too large.',
  );
});
