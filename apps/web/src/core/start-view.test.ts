import { expect, it } from 'vitest';
import { firstView, isSameView, keptView, parseView, showsAll, withView } from './start-view.ts';

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

it('a device keeps the last view of each of 100 boards, with the page it was of', () => {
  const at = (board: string, page = ''): { board: string; page: string } => ({ board, page });
  let stored: unknown = 'broken';
  for (let i = 0; i < 120; i++) stored = withView(stored, at(`b${i}`), { x: i, y: 2, zoom: 1 });
  stored = withView(stored, at('b110', 'second'), { x: 5, y: 6, zoom: 2 });
  expect(stored).toHaveLength(100);
  expect(keptView(stored, at('b119'))).toEqual({ x: 119, y: 2, zoom: 1 });
  expect(keptView(stored, at('b3'))).toBeNull();
  expect(keptView(stored, at('b110', 'second'))).toEqual({ x: 5, y: 6, zoom: 2 });
  expect(keptView(stored, at('b110'))).toBeNull();
  expect(keptView([null, 7, { board: 'b', page: '', x: 'no' }], at('b'))).toBeNull();
});
