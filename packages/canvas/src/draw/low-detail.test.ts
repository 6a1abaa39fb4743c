import { describe, expect, it } from 'vitest';
import { countCalls, createRecording } from '../fixtures/recording-context.ts';
import { plain, shape, stroke } from '../fixtures/elements.ts';
import { paintCost, paintElements } from './low-detail.ts';

/** What reading the ink of this one would say: it can't be read. */
const unreadable = shape('stroke', { x: 10, y: 10, w: 80, h: 40 }, { ink: Uint8Array.of(7) });

function paint(elements: Parameters<typeof paintElements>[1], scale: number, more: Partial<Parameters<typeof paintElements>[3]> = {}) {
  const { context, calls } = createRecording(100, 100);
  paintElements(context, elements, scale, { theme: 'light', ...more });
  return calls;
}

describe('[P8] what is too small for its outline', () => {
  it('smaller than two pixels, ink is not read: a dash along the longer side of its box stands for it', () => {
    const calls = paint([unreadable], 0.02);
    expect(calls.filter(({ name }) => name === 'moveTo' || name === 'lineTo').map(({ args }) => args)).toEqual([
      [10, 30],
      [90, 30],
    ]);
    expect(countCalls(paint([unreadable], 1), 'setLineDash')).toBeGreaterThan(0);
  });

  it('many of one look are one call to the rasteriser', () => {
    const dashes = Array.from({ length: 500 }, (_, i) => shape('rectangle', { x: i * 10, y: 0, w: 8, h: 8 }));
    const calls = paint(dashes, 0.1);
    expect(countCalls(calls, 'stroke')).toBe(1);
    expect(countCalls(calls, 'moveTo')).toBe(500);
  });

  it('lines wider than a pixel are a call each, hairlines and tints one for all', () => {
    const strokes = Array.from({ length: 50 }, (_, i) => stroke([i, i + 8, i + 3, i + 20]));
    expect(countCalls(paint(strokes, 0.2), 'stroke')).toBe(1);
    expect(countCalls(paint(strokes, 0.5), 'stroke')).toBe(50);
    expect(countCalls(paint(strokes, 0.5), 'beginPath')).toBe(50);
    expect(countCalls(paint(strokes, 0.5, { tint: { color: 'white', alpha: 0.75, grow: 2 } }), 'stroke')).toBe(1);
  });

  it('the order is kept where looks change', () => {
    const red = { ...plain, color: 'red' } as const;
    const calls = paint([unreadable, { ...unreadable, style: red }, unreadable], 0.02);
    expect(countCalls(calls, 'stroke')).toBe(3);
  });

  it('in a tint, as what the eraser will take, all of one width are one call', () => {
    const tint = { color: 'white', alpha: 0.75, grow: 20 };
    const calls = paint([unreadable, { ...unreadable, style: { ...plain, color: 'red' } }], 0.02, { tint });
    expect(countCalls(calls, 'stroke')).toBe(1);
    expect(calls.filter(({ name }) => name === 'strokeStyle=' || name === 'lineWidth=').map(({ args }) => args[0])).toEqual(['white', 55]);
  });

  it('a translucent one and one of a newer version are painted as they are', () => {
    expect(countCalls(paint([shape('rectangle', { w: 10, h: 10 }, { style: { ...plain, opacity: 0.5 } })], 0.02), 'lineTo')).toBe(3);
    expect(countCalls(paint([shape('unknown', { w: 10, h: 10 })], 0.02), 'lineTo')).toBe(3);
  });

  it('costs nearly nothing, a few segments cost what has to be read, and an outline several times that', () => {
    const long = stroke(Array.from({ length: 400 }, (_, i) => i % 60));
    expect(paintCost(long, 0.01)).toBeLessThan(20);
    expect(paintCost(long, 0.3)).toBeGreaterThan(400);
    expect(paintCost(long, 4)).toBeGreaterThan(3 * paintCost(long, 0.3));
  });
});
