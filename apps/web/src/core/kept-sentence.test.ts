import { expect, it } from 'vitest';
import { chatHeading, chatText, copiedSentence, keptSentence } from './kept-sentence.ts';

it.each([
  [1, 'kept', 0, '1 change was not saved to this board. It is kept on this device, apart from the board.'],
  [2, 'writing', 0, '2 changes were not saved to this board. They are being written to this device: keep this page open.'],
  [1, 'none', 0, '1 change was not saved to this board. It is only in this tab: keep this page open, or save it as a file.'],
  [3, 'none', 1, /only in this tab: keep this page open, or save them as a file\. There is 1 more set like this\.$/],
  [3, 'kept', 2, /There are 2 more sets like this\.$/],
] as const)('K5: the notice about %d changes that are %s says where they are', (count, where, others, said) => {
  expect(keptSentence(count, where, others)).toMatch(said);
});

it.each([
  [0, 0, 'Everything in it is on the board already.'],
  [2, 0, 'Copied onto the board.'],
  [0, 1, 'The chat message was sent again.'],
  [2, 3, 'Copied onto the board. The chat messages were sent again.'],
])('says what came of copying %d elements and %d messages', (elements, messages, said) => {
  expect(copiedSentence(elements, messages)).toBe(said);
});

it('K5: the chat of a kept copy as text has time, author and words, and marks messages that nobody got', () => {
  const at = new Date(2026, 10, 3, 14, 5).getTime();
  const rest = { file: null, about: null, at, replyTo: null, view: null, mentions: [], editedAt: null, isDeleted: false };
  const [first, second] = [
    { ...rest, id: 'a', userId: 'u', name: 'Ana', text: 'two\nlines' },
    { ...rest, id: 'b', userId: 'v', name: '', text: 'hi' },
  ] as const;
  expect(chatText([first, second], [second], 'en-GB')).toBe(
    '03/11/2026, 14:05, Ana: two\nlines\n03/11/2026, 14:05, Guest (not sent): hi\n',
  );
  expect(chatHeading(2, 1)).toBe('2 chat messages, 1 of them not sent');
  expect(chatHeading(1, 1)).toBe('1 chat message, not sent');
  expect(chatHeading(3, 0)).toBe('3 chat messages');
});
