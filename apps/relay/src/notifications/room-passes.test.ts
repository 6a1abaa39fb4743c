/** Passes of rooms on a clock of their own. */

import type { ArrayChange } from '@wetink/relay';
import { virtualTime, type VirtualTime } from '@wetink/relay/testing';
import { beforeEach, expect, it } from 'vitest';
import { RoomPasses, type Attempt } from './room-passes.ts';

let time: VirtualTime;
let passes: RoomPasses;
/** `ROOM at MS`, for each pass that began. */
let begun: string[];
let attempts: Attempt[];
/** Passes under way, by room. */
let running: Map<string, (outcome: 'done' | 'failed') => void>;
/** The outcome of a pass; null: it goes on until the test ends it. */
let outcome: 'done' | 'failed' | Error | null;
let errors: unknown[];

beforeEach(() => {
  time = virtualTime();
  [begun, attempts, running, outcome, errors] = [[], [], new Map(), 'done', []];
  passes = new RoomPasses({
    environment: time,
    pass(room, _read, attempt) {
      begun.push(`${room} at ${time.now()}`);
      attempts.push(attempt);
      if (outcome instanceof Error) return Promise.reject(outcome);
      return outcome === null ? new Promise((resolve) => running.set(room, resolve)) : Promise.resolve(outcome);
    },
    onError: (error) => errors.push(error),
  });
});

const change = (room: string, cause: ArrayChange['cause'] = 'member'): ArrayChange => ({ room, root: 'chat', cause, read: () => null });

it('changes within a tenth of a second make one pass; what another relay took, and a loaded room, wait longer', async () => {
  for (const room of ['a', 'a', 'b']) passes.onChange(change(room));
  passes.onChange(change('c', 'node'));
  passes.onChange(change('d', 'loaded'));
  await time.advance(10_000);
  expect(begun).toEqual(['a at 100', 'b at 100', 'c at 2000', 'd at 2000']);
  passes.onChange(change('a'), 12_000);
  passes.onChange(change('a', 'node'), 12_000);
  await time.advance(10_000);
  expect(begun.slice(4)).toEqual(['a at 12000']);
});

it('four rooms have a pass at once, and a room has one; those that wait come before those that had one just now', async () => {
  outcome = null;
  for (const room of ['a', 'b', 'c', 'd', 'e', 'f']) passes.onChange(change(room));
  await time.advance(1_000);
  passes.onChange(change('a'));
  await time.advance(1_000);
  expect(begun).toHaveLength(4);
  running.get('a')?.('done');
  await time.advance(0);
  running.get('b')?.('done');
  await time.advance(0);
  running.get('c')?.('done');
  await time.advance(0);
  expect(begun.slice(4)).toEqual(['e at 2000', 'f at 2000', 'a at 2000']);
});

it('a pass that fails is tried again after longer and longer pauses, until its last attempt; a change in between is early', async () => {
  outcome = 'failed';
  passes.onChange(change('a'));
  await time.advance(1_000);
  passes.onChange(change('a'));
  await time.advance(600_000);
  const due = [100, 5_100, 15_100, 35_100, 75_100, 155_100];
  expect(begun).toEqual([100, 1_100, ...due.slice(1)].map((ms) => `a at ${ms}`));
  expect(attempts.map(({ time: when, isLast }) => `${when}${isLast ? ' last' : ''}`)).toEqual([
    'due',
    'early',
    ...['due', 'due', 'due', 'due', 'due last'],
  ]);
  expect(errors).toEqual([]);
  outcome = new Error('cannot be read');
  passes.onChange(change('a'));
  await time.advance(600_000);
  expect([begun.length, errors.length]).toEqual([13, 6]);
});

it('once stopped nothing begins, and stopping waits for what is under way', async () => {
  outcome = null;
  for (const room of ['a', 'b', 'c', 'd', 'e']) passes.onChange(change(room));
  await time.advance(200);
  passes.onChange(change('f'));
  let hasStopped = false;
  const stopped = passes.stop().then(() => (hasStopped = true));
  await time.advance(1_000);
  expect(hasStopped).toBe(false);
  for (const room of ['a', 'b', 'c', 'd']) running.get(room)?.('done');
  await stopped;
  passes.onChange(change('g'));
  await time.advance(10_000);
  expect(begun).toHaveLength(4);
});
