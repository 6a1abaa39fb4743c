import { expect, it } from 'vitest';
import { deletedSentence, restoredSentence } from './trash-sentence.ts';

it('says whose deletion it was, when, and of how much', () => {
  const facts = { name: 'Ana', isMe: false, count: 12_000, at: 0 };
  expect(deletedSentence(facts, 300_000, 'en')).toBe('Ana, 5 minutes ago: 12,000 elements');
  expect(deletedSentence({ ...facts, isMe: true, count: 1 }, 1_000, 'en')).toBe('You, just now: 1 element');
  expect(deletedSentence({ ...facts, name: null, count: 2 }, 1_000, 'en')).toBe('Someone, just now: 2 elements');
});

it('says how much is back', () => {
  expect([restoredSentence(1), restoredSentence(2_000)]).toEqual(['1 element is back.', '2,000 elements are back.']);
});
