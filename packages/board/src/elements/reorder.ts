/**
 * Fractional keys that put elements at their new place in paint order.
 *
 * Only moved elements get a key. Two people who put different elements into one gap offline make the same key, and a key
 * can be too long, or too far out, for any key to fit beside it: then as few neighbours of the gap as needed first get new
 * keys.
 */
import { generateNKeysBetween } from 'fractional-indexing';
import { implicitOrderKey, isOrderKey, orderKeyOfPlace, paintPlace } from '../document/order-key.ts';
import type { Elements } from './elements.ts';
import type { ElementId, ReorderTarget, StepKey } from '../types.ts';

export interface ReorderPlan {
  readonly keys: ReadonlyMap<ElementId, string>;
  /** New keys of neighbours that keep their place and make room. */
  readonly repairs: ReadonlyMap<ElementId, string>;
}

/** A run of moving elements (indices into the paint order) and the gap they go to: above `below`, beneath `above`. */
interface Move {
  readonly moving: readonly number[];
  readonly below: number;
  readonly above: number;
}

/** Plans a reordering. Ignores ids that are not shown; the moved elements keep their order among each other. */
export function planReorder(elements: Elements, ids: Iterable<ElementId>, to: ReorderTarget): ReorderPlan {
  const indices = new Set<number>();
  for (const id of ids) {
    const place = elements.placeOf(id);
    if (place !== undefined) indices.add(elements.order.indexOf(place));
  }
  const selected = [...indices].sort((a, b) => a - b);
  const gaps = new Gaps(elements, indices);
  const keys = new Map<ElementId, string>();
  if (selected.length === 0) return { keys, repairs: gaps.repairs };
  for (const move of movesFor(selected, indices, elements.order.count, to)) {
    const minted = gaps.open(...neighbours(move, indices, elements.order.count), move.moving.length);
    for (const [i, index] of move.moving.entries()) {
      const element = elements.order.elements()[index];
      if (element !== undefined) keys.set(element.id, minted[i] as string);
    }
  }
  return { keys, repairs: gaps.repairs };
}

/**
 * Keys for elements about to be created. Nearly always none: their time alone puts them on top, unless a clock far ahead
 * has made an element above them.
 */
export function planOnTop(elements: Elements, step: StepKey, ids: readonly ElementId[]): ReorderPlan {
  const gaps = new Gaps(elements, new Set());
  const { count } = elements.order;
  const top = elements.order.placeAt(count - 1);
  const first = ids[0];
  const isOnTop = top === undefined || first === undefined || top < paintPlace(implicitOrderKey(step, first), first);
  const minted = isOnTop ? [] : gaps.open(count - 1, count, ids.length);
  return { keys: new Map(minted.map((key, i) => [ids[i] as ElementId, key])), repairs: gaps.repairs };
}

function movesFor(selected: readonly number[], indices: ReadonlySet<number>, count: number, to: ReorderTarget): Move[] {
  const lowest = selected[0] as number;
  const highest = selected.at(-1) as number;
  const isRun = highest - lowest === selected.length - 1;
  if (to === 'front') {
    return isRun && highest === count - 1 ? [] : [{ moving: selected, below: topOf(indices, count), above: count }];
  }
  if (to === 'back') return isRun && lowest === 0 ? [] : [{ moving: selected, below: -1, above: bottomOf(indices) }];
  const moves: Move[] = [];
  for (const run of runsOf(selected)) {
    const first = run[0] as number;
    const last = run.at(-1) as number;
    if (to === 'forward' && last < count - 1) moves.push({ moving: run, below: last + 1, above: last + 2 });
    if (to === 'backward' && first > 0) moves.push({ moving: run, below: first - 2, above: first - 1 });
  }
  return moves;
}

