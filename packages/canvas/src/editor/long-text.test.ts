import { MAX_TEXT_LENGTH } from '@wetink/board';
import { expect, it } from 'vitest';
import { createMeasureLine, estimateLine, measureText, type MeasureLine, type MeasuringContext } from '../draw/text-layout.ts';
import { desk } from '../fixtures/desk.ts';
import { emptyBoard } from '../fixtures/elements.ts';

it('[T10] a text longer than the bound is refused before any of it is measured, and one of just that length begins in view', () => {
  let measured = 0;
  const measure: MeasureLine = (...line) => {
    measured += 1;
    return estimateLine(...line);
  };
  const d = desk(emptyBoard(), { measure });
  expect(() => d.actions.putText('x\n'.repeat(MAX_TEXT_LENGTH))).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
  expect([d.board.count, measured]).toEqual([0, 0]);
  d.actions.putText('Two boats\n'.repeat(MAX_TEXT_LENGTH / 10));
  const [text] = d.board.elements();
  expect(text?.text).toHaveLength(MAX_TEXT_LENGTH);
  expect(text?.geometry.x).toBeGreaterThanOrEqual(0);
  // Once, when it is on the board.
  expect(measured).toBe(MAX_TEXT_LENGTH / 10 + 1);
});

it('the font is set once for all lines of a text, and anew in the next task', async () => {
  const fonts: string[] = [];
  const context = {
    set font(font: string) {
      fonts.push(font);
    },
    direction: 'ltr',
    textRendering: 'auto',
    measureText: (text: string) => ({ width: text.length }),
  } as MeasuringContext;
  const measure = createMeasureLine(context);
  const style = { font: 'sans', fontSize: 100 } as const;
  expect(measureText('a\nbc\n\nd', style, measure).w).toBe(12.5);
  expect(fonts).toHaveLength(1);
  measure('x', 'hand', 20);
  measure('x', 'sans', 20);
  expect(fonts).toHaveLength(3);
  await Promise.resolve();
  measure('x', 'sans', 20);
  expect(fonts).toHaveLength(4);
});
