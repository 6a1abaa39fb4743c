import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlidingWindow } from './sliding-window.ts';

describe('a sliding window', () => {
  it('[LI3] the window takes the limit at once, and one more is too many until the window has moved on', () => {
    const window = new SlidingWindow(10, 1_000, 0);
    expect(window.add(0, 10)).toBe(true);
    expect(window.waitMs(0)).toBe(0);
    expect(window.add(0, 1)).toBe(false);
    const waitMs = window.waitMs(0);
    // The present second, and the part of the next in which eleven still count as more than ten.
    expect(waitMs).toBeCloseTo(1_000 + 1_000 / 11, 6);
    expect(window.waitMs(waitMs - 1)).toBeGreaterThan(0);
    expect(window.waitMs(waitMs + 1)).toBe(0);
  });

  it('[LI3] half of the last window’s amount counts in the middle of the present one', () => {
    const window = new SlidingWindow(10, 1_000, 0);
    window.add(900, 10);
    expect(window.add(1_500, 5)).toBe(true);
    expect(window.add(1_500, 1)).toBe(false);
    expect(window.waitMs(1_500)).toBeCloseTo(100, 6);
    expect(window.waitMs(4_000)).toBe(0);
  });

  it('[LI3] whatever was added, the wait that the window gives is enough and shorter than two windows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 2_500 }), fc.integer({ min: 0, max: 200 })), { maxLength: 20 }),
        (limit, steps) => {
          const window = new SlidingWindow(limit, 1_000, 0);
          let nowMs = 0;
          for (const [pauseMs, amount] of steps) {
            nowMs += pauseMs;
            const isWithin = window.add(nowMs, amount);
            const waitMs = window.waitMs(nowMs);
            expect(waitMs === 0).toBe(isWithin);
            expect(waitMs).toBeLessThan(2_000);
            if (waitMs > 0) {
              nowMs += waitMs + 1;
              expect(window.waitMs(nowMs)).toBe(0);
            }
          }
        },
      ),
    );
  });
});
