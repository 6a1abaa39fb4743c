/**
 * The outline of a board: everything on it in reading order, for people who do not see it. What is in a group, or in an
 * element that holds others, follows it one level deeper; it stands where the first of them is read. Pure.
 *
 * Elements of a newer version are left out: they can't be selected.
 */
import * as m from '$words/core-outline';
import type { Board, BoardElement, ElementId } from '@wetink/board';
import { leftOf, lineOf } from './find-text.ts';

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

/** In steps, for `inSlices`: 100,000 elements take longer than a frame. */
export function* outlineOf(board: Outlined): Generator<undefined, readonly OutlineRow[]> {
  const tree = yield* treeOf(board, yield* inReadingOrder(board.elements()));
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

/** By lines from the top, each from the left; sorted line by line, so that no step sorts all of them. */
function* inReadingOrder(elements: readonly BoardElement[]): Generator<undefined, BoardElement[]> {
  const lines = new Map<number, BoardElement[]>();
  for (const [i, element] of elements.entries()) {
    if (i % STEP_ELEMENTS === STEP_ELEMENTS - 1) yield;
    if (element.kind === 'unknown') continue;
    const line = lineOf(element);
    const there = lines.get(line);
    if (there === undefined) lines.set(line, [element]);
    else there.push(element);
  }
  const sorted: BoardElement[] = [];
  let stepEnd = STEP_ELEMENTS;
  for (const line of Float64Array.from(lines.keys()).sort()) {
    for (const element of (lines.get(line) ?? []).sort((a, b) => leftOf(a) - leftOf(b))) sorted.push(element);
    if (sorted.length < stepEnd) continue;
    stepEnd = sorted.length + STEP_ELEMENTS;
    yield;
  }
  return sorted;
}

interface Tree {
  readonly top: ElementId[];
  readonly within: ReadonlyMap<ElementId, ElementId[]>;
}

function* treeOf(board: Outlined, elements: readonly BoardElement[]): Generator<undefined, Tree> {
  const top: ElementId[] = [];
  const within = new Map<ElementId, ElementId[]>();
  const placed = new Set<ElementId>();
  for (const [i, element] of elements.entries()) {
    if (i % STEP_ELEMENTS === STEP_ELEMENTS - 1) yield;
    for (let id: ElementId | null = element.id; id !== null && !placed.has(id);) {
      placed.add(id);
      const parent: ElementId | null = board.parentOf(id);
      if (parent === null) top.push(id);
      else if (within.get(parent)?.push(id) === undefined) within.set(parent, [id]);
      id = parent;
    }
  }
  return { top, within };
}
