import type { ElementId } from '@wetink/board';
import { expect, it } from 'vitest';
import { findText, foundPlace } from './find-text.ts';

const at = (id: string, x: number, y: number, words: object) => ({
  id: id as ElementId,
  text: '',
  alt: '',
  image: null,
  file: null,
  geometry: { x, y, w: 10, h: 10, rotation: 0 },
  ...words,
});
const board = [
  at('low', 0, 500, { text: 'A café\nby the river' }),
  at('right', 300, 3, { text: 'Cafe plans' }),
  at('left', 10, 8, { alt: 'A drawing of a CAFÉ' }),
  at('file', 0, 900, { file: { name: 'cafe.pdf' } }),
  at('other', 0, 0, { text: 'Tea' }),
  at('bare', 0, 0, {}),
];

it('finds words without regard to case, accents and line ends, in reading order', () => {
  expect(findText(board, 'café')).toEqual(['left', 'right', 'low', 'file']);
  expect(findText(board, 'CAFE by')).toEqual(['low']);
  expect(findText(board, 'coffee')).toEqual([]);
});

it('an empty query, and one of spaces, finds nothing', () => {
  for (const query of ['', '  ', '\n']) expect(findText(board, query)).toEqual([]);
});

it('tells the place in words', () => {
  expect([foundPlace(-1, 0, ''), foundPlace(-1, 0, 'x'), foundPlace(-1, 4, 'x'), foundPlace(1, 4, 'x')]).toEqual([
    '',
    'None',
    '4 found',
    '2 of 4',
  ]);
});
