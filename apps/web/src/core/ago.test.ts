import { expect, it } from 'vitest';
import { agoSentence } from './ago.ts';

const now = Date.UTC(2026, 5, 15, 12);
it.each([
  [0, 'just now'],
  [-5_000, 'just now'], // a clock that was wrong
  [61_000, '1 minute ago'],
  [2 * 3_600_000, '2 hours ago'],
  [25 * 3_600_000, 'yesterday'],
  [3 * 86_400_000, '3 days ago'],
  [30 * 86_400_000, 'May 16, 2026'],
])('%i ms ago is %j', (age, sentence) => expect(agoSentence(now - age, now, 'en')).toBe(sentence));
