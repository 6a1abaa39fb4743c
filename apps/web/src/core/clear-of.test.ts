import { expect, it } from 'vitest';
import { shiftInto } from './clear-of.ts';

const free = { min: 60, max: 400 };

it('what a sheet would cover moves up until it is above the sheet, and no farther', () => {
  expect(shiftInto({ min: 350, max: 420 }, free)).toBe(-32);
  expect(shiftInto({ min: 500, max: 560 }, free)).toBe(-172);
});

it('what is in sight stays where it is, and so does what does not fit above the sheet', () => {
  expect(shiftInto({ min: 100, max: 388 }, free)).toBe(0);
  expect(shiftInto({ min: 20, max: 100 }, free)).toBe(0);
  expect(shiftInto({ min: 100, max: 900 }, free)).toBe(0);
});
