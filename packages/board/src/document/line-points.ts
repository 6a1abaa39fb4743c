/**
 * The points of a line or arrow with bends, its ends included, as `[x, y, x, y, …]` in fractions of the box of its geometry.
 *
 * A negative side of the box mirrors them, and a box that is moved, stretched or turned takes them along: only changing them
 * writes them. A line between two points has none of them, and goes from one corner of its box to the other.
 */
import { MAX_LINE_POINTS } from '../limits.ts';
import type { Geometry } from '../types.ts';

/** At least a start, a bend and an end. */
const LEAST = 3;

export function isLinePoints(value: unknown): value is readonly number[] {
  if (!Array.isArray(value) || value.length % 2 !== 0 || value.length < 2 * LEAST || value.length > 2 * MAX_LINE_POINTS) return false;
  return value.every((part) => typeof part === 'number' && part >= 0 && part <= 1);
}

/** A stored value: null once a line has lost its bends. */
export function isPointsValue(value: unknown): value is readonly number[] | null {
  return value === null || isLinePoints(value);
}

/** As stored: 32-bit floats are half as long in the document, and exact to a 16-millionth of the box. "+ 0" turns -0 into 0. */
export function storedPoints(points: readonly number[]): number[] {
  return points.map((part) => Math.fround(part) + 0);
}

export function areSamePoints(a: readonly number[] | null, b: readonly number[] | null): boolean {
  if (a === b) return true;
  return a !== null && b !== null && a.length === b.length && a.every((part, i) => part === b[i]);
}

/** Whether elements of this kind can have bends, and heads at their ends. */
export function isLineKind(kind: unknown): kind is 'line' | 'arrow' {
  return kind === 'line' || kind === 'arrow';
}

interface At {
  readonly x: number;
  readonly y: number;
}

/** The box and the stored points of a line through these points of the board, two or more. */
export function lineThrough(way: readonly At[]): { readonly geometry: Geometry; readonly points: readonly number[] | null } {
  const [first = { x: 0, y: 0 }, last = first] = [way[0], way.at(-1)];
  if (way.length < LEAST)
    return { geometry: { x: first.x, y: first.y, w: last.x - first.x, h: last.y - first.y, rotation: 0 }, points: null };
  const [across, down] = [spanOf(way.map(({ x }) => x)), spanOf(way.map(({ y }) => y))];
  const points = storedPoints(way.flatMap(({ x, y }) => [across.share(x), down.share(y)]));
  return { geometry: { x: across.from, y: down.from, w: across.length, h: down.length, rotation: 0 }, points };
}

/** A side of the box, from where the line comes to where it goes: a reader of before bends shows the line between them. */
function spanOf(values: readonly number[]): { readonly from: number; readonly length: number; share(value: number): number } {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isBackward = (values.at(-1) ?? 0) < (values[0] ?? 0);
  const [from, length] = isBackward ? [high, low - high] : [low, high - low];
  return { from, length, share: (value) => (length === 0 ? 0 : Math.min(1, Math.max(0, (value - from) / length))) };
}

/** The points of a line in the plane of its box, before it is turned. */
export function pointsInBox({ x, y, w, h }: Geometry, points: readonly number[] | null): At[] {
  if (points === null)
    return [
      { x, y },
      { x: x + w, y: y + h },
    ];
  return Array.from({ length: points.length / 2 }, (_, i) => ({ x: x + w * (points[2 * i] ?? 0), y: y + h * (points[2 * i + 1] ?? 0) }));
}
