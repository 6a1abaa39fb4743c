import type { ChatMessage } from '@wetink/board';
import { expect, it } from 'vitest';
import { foundIn } from './chat-search.ts';

const said = (text: string, n = 0): ChatMessage => ({
  id: `m${n}`,
  userId: 'ana',
  name: 'Ana',
  text,
  file: null,
  about: null,
  at: n,
  replyTo: null,
  view: null,
  mentions: [],
  editedAt: null,
  isDeleted: false,
});

it('finds words whatever their case, newest first, with what stands around them', () => {
  const { total, shown } = foundIn([said('The Blue one', 1), said('red', 2), said('so blue', 3)], ' blue ');
  expect(total).toBe(2);
  expect(shown.map(({ before, match, rest }) => [before, match, rest])).toEqual([
    ['so ', 'blue', ''],
    ['The ', 'Blue', ' one'],
  ]);
});

it('a long message is cut around the words, a long list is counted in full, and no words find nothing', () => {
  const [found] = foundIn([said(`${'a'.repeat(100)}needle${'b'.repeat(400)}`)], 'needle').shown;
  expect([found?.before.length, found?.rest.length]).toEqual([41, 161]);
  const many = foundIn(
    Array.from({ length: 10_000 }, (_, n) => said('needle', n)),
    'needle',
  );
  expect([many.total, many.shown.length, many.shown[0]?.message.id]).toEqual([10_000, 100, 'm9999']);
  expect(foundIn([said('x')], '  ')).toEqual({ total: 0, shown: [] });
});
