import { describe, expect, it } from 'vitest';
import { closedSentence, failureSentence, myPartSentence, roleSentence } from './access-sentences.ts';

describe('a role that changes while one is here', () => {
  it.each([
    ['editor', 'viewer', 'Ana', 'You can only view this board now. Ana changed it.'],
    ['owner', 'viewer', '', 'You can only view this board now. Its owner changed it.'],
    ['viewer', 'editor', 'Ana', 'You can draw on this board now.'],
    ['owner', 'editor', 'Ben', 'Ben owns this board now. You can still draw.'],
    ['owner', 'editor', '', 'Somebody else owns this board now. You can still draw.'],
    ['editor', 'owner', 'Ana', 'This board is yours now.'],
    ['editor', 'editor', 'Ana', ''],
    [null, 'viewer', 'Ana', ''],
    ['viewer', null, 'Ana', ''],
  ] as const)('from %s to %s, the owner being %j', (before, after, owner, sentence) => {
    expect(roleSentence(before, after, owner)).toBe(sentence);
  });

  it('isolates a name that is written from right to left', () => {
    expect(roleSentence('editor', 'viewer', 'דנה')).toBe('You can only view this board now. \u2068דנה\u2069 changed it.');
    expect(myPartSentence('editor', 'דנה')).toBe('\u2068דנה\u2069 owns this board. You can draw on it.');
  });
});

it('a failure has a sentence, whatever it is called', () => {
  expect(failureSentence({ kind: 'unreachable' })).toBe('The server cannot be reached. Nothing was changed.');
  expect(failureSentence({ kind: 'refused', code: 'not_owner' })).toBe('Only the owner of this board can change this.');
  expect(failureSentence({ kind: 'refused', code: 'unheard_of' })).toBe('The server refused this. Nothing was changed.');
  expect(myPartSentence('viewer', 'Ana')).toBe('Ana owns this board. You can view it.');
});

it('a board that is shut says what to do', () => {
  const shut = { code: 'FORBIDDEN', sentence: 'x', wasOpen: false, isLinkRefused: false };
  expect(closedSentence(shut)).toEqual({ title: 'You can’t open this board.', what: 'Ask its owner for a link.' });
  expect(closedSentence({ ...shut, wasOpen: true }).title).toBe('You can’t open this board any more.');
  expect(closedSentence({ ...shut, isLinkRefused: true }).title).toBe('This link no longer opens this board.');
  expect(closedSentence({ ...shut, code: 'ROOM_ERASED' }).title).toBe('This board was deleted.');
  expect(closedSentence({ ...shut, code: 'UNAUTHENTICATED' }).what).toBe('Sign in to open this board.');
  expect(closedSentence({ ...shut, code: 'VERSION' })).toEqual({ title: 'x', what: '' });
});
