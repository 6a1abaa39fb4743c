import { expect, it } from 'vitest';
import { styleFieldsFor } from './style-fields.ts';

it('a tool that does not draw, with nothing selected, has no style fields', () => {
  for (const tool of ['select', 'hand', 'eraser'] as const) expect(styleFieldsFor(tool, [])).toEqual([]);
});

it('a drawing tool has the style fields that it uses', () => {
  expect(styleFieldsFor('pen', [])).toEqual(['color', 'width', 'opacity']);
  expect(styleFieldsFor('highlighter', [])).toEqual(['color', 'width']);
  expect(styleFieldsFor('text', [])).toEqual(['color', 'fontSize', 'font', 'opacity']);
});

it('D17: a selection has the style fields that any of its elements uses', () => {
  expect(styleFieldsFor('select', [{ kind: 'text' }, { kind: 'ellipse' }])).toEqual([
    'color',
    'fill',
    'width',
    'dash',
    'fontSize',
    'font',
    'opacity',
  ]);
  expect(styleFieldsFor('select', [{ kind: 'unknown' }])).toEqual([]);
});
