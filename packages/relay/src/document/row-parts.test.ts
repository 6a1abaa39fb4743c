import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { joinRows, splitIntoRows } from './row-parts.ts';
import { RoomDocument } from './room-document.ts';

const updatesOf = (rows: readonly Uint8Array[]): Uint8Array[] => joinRows(rows).map(({ update }) => update);

it('[RL16] a change split into rows is put together again: in any order, with repeats, and with other rows between', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 2_000 }),
      fc.integer({ min: 60, max: 500 }),
      fc.boolean(),
      (bytes, maxRowBytes, isReversed) => {
        const update = Uint8Array.from([1, ...bytes]);
        const rows = splitIntoRows(update, maxRowBytes);
        for (const row of rows) expect(row.length).toBeLessThanOrEqual(maxRowBytes);
        const other = new Uint8Array([0, 0]);
        const stored = [...rows, ...rows].flatMap((row) => [row, other]);
        const joined = joinRows(isReversed ? stored.reverse() : stored).filter(({ update: found }) => found.length !== 2);
        if (rows.length === 1) return;
        expect(joined.map(({ update: found }) => found)).toEqual([update]);
        expect(joined[0]?.rows).toHaveLength(2 * rows.length);
      },
    ),
    { numRuns: 200 },
  );
});

it('[RL16] parts of an incomplete or damaged change stay single rows, which a document refuses without harm', () => {
  const doc = new Y.Doc();
  doc.getMap('m').set('big', 'x'.repeat(1_000));
  const rows = splitIntoRows(Y.encodeStateAsUpdate(doc), 200);
  expect(rows.length).toBeGreaterThan(4);
  expect(updatesOf(rows.slice(1))).toEqual(rows.slice(1));
  const damaged = rows.map((row) => row.slice());
  const last = damaged.at(-1);
  if (last !== undefined) last[last.length - 1] = (last[last.length - 1] ?? 0) ^ 1;
  expect(updatesOf(damaged)).toEqual(damaged);
  const document = new RoomDocument();
  for (const row of damaged) expect(document.apply(row).kind).toBe('refused');
  expect(updatesOf([...rows, new Uint8Array([0, 0])])).toEqual([Y.encodeStateAsUpdate(doc), new Uint8Array([0, 0])]);
});
