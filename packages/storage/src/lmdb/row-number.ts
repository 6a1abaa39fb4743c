/** Rows of a room are numbered 1, 2, 3, … without gaps: the folder has one writer. Callers see the number as a position. */

import type { Position } from '../port.ts';

/** 0 stands for "before the first row". */
export type RowNumber = number;

const WRITER = 'local';

export function positionAt(row: RowNumber): Position {
  return row === 0 ? {} : { [WRITER]: row };
}

export function rowAt(position: Position): RowNumber {
  return position[WRITER] ?? 0;
}