/** Indices of the elements on both sides of a gap. Skips a neighbour that is about to move away itself. */
function neighbours(move: Move, indices: ReadonlySet<number>, count: number): [below: number, above: number] {
  let { below, above } = move;
  while (indices.has(below)) below--;
  while (indices.has(above)) above++;
  // A neighbouring run at the very end can't move and stays the neighbour.
  if (below < 0) below = Math.max(below, move.below);
  if (above >= count) above = Math.min(above, move.above);
  return [below, above];
}

/** Finds keys in the gaps between elements; where no key fits, gives neighbours new keys. */
class Gaps {
  readonly repairs = new Map<ElementId, string>();
  readonly #elements: Elements;
  readonly #moving: ReadonlySet<number>;

  constructor(elements: Elements, moving: ReadonlySet<number>) {
    this.#elements = elements;
    this.#moving = moving;
  }

  /** @returns `count` keys between those of the elements at `below` and `above`. */
  open(below: number, above: number, count: number): readonly string[] {
    const low = this.#keyAt(below);
    const high = this.#keyAt(above);
    const direct = keysBetween(low, high, count);
    if (direct !== null) return direct;
    // First the elements above the gap that share its key make room, or one element; then more and more on both sides.
    for (let size = 1; ; size *= 2) {
      const upper = this.#staying(above, 1, size, low);
      const lower = this.#staying(below, -1, size, high);
      const raised = keysBetween(low, this.#keyAt(next(upper, above, 1)), count + upper.length);
      if (raised !== null) return this.#repair([], upper, raised, count);
      const lowered = keysBetween(this.#keyAt(next(lower, below, -1)), high, count + lower.length);
      if (lowered !== null) return this.#repair(lower.reverse(), [], lowered, count);
      const isAll = upper.length < size && lower.length < size;
      if (isAll) return this.#repair(lower.reverse(), upper, generateNKeysBetween(null, null, lower.length + count + upper.length), count);
    }
  }

  /** Staying elements from `from` on in a direction: those with the key `key`, and at least `size`. */
  #staying(from: number, direction: 1 | -1, size: number, key: string | null): number[] {
    const staying: number[] = [];
    for (let index = from; this.#keyAt(index) !== null; index += direction) {
      if (this.#moving.has(index)) continue;
      if (staying.length >= size && this.#keyAt(index) !== key) break;
      staying.push(index);
    }
    return staying;
  }

  /** @param keys Keys of `lower`, then of the moved elements, then of `upper`. */
  #repair(lower: readonly number[], upper: readonly number[], keys: readonly string[], count: number): readonly string[] {
    const minted = [...keys];
    const moving = minted.splice(lower.length, count);
    for (const [i, index] of [...lower, ...upper].entries()) {
      const element = this.#elements.order.elements()[index];
      if (element !== undefined) this.repairs.set(element.id, minted[i] as string);
    }
    return moving;
  }

  #keyAt(index: number): string | null {
    const element = this.#elements.order.elements()[index];
    if (element === undefined) return null;
    return this.repairs.get(element.id) ?? orderKeyOfPlace(this.#elements.order.placeAt(index) as string);
  }
}

/** Index behind a run of consecutive indices that begins at `from`. */
function next(run: readonly number[], from: number, direction: 1 | -1): number {
  const last = run.at(-1);
  return last === undefined ? from : last + direction;
}

function keysBetween(low: string | null, high: string | null, count: number): string[] | null {
  if (low !== null && high !== null && low >= high) return null;
  try {
    const keys = generateNKeysBetween(low, high, count);
    return keys.every(isOrderKey) ? keys : null;
  } catch (error) {
    // It throws when it runs past the smallest of all keys.
    if (!(error instanceof Error)) throw error;
    return null;
  }
}

function topOf(indices: ReadonlySet<number>, count: number): number {
  let index = count - 1;
  while (indices.has(index)) index--;
  return index;
}

function bottomOf(indices: ReadonlySet<number>): number {
  let index = 0;
  while (indices.has(index)) index++;
  return index;
}

function runsOf(selected: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const index of selected) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === index - 1) run.push(index);
    else runs.push([index]);
  }
  return runs;
}
