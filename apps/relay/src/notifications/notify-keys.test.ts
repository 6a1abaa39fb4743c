import { createMemoryStore, type Records } from '@wetink/storage';
import { beforeEach, expect, it } from 'vitest';
import { NotifyKeys } from './notify-keys.ts';

const DAY_MS = 24 * 60 * 60_000;

let records: Records;
let nowMs: number;
let keys: NotifyKeys;

beforeEach(() => {
  ({ records } = createMemoryStore());
  nowMs = 0;
  keys = new NotifyKeys(records, () => nowMs);
});

it('a key is for one content during a week, on every relay', async () => {
  const other = new NotifyKeys(records, () => nowMs);
  expect(await Promise.all([keys.take('k', 'a'), other.take('k', 'a')])).toEqual([true, true]);
  expect([await keys.take('k', 'b'), await other.take('k', 'b'), await keys.take('l', 'b')]).toEqual([false, false, true]);
  nowMs = 7 * DAY_MS - 1;
  expect(await keys.take('k', 'b')).toBe(false);
  nowMs = 7 * DAY_MS;
  expect([await keys.take('k', 'b'), await other.take('k', 'a')]).toEqual([true, false]);
});

it('keys older than a week leave no records behind', async () => {
  for (let i = 0; i < 300; i++) {
    nowMs += DAY_MS / 10;
    await keys.take(`k${i}`, 'a');
  }
  // Seventy of a week, and those that the next sweep finds.
  expect((await records.list({ prefix: '', limit: 1_000 })).length).toBeLessThan(100);
});

it('a damaged record is replaced', async () => {
  await records.put('notifykey/k', Buffer.from('{'), 0);
  expect([await keys.take('k', 'a'), await keys.take('k', 'b')]).toEqual([true, false]);
});
