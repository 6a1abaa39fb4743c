import { errors, type ErrorName } from '@wetink/sync/failures';
import { expect, it } from 'vitest';
import { closedSentence, leftSentence } from './closed-sentence.ts';

const shut = { code: 'FORBIDDEN', reason: '', wasOpen: false, isLinkRefused: false } as const;

it('a board that cannot be entered says what to do', () => {
  expect(closedSentence({ ...shut, reason: 'not_allowed', wasOpen: true }, null)).toEqual({
    title: 'You can’t open this board any more.',
    what: 'Ask its owner for a link.',
  });
  expect(closedSentence({ ...shut, isLinkRefused: true }, null).title).toBe('This link no longer opens this board.');
  expect(closedSentence({ ...shut, code: 'ROOM_ERASED' }, null).title).toBe('This board was deleted.');
});

it('T6: a person who came with the plain address reads where to get the link', () => {
  const { title, what } = closedSentence(shut, null);
  expect(title).toBe('You can’t open this board.');
  expect(what).toContain('behind Share');
});

it('T1: for every error that ends a connection for good, the notice has reason and advice in the words of the table', () => {
  for (const code of Object.keys(errors) as ErrorName[]) {
    const { title, what } = closedSentence({ ...shut, wasOpen: true, code }, 'editor');
    if (code !== 'FORBIDDEN' && code !== 'ROOM_NOT_FOUND') expect(title).toBe(errors[code].sentence);
    expect(what, code).toMatch(/^[A-Z].*\.$/);
  }
  expect(closedSentence({ ...shut, code: 'FORBIDDEN', reason: 'suspended' }, 'editor')).toEqual({
    title: 'Your account is suspended on this server.',
    what: 'Ask the person who runs this server.',
  });
});

it('K10: the notice claims that a copy stays on this device only if there is one', () => {
  expect(leftSentence('kept')).toContain('on this device stays');
  expect(leftSentence('writing')).toContain('is being written to this device');
  expect(leftSentence('none')).toBe('What you have of it is only in this tab: save it as a file to keep it.');
});
