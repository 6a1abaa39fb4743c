import { expect, it } from 'vitest';
import { FirstParts } from './first-parts.ts';

/** Waits until every settled promise has run its callbacks. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

it('what nobody waits for comes when all that the page shows is there, or cannot be had, those added meanwhile too', async () => {
  const parts = new FirstParts();
  let arrive = (): void => undefined;
  let fail = (): void => undefined;
  parts.add(new Promise<void>((resolve) => (arrive = resolve)));
  let isOver = false;
  void parts.areThere().then(() => (isOver = true));
  parts.add(new Promise<void>((_, reject) => (fail = () => reject(new TypeError('offline')))));
  arrive();
  await settled();
  expect(isOver).toBe(false);
  fail();
  await settled();
  expect(isOver).toBe(true);
});

it('a page that shows no late part holds nothing back', async () => {
  await new FirstParts().areThere();
});
