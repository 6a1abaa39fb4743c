import { expect, it } from 'vitest';
import { nextStop } from './roving.ts';

it.each([
  [false, 'ArrowRight', 'ArrowLeft'],
  [true, 'ArrowLeft', 'ArrowRight'],
])('M4: arrows go along the line of reading and around its ends (right to left: %s)', (isRtl, forward, backward) => {
  const from = (at: number, key: string): number | null => nextStop(key, { at, count: 3, isRtl });
  expect([0, 1, 2].map((at) => from(at, forward))).toEqual([1, 2, 0]);
  expect([0, 1, 2].map((at) => from(at, backward))).toEqual([2, 0, 1]);
  expect([0, 1, 2].map((at) => from(at, 'ArrowDown'))).toEqual([1, 2, 0]);
  expect([0, 1, 2].map((at) => from(at, 'ArrowUp'))).toEqual([2, 0, 1]);
});

it('M4: Home and End go to the ends, and every other key is left to the page', () => {
  for (const at of [0, 1, 4]) {
    expect(nextStop('Home', { at, count: 5, isRtl: false })).toBe(0);
    expect(nextStop('End', { at, count: 5, isRtl: true })).toBe(4);
    for (const key of ['Tab', 'Enter', ' ', 'Escape', 'a', 'PageDown']) expect(nextStop(key, { at, count: 5, isRtl: false })).toBeNull();
  }
});
