import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { DeviceRows } from './device-rows.ts';
import { createClock } from './fixtures/clock.ts';
import type { Environment } from './environment.ts';

/** Rows of these sizes are there; one more is written. @returns Whether they are rewritten. */
function isRewritten(there: readonly number[], written = 100): boolean {
  const clock = createClock();
  let opened = 0;
  const rows = new DeviceRows({
    environment: { ...clock, nextTask: () => Promise.resolve() } as Partial<Environment> as Environment,
    open: () => {
      opened++;
      return Promise.reject(new Error('it is only counted'));
    },
    doc: () => new Y.Doc(),
    absorb: () => Promise.resolve([]),
  });
  const values = new Map([...new Set(there)].map((bytes) => [bytes, new Uint8Array(bytes)]));
  rows.loaded(there.map((bytes, key) => ({ key, value: values.get(bytes) as Uint8Array })));
  rows.added({ key: there.length, bytes: written, isOurs: true });
  clock.advance(10_000);
  return opened > 0;
}
const times = (count: number, bytes: number): number[] => Array.from({ length: count }, () => bytes);

it('[D4] a board that came from a relay in 600 slices, or was rewritten before, is not rewritten', () => {
  expect(isRewritten(times(600, 130_000))).toBe(false);
  expect(isRewritten(times(65, 1_000_000))).toBe(false);
  expect(isRewritten([], 300_000)).toBe(false);
});

it('[D4] rows that are many, or hold twice the document, are rewritten', () => {
  expect(isRewritten(times(499, 100))).toBe(false);
  expect(isRewritten(times(501, 100))).toBe(true);
  expect(isRewritten([...times(600, 130_000), ...times(501, 100)])).toBe(true);
  expect(isRewritten([200_000, ...times(10, 20_000)])).toBe(false);
  expect(isRewritten([200_000, ...times(30, 20_000)])).toBe(true);
});
