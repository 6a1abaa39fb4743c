import { expect, it } from 'vitest';
import { styleFieldsFor } from './style-fields.ts';

it('is nothing for a tool that does not draw, with nothing selected', () => {
  for (const tool of ['select', 'hand', 'eraser'] as const) expect(styleFieldsFor(tool, []).size).toBe(0);
});

it('is what the drawing tool uses', () => {
  expect([...styleFieldsFor('pen', [])]).toEqual(['color', 'width', 'opacity']);
  expect(styleFieldsFor('text', []).has('width')).toBe(false);
});

it('is what anything selected uses', () => {
  expect([...styleFieldsFor('select', [{ kind: 'text' }, { kind: 'ellipse' }])].sort()).toEqual([
    'color',
    'fill',
    'font',
    'fontSize',
    'opacity',
    'width',
  ]);
  expect(styleFieldsFor('select', [{ kind: 'unknown' }]).size).toBe(0);
});
