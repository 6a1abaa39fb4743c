/** Arithmetic of positions: version vectors over the writers of a room's journal. Pure. */

import { StoreError } from './errors.ts';
import type { Position } from './port.ts';

/** Before the first row. */
export const START: Position = Object.freeze({});

/** The least position that covers both. */
export function joinPositions(a: Position, b: Position): Position {
  const joined: Record<string, number> = { ...a };
  for (const [writer, row] of Object.entries(b)) joined[writer] = Math.max(row, joined[writer] ?? 0);
  return joined;
}

/** True when every row up to `other` is also a row up to `position`. */
export function isCovered(other: Position, position: Position): boolean {
  return Object.entries(other).every(([writer, row]) => row <= (position[writer] ?? 0));
}

export function arePositionsEqual(a: Position, b: Position): boolean {
  return isCovered(a, b) && isCovered(b, a);
}

const WRITER_NAME = /^[A-Za-z0-9_-]{1,32}$/;

/** @throws {StoreError} `INVALID` when it is not a valid position. */
export function checkPosition(position: Position): void {
  for (const [writer, row] of Object.entries(position)) {
    if (!WRITER_NAME.test(writer) || !Number.isSafeInteger(row) || row < 0)
      throw new StoreError('INVALID', 'A position has whole numbers, 0 or more, under writer names of 1 to 32 letters, digits, _ or -.');
  }
}
