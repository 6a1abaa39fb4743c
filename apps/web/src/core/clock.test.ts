import { expect, it } from 'vitest';
import { clockOf, minuteOf } from './clock.ts';

it('minutes of a day are read back as they were written', () => {
  for (const minute of [0, 59, 60, 90, 12 * 60, 23 * 60 + 59]) expect(minuteOf(clockOf(minute))).toBe(minute);
  expect([clockOf(90), minuteOf('22:00:00')]).toEqual(['01:30', 22 * 60]);
});

it.each(['', '24:00', '7:30', '12:60', 'noon'])('"%s" is no time', (text) => expect(minuteOf(text)).toBeNull());
