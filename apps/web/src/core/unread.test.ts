import { expect, it } from 'vitest';
import { countOthers, countUnread, parseSeen } from './unread.ts';

const lines = (...users: string[]) => users.map((userId) => ({ userId }));

it("counts other people's messages beyond those seen", () => {
  expect(countUnread(lines('ben', 'me', 'ben'), 'me', 0)).toBe(2);
  expect(countUnread(lines('ben', 'me', 'ben'), 'me', 2)).toBe(0);
  expect(countUnread([], 'me', 2)).toBe(0);
  expect(countOthers(lines('me', 'me'), 'me')).toBe(0);
});

it('counts a message that was written offline and arrives in the middle', () => {
  const seen = countOthers(lines('ben', 'ben'), 'me');
  expect(countUnread(lines('ben', 'ana', 'ben'), 'me', seen)).toBe(1);
});

it('distrusts what was stored', () => {
  expect([3, -1, 1.5, '4', null, NaN].map(parseSeen)).toEqual([3, 0, 0, 0, 0, 0]);
});
