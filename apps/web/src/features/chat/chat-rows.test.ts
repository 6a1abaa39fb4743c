import type { ChatMessage } from '@wetink/board';
import { expect, it } from 'vitest';
import { chatRows } from './chat-rows.ts';

const noon = new Date(2026, 5, 15, 12).getTime();
const message = (userId: string, at: number, text = 'x'): ChatMessage => ({
  id: `${userId}${at}`,
  userId,
  name: userId,
  text,
  file: null,
  about: null,
  replyTo: null,
  view: null,
  mentions: [],
  editedAt: null,
  isDeleted: false,
  at,
});

const all = (messages: readonly ChatMessage[]) => chatRows(messages, { from: 0, to: messages.length }, 'en', noon);

it('shows name and time once per run, and for an answer', () => {
  const rows = all([
    message('ana', noon),
    message('ana', noon + 1000),
    message('ben', noon + 2000),
    message('ben', noon + 400_000),
    { ...message('ben', noon + 400_001), replyTo: 'x' },
  ]);
  expect(rows.map((row) => row.isFirst)).toEqual([true, false, true, true, true]);
  expect(rows[0]?.time).toMatch(/12:00/);
});

it('names each day above its first message, unless all of the chat is of today', () => {
  const day = 86_400_000;
  const rows = all([message('ana', noon - 2 * day), message('ana', noon - day), message('ana', noon - day + 1), message('ana', noon)]);
  expect(rows.map((row) => row.day)).toEqual(['Jun 13, 2026', 'Yesterday', null, 'Today']);
  expect(rows.map((row) => row.isFirst)).toEqual([true, true, false, true]);
  expect(all([message('ana', noon)])[0]?.day).toBeNull();
});

it('a part of the chat looks as it does within the whole', () => {
  const messages = Array.from({ length: 300 }, (_, n) => message(n % 7 < 4 ? 'ana' : 'ben', noon - (300 - n) * 1_800_000));
  const part = chatRows(messages, { from: 100, to: 220 }, 'en', noon);
  expect(part).toEqual(all(messages).slice(100, 220));
});
