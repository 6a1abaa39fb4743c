/**
 * Which fractional keys put elements where they should be painted.
 *
 * Only what moves gets a key. Two people who put different things into one gap offline mint the same key; between two
 * equal ones nothing fits (`generateKeyBetween` throws), so the upper one of them is first given a key of its own.
 */
import { generateNKeysBetween } from 'fractional-indexing';
import { implicitOrderKey, isOrderKey, orderKeyOfPlace, paintPlace } from './order-key.ts';
import type { Scene } from './scene.ts';
import type { ElementId, ReorderTarget, StepKey } from './types.ts';

export interface ReorderPlan {
  readonly keys: ReadonlyMap<ElementId, string>;
  /** Neighbours that shared a key with the one below them. */
  readonly repairs: ReadonlyMap<ElementId, string>;
}

/** A run of moving elements (indices into the paint order) and the gap they go to: above `below`, beneath `above`. */
interface Move {
  readonly moving: readonly number[];
  readonly below: number;
  readonly above: number;
}

const nothing: ReorderPlan = { keys: new Map(), repairs: new Map() };

/** Ids that are not shown are ignored. The moved keep their order among each other. */
export function planReorder(scene: Scene, ids: Iterable<ElementId>, to: ReorderTarget): ReorderPlan {
  const indices = new Set<number>();
  for (const id of ids) {
    const place = scene.placeOf(id);
    if (place !== undefined) indices.add(scene.order.indexOf(place));
  }
  const selected = [...indices].sort((a, b) => a - b);
  if (selected.length === 0) return nothing;
  const keys = new Map<ElementId, string>();
  const repairs = new Map<ElementId, string>();
  for (const move of movesFor(selected, indices, scene.order.count, to)) {
    if (!placeRun(scene, move, indices, keys, repairs)) return nothing;
  }
  return { keys, repairs };
}

/**
 * Keys for elements about to be created, or null when their time alone puts them on top, as it nearly always does:
 * not when something was painted on top by a clock far ahead.
 */
export function keysOnTop(scene: Scene, step: StepKey, ids: readonly ElementId[]): string[] | null {
  const top = scene.order.placeAt(scene.order.count - 1);
  const first = ids[0];
  if (top === undefined || first === undefined) return null;
  if (top < paintPlace(implicitOrderKey(step, first), first)) return null;
  const keys = generateNKeysBetween(orderKeyOfPlace(top), null, ids.length);
  return keys.every(isOrderKey) ? keys : null;
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

/** Chooses the keys of one run. False when the gap cannot be opened. */
function placeRun(
  scene: Scene,
  move: Move,
  indices: ReadonlySet<number>,
  keys: Map<ElementId, string>,
  repairs: Map<ElementId, string>,
): boolean {
  // The neighbour of a gap may be about to move away itself: then the gap reaches to the next that stays.
  let below = move.below;
  let above = move.above;
  while (indices.has(below)) below--;
  while (indices.has(above)) above++;
  // A neighbouring run at the very end has nowhere to go: then it stays the neighbour.
  if (below < 0) below = Math.max(below, move.below);
  if (above >= scene.order.count) above = Math.min(above, move.above);
  const lowKey = keyAt(scene, below, repairs);
  let highKey = keyAt(scene, above, repairs);
  if (lowKey !== null && lowKey === highKey) {
    highKey = repairRun(scene, above, lowKey, indices, repairs);
    if (highKey === lowKey) return false;
  }
  const minted = generateNKeysBetween(lowKey, highKey, move.moving.length);
  if (!minted.every(isOrderKey)) return false;
  for (const [i, index] of move.moving.entries()) {
    const element = scene.order.elements()[index];
    if (element !== undefined) keys.set(element.id, minted[i] as string);
  }
  return true;
}

/** Gives every element from `from` on that shares `key` a key of its own above it; returns the lowest of them. */
function repairRun(scene: Scene, from: number, key: string, indices: ReadonlySet<number>, repairs: Map<ElementId, string>): string {
  const elements = scene.order.elements();
  let end = from;
  while (keyAt(scene, end, repairs) === key) end++;
  const minted = generateNKeysBetween(key, keyAt(scene, end, repairs), end - from);
  if (!minted.every(isOrderKey)) return key;
  for (let i = from; i < end; i++) {
    const element = elements[i];
    if (element !== undefined && !indices.has(i)) repairs.set(element.id, minted[i - from] as string);
  }
  return minted[0] as string;
}

function keyAt(scene: Scene, index: number, repairs: ReadonlyMap<ElementId, string>): string | null {
  const element = scene.order.elements()[index];
  if (element === undefined) return null;
  return repairs.get(element.id) ?? orderKeyOfPlace(scene.order.placeAt(index) as string);
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
