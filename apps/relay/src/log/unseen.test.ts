import { expect, it } from 'vitest';
import { escapeUnseen } from './unseen.ts';

it('T9: a log line contains no character that a terminal obeys or hides, and parses to the same values', () => {
  const fields = { room: 'a\u009b2J\u0085\u202eb\u2066\ufeff\u007f\u001b[0m', name: 'שלום é 日本 😀' };
  const line = escapeUnseen(JSON.stringify(fields));
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(JSON.parse(line)).toEqual(fields);
  expect(line).toContain('שלום é 日本 😀');
});
