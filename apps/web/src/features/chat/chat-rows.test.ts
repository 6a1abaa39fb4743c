import type { ChatMessage } from '@wetink/board';
import { expect, it } from 'vitest';
import { chatRows } from './chat-rows.ts';

const noon = new Date(2026, 5, 15, 12).getTime();
const message = (userId: string, at: number, text = 'x'): ChatMessage => ({ id: `${userId}${at}`, userId, name: userId, text, at });

it('shows name and time once per run', () => {
  const rows = chatRows(
    [message('ana', noon), message('ana', noon + 1000), message('ben', noon + 2000), message('ben', noon + 400_000)],
    'en',
    noon,
  );
  expect(rows.map((row) => row.isFirst)).toEqual([true, false, true, true]);
  expect(rows[0]?.time).toMatch(/12:00/);
});

it('names the day unless it is today', () => {
  const yesterday = noon - 86_400_000;
  const rows = chatRows([message('ana', yesterday), message('ana', yesterday + 1), message('ana', noon)], 'en', noon);
  expect(rows.map((row) => row.day)).toEqual(['Jun 14, 2026', null, 'Jun 15, 2026']);
  expect(rows.map((row) => row.isFirst)).toEqual([true, false, true]);
});
