import { expect, it } from 'vitest';
import { doingSentence, ordinal } from './person-sentence.ts';

const person = { rest: null, isTyping: false, isViewer: false, tool: 'pen', clients: [] };
const alone = { place: null, isFollowingMe: false };

it('the sentence says what a person does now: hand, presenting, following, then rest, typing, looking on or the tool', () => {
  expect(doingSentence(person, alone)).toBe('Has the pen');
  expect(doingSentence({ ...person, isTyping: true }, alone)).toBe('Typing');
  expect(doingSentence(person, { ...alone, page: 'page 2' })).toBe('On page 2 · Has the pen');
  expect(doingSentence({ ...person, isViewer: true }, alone)).toBe('Looking on');
  // A person who is away holds nothing, whatever their page announced before.
  expect(doingSentence({ ...person, rest: 'away', isTyping: true }, alone)).toBe('Away');
  expect(doingSentence({ ...person, rest: 'idle' }, { place: 2, isFollowingMe: true })).toBe('Hand up, 2nd · Follows you · Idle');
  const presenting = { clientId: 1, rest: null, presents: 'p', follows: null };
  expect(doingSentence({ ...person, clients: [presenting] }, alone)).toBe('Presenting · Has the pen');
});

it('a tool of a newer app, or of a hostile one, is not named', () => {
  for (const tool of ['scissors', '', 'constructor', '<b>']) expect(doingSentence({ ...person, tool }, alone)).toBe('');
});

it('places are counted as people count', () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 111].map(ordinal)).toEqual([
    '1st',
    '2nd',
    '3rd',
    '4th',
    '11th',
    '12th',
    '13th',
    '21st',
    '22nd',
    '111th',
  ]);
});
