import { describe, expect, it } from 'vitest';
import {
  conversationFailure,
  conversationTitle,
  directoryFailure,
  parseConversation,
  parseConversations,
  parsePeople,
} from './conversation-info.ts';

const id = 'abcdefghijklmnopqrstuv';
const people = [
  { id: 'ana', name: 'Ana' },
  { id: 'ben', name: 'Ben' },
];

describe('conversations that a server sends', () => {
  it('are the newest first; malformed ones are left out', () => {
    const list = parseConversations([
      { id, isDirect: true, people, at: 1 },
      { id: `${id}x`, isDirect: false, people, at: 3 },
      { id: '../v1', people, at: 2 },
      { id, people, at: 'today' },
      null,
      'text',
    ]);
    expect(list.map(({ id: room, isDirect, at }) => [room, isDirect, at])).toEqual([
      [`${id}x`, false, 3],
      [id, true, 1],
    ]);
    expect([parseConversation(null), parseConversations('no'), parseConversations(null)]).toEqual([null, [], []]);
  });

  it('people are bounded, and their names are one visible line', () => {
    expect(parsePeople(Array.from({ length: 1_000 }, (_, i) => ({ id: `p${i}` })))).toHaveLength(100);
    expect(parsePeople([{ id: 'x', name: `A\u202eB\n${'c'.repeat(100)}` }, { name: 'no id' }, 7])).toEqual([
      { id: 'x', name: expect.stringMatching(/^AB c{37}$/) as string },
    ]);
  });

  it('people keep the picture of their token, unless it is too long or no text', () => {
    const picture = 'https://pictures.example/ben.png';
    expect(parsePeople([{ id: 'ben', name: 'Ben', picture }])).toEqual([{ id: 'ben', name: 'Ben', picture }]);
    for (const bad of [`https://pictures.example/${'x'.repeat(1_024)}`, 7, null, {}])
      expect(parsePeople([{ id: 'ben', name: 'Ben', picture: bad }])).toEqual([{ id: 'ben', name: 'Ben' }]);
  });
});

it('a conversation is named by the others in it', () => {
  expect(conversationTitle({ people }, 'ana')).toBe('Ben');
  expect(conversationTitle({ people: [...people, { id: 'cleo', name: '' }] }, 'ana')).toBe('Ben and Guest');
  expect(conversationTitle({ people: people.slice(0, 1) }, 'ana')).toBe('Only you');
});

it('a failure has a sentence, whatever the server says', () => {
  expect(conversationFailure({ kind: 'unreachable' })).toMatch(/^The server does not answer now\./);
  expect(conversationFailure({ kind: 'absent' })).toMatch(/no conversations/);
  expect(conversationFailure({ kind: 'refused', code: 'person_not_found' })).toMatch(/share a board/);
  expect(conversationFailure({ kind: 'refused', code: 'unheard_of' })).toBe('The server refused this.');
  expect(conversationFailure({ kind: 'refused', code: 'token_expired' })).toMatch(/^Sign in again/);
});

it.each([
  [{ kind: 'unreachable' }, 'The server can’t say now who is online. Try again in a moment.'],
  [{ kind: 'absent' }, 'This server does not list who is online.'],
  [{ kind: 'refused', code: 'directory_off' }, 'This server does not list who is online.'],
  [{ kind: 'refused', code: 'token_expired' }, 'Sign in again to see who is online.'],
  [{ kind: 'refused', code: 'suspended' }, 'The operator of this server has suspended you.'],
  [{ kind: 'refused', code: 'unheard_of' }, 'The server refuses to say who is online.'],
])('why nobody is listed as online: %j', (failure, sentence) => expect(directoryFailure(failure)).toBe(sentence));
