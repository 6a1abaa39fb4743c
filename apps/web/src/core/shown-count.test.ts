import { expect, it } from 'vitest';
import { shownCount } from './shown-count.ts';

it('a count has at most two digits', () => {
  expect([1, 99, 100, 5_000].map(shownCount)).toEqual(['1', '99', '99+', '99+']);
});
