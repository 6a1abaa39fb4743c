/**
 * The outline of a board: everything on it in reading order, for people who do not see it. What is in a group, or in an
 * element that holds others, follows it one level deeper; it stands where the first of them is read. Pure.
 *
 * Elements of a newer version are left out: they can't be selected.
 */
import * as m from '$words/core-outline';
import type { Board, ElementId } from '@wetink/board';
import { readingTree, type ReadFrom } from '@wetink/canvas';

/** The part of a board that the outline is made from. */
export type Outlined = Pick<Board, 'elements' | 'get' | 'parentOf' | 'membersOf'>;

export interface OutlineRow {
  readonly id: ElementId;
  /** 0 for what is in no group. */
  readonly level: number;
  /** Elements in it, at any depth; 0 for an element that holds nothing. */
  readonly count: number;
}

/** Rows on one page of the list. */
export const PAGE_ROWS = 100;
/** Elements between two turns of the page. */
const STEP_ELEMENTS = 500;

/** In steps, for `inSlices`: 100,000 elements take longer than a frame. @param from The side on which lines are read from. */
export function* outlineOf(board: Outlined, from: ReadFrom = 'left'): Generator<undefined, readonly OutlineRow[]> {
  const tree = yield* readingTree(board, from);
  const rows: { id: ElementId; level: number; count: number }[] = [];
  const left = tree.top.toReversed().map((id) => ({ id, level: 0 }));
  for (let row = left.pop(); row !== undefined; row = left.pop()) {
    rows.push({ ...row, count: 0 });
    if (rows.length % STEP_ELEMENTS === 0) yield;
    const within = tree.within.get(row.id) ?? [];
    for (let i = within.length - 1; i >= 0; i -= 1) left.push({ id: within[i] as ElementId, level: row.level + 1 });
  }
  /** Elements counted so far, by level: those beneath the next row above. */
  const counted: number[] = [];
  for (const [i, row] of rows.toReversed().entries()) {
    if (i % STEP_ELEMENTS === STEP_ELEMENTS - 1) yield;
    row.count = counted[row.level + 1] ?? 0;
    counted[row.level + 1] = 0;
    counted[row.level] = (counted[row.level] ?? 0) + row.count + (board.get(row.id) === undefined ? 0 : 1);
  }
  return rows;
}

/** The ids that a row selects: the element, or all elements of a group. */
export function idsOfRow(board: Outlined, rows: readonly OutlineRow[], row: OutlineRow): ElementId[] {
  if (board.get(row.id) !== undefined) return [row.id];
  const at = rows.indexOf(row);
  const ids: ElementId[] = [];
  for (let i = at + 1; i < rows.length && (rows[i] as OutlineRow).level > row.level; i += 1) {
    const { id } = rows[i] as OutlineRow;
    if (board.get(id) !== undefined) ids.push(id);
  }
  return ids;
}

/** '1 to 100 of 3,456', or how many there are if they are all on one page. */
export function pageSentence(from: number, total: number): string {
  if (total === 0) return m.thereIsNothingHereYet();
  if (total <= PAGE_ROWS) return m.entries({ count: total });
  return m.range({ from: from + 1, to: Math.min(total, from + PAGE_ROWS), total });
}
