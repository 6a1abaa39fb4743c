import { expect, it } from 'vitest';
import { styleFieldsFor } from './style-fields.ts';

it('is nothing for a tool that does not draw, with nothing selected', () => {
  for (const tool of ['select', 'hand', 'eraser'] as const) expect(styleFieldsFor(tool, [])).toEqual([]);
});

it('is what the drawing tool uses', () => {
  expect(styleFieldsFor('pen', [])).toEqual(['color', 'width', 'opacity']);
  expect(styleFieldsFor('text', [])).toEqual(['color', 'fontSize', 'font', 'opacity']);
});

it('D17: is what anything selected uses', () => {
  expect(styleFieldsFor('select', [{ kind: 'text' }, { kind: 'ellipse' }])).toEqual([
    'color',
    'fill',
    'width',
    'fontSize',
    'font',
    'opacity',
  ]);
  expect(styleFieldsFor('select', [{ kind: 'unknown' }])).toEqual([]);
});
