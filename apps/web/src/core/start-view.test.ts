import { expect, it } from 'vitest';
import { firstView, isSameView, parseView, showsAll } from './start-view.ts';

const phone = { width: 360, height: 740 };

it('a view that was remembered is read, anything else is not', () => {
  expect(parseView({ x: -3, y: 4.5, zoom: 0.5, more: 1 })).toEqual({ x: -3, y: 4.5, zoom: 0.5 });
  for (const bad of [null, 3, 'x', [], {}, { x: 1, y: 2 }, { x: 1, y: 2, zoom: 0 }, { x: NaN, y: 2, zoom: 1 }, { x: '1', y: 2, zoom: 1 }])
    expect(parseView(bad)).toBeNull();
});

it('knows whether everything drawn is in view', () => {
  expect(showsAll(firstView, phone, { minX: 10, minY: 10, maxX: 350, maxY: 700 })).toBe(true);
  expect(showsAll(firstView, phone, { minX: 10, minY: 10, maxX: 400, maxY: 700 })).toBe(false);
  expect(showsAll({ x: 0, y: 0, zoom: 0.5 }, phone, { minX: 10, minY: 10, maxX: 700, maxY: 700 })).toBe(true);
  expect(showsAll({ x: 20, y: 0, zoom: 0.5 }, phone, { minX: 10, minY: 10, maxX: 700, maxY: 700 })).toBe(false);
  expect(isSameView(firstView, { x: 0, y: 0, zoom: 1 })).toBe(true);
  expect(isSameView(firstView, { x: 0, y: 1, zoom: 1 })).toBe(false);
});
