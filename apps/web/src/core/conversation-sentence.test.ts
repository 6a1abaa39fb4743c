import { errors, type ErrorName } from '@wetink/sync/failures';
import type { RoomStatus } from '@wetink/sync';
import { expect, it } from 'vitest';
import { conversationSentence, peopleChangeSentence, takesNoMessage } from './conversation-sentence.ts';

const work = { waiting: 0, copy: 'kept', storage: 'working', hasUnread: false } as const;
const ended = (code: ErrorName, more: { reason?: string; waiting?: number } = {}): RoomStatus => ({
  ...work,
  kind: 'error',
  code,
  reason: '',
  refused: null,
  ...more,
});

it('a conversation that the server has ended takes no message, and says why for each code', () => {
  for (const code of Object.keys(errors) as ErrorName[]) {
    expect([code, takesNoMessage(ended(code))]).toEqual([code, true]);
    expect(conversationSentence(ended(code))).toMatch(/^[A-Z][^…]+\.$/);
    // The words of boards are not those of conversations.
    expect(conversationSentence(ended(code))).not.toMatch(/board/);
  }
  const codes = ['FORBIDDEN', 'ROOM_ERASED', 'UNAUTHENTICATED', 'DOCUMENT_TOO_LARGE', 'VERSION', 'MALFORMED'] as const;
  expect(new Set(codes.map((code) => conversationSentence(ended(code)))).size).toBe(codes.length);
  expect(conversationSentence(ended('ROOM_NOT_FOUND'))).toBe(conversationSentence(ended('FORBIDDEN')));
});

it('a reason of the server is passed on, and the sentence names what was not sent', () => {
  expect(conversationSentence(ended('FORBIDDEN', { reason: 'suspended' }))).toMatch(/^Your account is suspended/);
  expect(conversationSentence(ended('FORBIDDEN', { reason: 'unheard_of' }))).toBe('You are not in this conversation any more.');
  expect(conversationSentence(ended('FORBIDDEN', { waiting: 2 }))).toMatch(/more\. What you wrote last has not reached the others\.$/);
});

it('one that can go on takes messages, also without a network', () => {
  const offline: RoomStatus = { ...work, kind: 'offline', retryAtMs: null };
  expect([takesNoMessage(offline), conversationSentence(offline)]).toEqual([
    false,
    expect.stringMatching(/^Offline: what you write is kept/),
  ]);
  const saved: RoomStatus = { ...work, kind: 'saved' };
  expect([takesNoMessage(saved), conversationSentence(saved)]).toEqual([false, '']);
  expect(takesNoMessage({ ...work, kind: 'read-only' })).toBe(true);
});

it('names the people who were added and who left', () => {
  const [ana, ben, cleo, dan] = ['Ana', 'Ben', 'Cleo', ''].map((name, n) => ({ id: `${n}`, name })) as [Person, Person, Person, Person];
  expect(peopleChangeSentence([ana, ben], [ben, ana])).toBe('');
  expect(peopleChangeSentence([ana, ben], [ana, ben, cleo])).toBe('Cleo was added.');
  expect(peopleChangeSentence([ana, ben], [ana, cleo, dan])).toBe('Cleo and Guest were added. Ben left.');
  // A new name of the same person is no news.
  expect(peopleChangeSentence([ana], [{ ...ana, name: 'Anna' }])).toBe('');
});

interface Person {
  id: string;
  name: string;
}
