import { expect, it } from 'vitest';
import { countUnread, firstUnread, parseSeen, SEEN_IDS_MAX, seenOf, seenThrough } from './unread.ts';

const line = (userId: string, at: number) => ({ id: `${userId}${at}`, userId, at });

it('messages from before the first visit are not unread', () => {
  const history = [line('ben', 1), line('ana', 2)];
  expect(countUnread(history, 'me', null)).toBe(0);
  expect(countUnread([...history, line('ben', 3)], 'me', seenOf(history, 'me'))).toBe(1);
});

it("other people's messages that were not seen are unread", () => {
  const seen = seenOf([], 'me');
  expect(countUnread([line('ben', 1), line('me', 2), line('ben', 3)], 'me', seen)).toBe(2);
  expect(countUnread([], 'me', seen)).toBe(0);
});

it('a message that was written offline and arrives in the middle is unread', () => {
  const seen = seenOf([line('ben', 1), line('ben', 5)], 'me');
  expect(countUnread([line('ben', 1), line('ana', 3), line('ben', 5)], 'me', seen)).toBe(1);
});

it('the count stays right when the conversation is cut at its beginning', () => {
  const long = Array.from({ length: SEEN_IDS_MAX + 50 }, (_, n) => line('ben', n));
  const seen = seenOf(long, 'me');
  expect(seen.ids).toHaveLength(SEEN_IDS_MAX);
  expect(countUnread(long, 'me', seen)).toBe(0);
  expect(countUnread([...long.slice(1), line('ana', 1_000)], 'me', seen)).toBe(1);
  expect(countUnread([...long.slice(100), line('ana', 1_000), line('ana', 1_001)], 'me', seen)).toBe(2);
});

it('a stored state that is broken counts as none', () => {
  const seen = seenOf([line('ben', 1)], 'me');
  expect(parseSeen(JSON.parse(JSON.stringify(seen)))).toEqual(seen);
  expect([3, null, '4', {}, { until: 'x', ids: [] }, { until: 1 }].map(parseSeen)).toEqual([null, null, null, null, null, null]);
  expect(parseSeen({ until: 1, ids: ['a', 3, null] })).toEqual({ until: 1, ids: ['a'] });
});

it('a message that its author deleted is no news, and the first of the others is where reading goes on', () => {
  const seen = seenOf([line('ben', 1)], 'me');
  const messages = [line('ben', 1), { ...line('ana', 2), isDeleted: true }, line('me', 3), line('ben', 4), line('ben', 5)];
  expect(countUnread(messages, 'me', seen)).toBe(2);
  expect(firstUnread(messages, 'me', seen)).toBe('ben4');
  expect(firstUnread(messages.slice(0, 3), 'me', seen)).toBeNull();
  expect(firstUnread(messages, 'me', null)).toBeNull();
});

it('messages that were read on another device are read here, up to there, and never the other way round', () => {
  const messages = [line('ben', 1), line('ben', 2), line('ana', 3), line('ben', 4)];
  const seen = seenOf(messages.slice(0, 1), 'me');
  const later = seenThrough(messages, 'me', { seen, lastId: 'ana3' });
  expect([countUnread(messages, 'me', later), firstUnread(messages, 'me', later)]).toEqual([1, 'ben4']);
  expect(seenThrough(messages, 'me', { seen: later, lastId: 'ben1' })).toBe(later);
  expect(seenThrough(messages, 'me', { seen: later, lastId: 'not here' })).toBe(later);
});
