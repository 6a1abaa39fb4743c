import { expect, it } from 'vitest';
import { inTime } from './in-time.ts';

it('a countdown rounds up, so it never ends before its time', () => {
  expect([-5, 0, 1, 12_000, 12_001, 99_000, 99_001, 3_600_000, 6_000_000, 86_400_000].map(inTime)).toEqual([
    'now',
    'now',
    'in 1 s',
    'in 12 s',
    'in 13 s',
    'in 99 s',
    'in 2 min',
    'in 60 min',
    'in 2 h',
    'in 24 h',
  ]);
});
