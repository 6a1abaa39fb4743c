import { expect, it } from 'vitest';
import { counted } from './counted.ts';

it('T8: the noun agrees with its count', () => {
  expect([0, 1, 2, 1_000, 1_234_567].map((count) => counted(count, 'room'))).toEqual([
    '0 rooms',
    '1 room',
    '2 rooms',
    '1,000 rooms',
    '1,234,567 rooms',
  ]);
});
