/**
 * The order in which people read a board: by lines from the top, each from the left, or from the right where the page is read so.
 * What is in a group or a frame follows it, and stands where the first of it is read. Pure.
 *
 * In steps: 100,000 elements take longer than a frame. Elements of a newer version are left out: they can't be selected.
 */
import type { Board, BoardElement, ElementId } from '@wetink/board';

/** The side on which a line begins. */
export type ReadFrom = 'left' | 'right';
export type Placed = Pick<BoardElement, 'geometry'>;

/** Elements and groups in reading order: those in no group and no frame, and those right in one. */
export interface ReadingTree {
  readonly top: readonly ElementId[];
  readonly within: ReadonlyMap<ElementId, readonly ElementId[]>;
}

/** Board units from one line of reading to the next. */
const LINE = 24;
/** Elements between two turns of the page. */
const STEP_ELEMENTS = 500;

/** Negative when `a` is read first. */
export function compareReading(a: Placed, b: Placed, from: ReadFrom): number {
  return lineOf(a) - lineOf(b) || startOf(a, from) - startOf(b, from);
}

export function* readingTree(board: Pick<Board, 'elements' | 'parentOf'>, from: ReadFrom): Generator<undefined, ReadingTree> {
  const top: ElementId[] = [];
  const within = new Map<ElementId, ElementId[]>();
  const placed = new Set<ElementId>();
  for (const [i, element] of (yield* inReadingOrder(board.elements(), from)).entries()) {
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

/** Sorted line by line, so that no step sorts all of them. */
function* inReadingOrder(elements: readonly BoardElement[], from: ReadFrom): Generator<undefined, BoardElement[]> {
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
    for (const element of (lines.get(line) ?? []).sort((a, b) => startOf(a, from) - startOf(b, from))) sorted.push(element);
    if (sorted.length < stepEnd) continue;
    stepEnd = sorted.length + STEP_ELEMENTS;
    yield;
  }
  return sorted;
}

/** The line of reading that an element is in, counted downwards. */
function lineOf({ geometry: { y, h } }: Placed): number {
  return Math.round(Math.min(y, y + h) / LINE);
}

function startOf({ geometry: { x, w } }: Placed, from: ReadFrom): number {
  return from === 'left' ? Math.min(x, x + w) : -Math.max(x, x + w);
}
