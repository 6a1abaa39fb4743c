import { expect, it } from 'vitest';
import { coversDrawing, LOOKED_AT_MAX } from './screen-cover.ts';

const card = { minX: 1000, minY: 60, maxX: 1270, maxY: 150 };
const box = (x: number, y: number) => ({ minX: x, minY: y, maxX: x + 50, maxY: y + 50 });
const covers = (view: { x: number; y: number; zoom: number }, ...drawn: ReturnType<typeof box>[]) =>
  coversDrawing(card, view, drawn, (bounds) => bounds);

it('M1: a card covers the drawing under it, wherever the sheet was moved and however it was zoomed', () => {
  const start = { x: 0, y: 0, zoom: 1 };
  expect(covers(start)).toBe(false);
  expect(covers(start, box(300, 300))).toBe(false);
  expect(covers(start, box(300, 300), box(1100, 100))).toBe(true);
  expect(covers({ x: 2000, y: 0, zoom: 1 }, box(1100, 100))).toBe(false);
  expect(covers({ x: 2000, y: 0, zoom: 1 }, box(3100, 100))).toBe(true);
  expect(covers({ x: 0, y: 0, zoom: 2 }, box(1100, 100))).toBe(false);
  expect(covers({ x: 0, y: 0, zoom: 2 }, box(550, 40))).toBe(true);
});

it('M1: a board with too many elements to check counts as covered', () => {
  expect(
    coversDrawing(
      card,
      { x: 0, y: 0, zoom: 1 },
      Array.from({ length: LOOKED_AT_MAX + 1 }, () => null),
      () => null,
    ),
  ).toBe(true);
});
