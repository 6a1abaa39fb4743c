import { fills, isStyleValue, styleProps } from '@wetink/board';
import { expect, it } from 'vitest';
import { defaultStyle } from '../editor/first-state.ts';
import { desk } from '../fixtures/desk.ts';
import { highlighterStyle, penPatch } from './highlighter.ts';

it('[T15] the highlighter draws broad strokes in the colour of the pen that let what they mark be seen, as one step each', () => {
  const d = desk();
  d.actions.setStyle({ color: 'green', width: 6 });
  d.actions.setTool('highlighter');
  d.drag([
    [10, 10],
    [200, 10],
  ]);
  const [stroke] = d.board.elements();
  expect(stroke).toMatchObject({ kind: 'stroke', style: { color: 'green', width: 24, opacity: 0.4 } });
  // The pen keeps its own style, and the tool stays for the next stroke.
  expect(d.editor.state).toMatchObject({ tool: 'highlighter', style: { color: 'green', width: 6, opacity: 1 } });
  d.board.undo();
  expect(d.board.count).toBe(0);
});

it('[T15] in ink it is yellow, and every style it makes can be stored', () => {
  expect(highlighterStyle(defaultStyle).color).toBe(fills.yellow.light);
  expect(highlighterStyle({ ...defaultStyle, color: 'yellow' }).color).toBe(fills.yellow.light);
  for (const width of [0.01, 1, 20])
    for (const prop of styleProps) expect(isStyleValue(prop, highlighterStyle({ ...defaultStyle, width })[prop])).toBe(true);
});

it('[T15] a color and a width that a person chooses for it are those that it draws with', () => {
  const patch = penPatch({ color: 'green', width: 48 });
  expect(highlighterStyle({ ...defaultStyle, ...patch })).toMatchObject({ color: 'green', width: 48 });
  expect(penPatch({ width: 16 })).toEqual({ width: 4 });
});
