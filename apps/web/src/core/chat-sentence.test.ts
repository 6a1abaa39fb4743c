import { MAX_CHAT_RATE } from '@wetink/board';
import { expect, it } from 'vitest';
import { emptySentence, foundSentence, notFoundSentence, olderSentence, quoteSentence, tooManySentence } from './chat-sentence.ts';

it('a search says that it covers what is loaded, unless that is all', () => {
  expect([0, 1, 2].map((count) => foundSentence(count, { isWhole: true }))).toEqual([
    'No message has these words.',
    '1 message',
    '2 messages',
  ]);
  for (const count of [0, 1, 2]) expect(foundSentence(count, { isWhole: false })).toMatch(/loaded/);
});

it('an answer to an older message does not say that it is gone', () => {
  expect(quoteSentence(undefined, { hasMore: true })).toBe('An older message');
  expect(quoteSentence(undefined, { hasMore: false })).toBe('A message that is not here');
  expect(quoteSentence({ text: 'x', isDeleted: true }, { hasMore: false })).toBe('Message deleted');
  expect(quoteSentence({ text: `**bold** ${'x'.repeat(4_000)}`, isDeleted: false }, { hasMore: false })).toMatch(/^bold x{195}$/);
});

it('nothing is said to be empty before it is known', () => {
  expect(emptySentence({ isKnown: true, hasMore: false })).toBe('Nothing said yet.');
  expect(emptySentence({ isKnown: false, hasMore: false })).not.toMatch(/Nothing/);
  expect(emptySentence({ isKnown: true, hasMore: true })).not.toMatch(/Nothing/);
});

it('each failure has its own sentence', () => {
  const failures = [
    { kind: 'unreachable' },
    { kind: 'unreachable', status: 429 },
    { kind: 'unreachable', status: 503 },
    { kind: 'absent' },
    { kind: 'refused', code: 'board_not_found' },
    { kind: 'refused', code: 'token_expired' },
    { kind: 'refused', code: 'unheard_of' },
  ] as const;
  expect(new Set(failures.map(olderSentence)).size).toBe(failures.length);
  expect(failures.map(olderSentence).filter((sentence) => sentence.includes('reached'))).toHaveLength(1);
  expect(notFoundSentence(null)).not.toMatch(/server/);
});

it('the count of messages is that of the limit', () => {
  expect(tooManySentence()).toBe(`You have sent ${MAX_CHAT_RATE} messages within a minute.`);
});
