import { fills, isStyleValue } from '@wetink/board';
import { defaultStyle } from '@wetink/canvas';
import { expect, it } from 'vitest';
import { offerOfTool, patchForTool, styleFieldsFor, styleOfTool } from './style-fields.ts';

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

it('the highlighter and the bucket show the color and the width that they draw with, and each choice becomes theirs', () => {
  expect(styleOfTool('highlighter', defaultStyle)).toMatchObject({ color: fills.yellow.light, width: 16 });
  expect(styleOfTool('fill', { ...defaultStyle, fill: 'none', color: 'red' }).fill).toBe('red');
  expect(styleOfTool('rectangle', defaultStyle)).toBe(defaultStyle);
  expect(offerOfTool('highlighter').colors).not.toContain('ink');
  expect(offerOfTool('fill').hasNoFill).toBe(false);
  for (const tool of ['pen', 'highlighter'] as const)
    for (const width of [...offerOfTool(tool).widths, offerOfTool(tool).width.max]) {
      const chosen = { ...defaultStyle, ...patchForTool(tool, { width, color: 'green' }) };
      expect(styleOfTool(tool, chosen)).toMatchObject({ width, color: 'green' });
      expect(isStyleValue('width', chosen.width)).toBe(true);
    }
});
