import type { Notification } from '@wetink/board';
import type { RoomStatus } from '@wetink/sync';
import { describe, expect, it } from 'vitest';
import {
  arrivalSentence,
  bellLabel,
  inboxSentence,
  notificationAddress,
  notificationTitle,
  notificationWords,
} from './notification-sentence.ts';

const mention: Notification = {
  id: 'a',
  kind: 'mention',
  from: { id: 'ben', name: 'Ben' },
  room: 'abcdefghijklmnopqrstuv',
  title: 'Plans',
  message: 's0.12',
  text: 'Look at this',
  link: '',
  at: 0,
  place: { writer: 'w', number: 1 },
};
const custom: Notification = { ...mention, kind: 'custom', from: { id: '', name: '' }, room: '', title: 'Planned work', message: '' };

describe('the words of a notification', () => {
  it('a message shows its words without the marks of markdown, and an operator’s text as written', () => {
    expect(notificationWords({ ...mention, text: 'look at **this** `now`' }).text).toBe('look at this now');
    expect(notificationTitle({ ...custom, title: 'a **b**' })).toContain('a **b**');
  });

  it.each<[Partial<Notification>, string]>([
    [{}, 'Ben mentioned you · Plans'],
    [{ kind: 'reply', title: '' }, 'Ben answered you · Untitled board'],
    [{ kind: 'message', title: '' }, 'Ben wrote to you'],
    [{ kind: 'invitation', text: 'invited you to draw' }, 'Ben invited you to draw · Plans'],
    [
      { kind: 'role', text: 'changed your access to “Can view”', from: { id: 'ben', name: '' } },
      'Someone changed your access to “Can view” · Plans',
    ],
  ])('%j: %s', (change, title) => expect(notificationTitle({ ...mention, ...change })).toBe(title));

  it('a notification of a program has its title first and its text below; nobody is made up for it', () => {
    expect(notificationWords(custom)).toEqual({ who: 'Planned work', did: '', text: 'Look at this', where: '' });
    expect(notificationTitle(custom)).toBe('Planned work');
  });

  it('the text of an invitation stands in its line and not below it again', () => {
    expect(notificationWords({ ...mention, kind: 'invitation', text: 'invited you to draw' })).toMatchObject({
      did: 'invited you to draw',
      text: '',
    });
  });

  it('a name that would turn the sentence around is isolated', () => {
    expect(notificationTitle({ ...mention, from: { id: 'x', name: 'בן' } })).toBe('\u2068בן\u2069 mentioned you · Plans');
  });
});

describe('where a notification leads', () => {
  it('to the message on its board, to its link, or nowhere', () => {
    expect(notificationAddress(mention)).toBe('/b/abcdefghijklmnopqrstuv#m=s0.12');
    expect(notificationAddress({ ...mention, message: '' })).toBe('/b/abcdefghijklmnopqrstuv');
    expect(notificationAddress({ ...mention, link: 'https://ink.example/news' })).toBe('https://ink.example/news');
    expect(notificationAddress({ ...mention, room: '../v1' })).toBeNull();
    expect(notificationAddress(custom)).toBeNull();
  });
});

it('the bell says how many are unread', () => {
  expect([bellLabel(0), bellLabel(3)]).toEqual(['Notifications', 'Notifications, 3 unread']);
  expect([arrivalSentence([]), arrivalSentence([{ ...mention, isRead: false }])]).toEqual(['', 'Ben mentioned you · Plans']);
});

it('the list says why it may lack something, and that marks are kept', () => {
  const status = (kind: string, more = {}): RoomStatus => ({ kind, waiting: 0, ...more }) as never;
  expect(['saved', 'sending', 'loading', 'connecting'].map((kind) => inboxSentence(status(kind)))).toEqual(['', '', '', '']);
  expect(inboxSentence(null)).toBe('');
  expect(inboxSentence(status('offline'))).toBe('Offline: newer notifications come when the server answers.');
  expect(inboxSentence(status('offline', { waiting: 2 }))).toMatch(/What you mark as read is kept on this device, and sent later\.$/);
  expect(inboxSentence(status('error', { code: 'UNAUTHENTICATED' }))).toBe('Sign in to get newer notifications.');
  expect(inboxSentence(status('error', { code: 'FORBIDDEN' }))).toMatch(/does not let/);
});
