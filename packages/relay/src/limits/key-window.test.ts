import { expect, it } from 'vitest';
import { createSlidingKeyWindow } from './key-window.ts';

it('[HT14] a sliding window never lets more than its limit through in its length, and says when the next one is let through', async () => {
  let nowMs = 0;
  const window = createSlidingKeyWindow(3, 60_000, () => nowMs);
  const taken: number[] = [];
  for (; nowMs < 600_000; nowMs += 1_700) if ((await window.take('ana')) === 0) taken.push(nowMs);
  for (const [i, timeMs] of taken.entries()) expect((taken[i + 3] ?? Infinity) - timeMs).toBeGreaterThanOrEqual(60_000);
  expect(taken.length).toBeGreaterThan(27);
  const waitMs = await window.take('ana');
  expect(waitMs).toBeGreaterThan(0);
  nowMs += waitMs - 1;
  expect(await window.take('ana')).toBe(1);
  nowMs += 1;
  expect(await window.take('ana')).toBe(0);
  expect(await window.take('ben')).toBe(0);
});

it('[HT14] keys that are quiet are forgotten, and those in the window are not', async () => {
  let nowMs = 0;
  const window = createSlidingKeyWindow(1, 1_000, () => nowMs);
  for (let i = 0; i < 9_999; i++) await window.take(`quiet ${i}`);
  nowMs = 999;
  expect(await window.take('ana')).toBe(0);
  nowMs = 1_000;
  for (let i = 0; i < 5; i++) expect(await window.take(`new ${i}`)).toBe(0);
  expect(await window.take('ana')).toBe(999);
});
