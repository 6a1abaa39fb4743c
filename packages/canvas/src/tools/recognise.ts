/**
 * Recognises a stroke as a line, an arrow, a rectangle, an ellipse, a diamond or a triangle, for a person who holds the pen still
 * at the end of it. Fetched late. A stroke that is none of them stays what it is.
 */
import type { Geometry } from '@wetink/board';
import { distance, distanceToSegment, type Point } from '../geometry.ts';

export interface Recognised {
  readonly shape: 'line' | 'arrow' | 'rectangle' | 'ellipse' | 'diamond' | 'triangle';
  readonly geometry: Geometry;
}

/** CSS pixels: smaller strokes are dots and ticks. */
const LEAST_SIZE_PX = 24;
/** A line may leave the straight way between its ends by this share of its length. */
const STRAIGHT = 0.07;
/** The ends of a closed shape lie within this share of its size. */
const CLOSED = 0.25;
/** Mean distance from the outline of a shape, as a share of its box. */
const FITTING = 0.055;
/** Sides that differ by less are meant to be equal. */
const SQUARE = 0.14;
/** Lines nearer than this to upright or level are meant to be. */
const LEVEL = (6 * Math.PI) / 180;
/** Points looked at, evenly along the stroke. */
const SAMPLES = 96;

/**
 * @param xyp x, y in board units and pressure in turn.
 * @param zoom CSS pixels per board unit.
 */
export function recognise(xyp: ArrayLike<number>, zoom: number): Recognised | null {
  const way = evenly(xyp);
  const box = boxOf(way);
  const size = Math.max(box.w, box.h);
  if (!Number.isFinite(size)) return null;
  const [start, end] = [way[0], way[way.length - 1]];
  if (start === undefined || end === undefined || size * zoom < LEAST_SIZE_PX) return null;
  if (isStraight(way)) return { shape: 'line', geometry: lineFrom(start, end) };
  const arrow = arrowOf(way);
  if (arrow !== null) return arrow;
  if (distance(start, end) > CLOSED * size || Math.min(box.w, box.h) < 0.12 * size) return null;
  const [best] = outlines.map(({ shape, far }) => ({ shape, error: meanOf(way, box, far) })).sort((a, b) => a.error - b.error);
  if (best === undefined || best.error > FITTING) return null;
  return { shape: best.shape, geometry: best.shape === 'triangle' ? box : squared(box) };
}

/** Distance of a point of the unit box from each outline in it. */
const outlines: readonly { readonly shape: Recognised['shape']; readonly far: (p: Point) => number }[] = [
  { shape: 'rectangle', far: (p) => farFrom(p, [[0, 0], [1, 0], [1, 1], [0, 1]]) }, // prettier-ignore
  { shape: 'ellipse', far: ({ x, y }) => Math.abs(Math.hypot(x - 0.5, y - 0.5) - 0.5) },
  { shape: 'diamond', far: (p) => farFrom(p, [[0.5, 0], [1, 0.5], [0.5, 1], [0, 0.5]]) }, // prettier-ignore
  { shape: 'triangle', far: (p) => farFrom(p, [[0.5, 0], [1, 1], [0, 1]]) }, // prettier-ignore
];

function farFrom(p: Point, corners: readonly (readonly [number, number])[]): number {
  let far = Infinity;
  corners.forEach(([x, y], i) => {
    const [toX, toY] = corners[(i + 1) % corners.length] ?? [x, y];
    far = Math.min(far, distanceToSegment(p, { x, y }, { x: toX, y: toY }));
  });
  return far;
}

function meanOf(way: readonly Point[], { x, y, w, h }: Geometry, far: (p: Point) => number): number {
  return way.reduce((sum, p) => sum + far({ x: (p.x - x) / w, y: (p.y - y) / h }), 0) / way.length;
}

function isStraight(way: readonly Point[]): boolean {
  const [start, end] = [way[0], way[way.length - 1]];
  if (start === undefined || end === undefined) return false;
  const length = distance(start, end);
  return length > 0 && way.every((p) => distanceToSegment(p, start, end) <= STRAIGHT * length);
}

/** A straight shaft, and a head drawn in the same stroke: it turns back at the tip, and stays near it. */
function arrowOf(way: readonly Point[]): Recognised | null {
  const [start] = way;
  if (start === undefined) return null;
  const reach = Math.max(...way.map((p) => distance(start, p)));
  // The first time: between the two sides of the head the pen comes back to the tip.
  const at = way.findIndex((p) => distance(start, p) >= 0.97 * reach);
  const tip = way[at] ?? start;
  const length = distance(start, tip);
  const head = way.slice(at);
  const headLength = head.reduce((sum, p, i) => sum + distance(p, head[i - 1] ?? p), 0);
  if (!isStraight(way.slice(0, at + 1)) || headLength < 0.15 * length || head.some((p) => distance(p, tip) > 0.5 * length)) return null;
  // Both sides of the shaft have a part of the head; a mere hook has one.
  const side = (p: Point): number => ((tip.x - start.x) * (p.y - start.y) - (tip.y - start.y) * (p.x - start.x)) / (length * length);
  const sides = head.map(side);
  if (Math.max(...sides) < 0.05 || Math.min(...sides) > -0.05) return null;
  return { shape: 'arrow', geometry: lineFrom(start, tip) };
}

function lineFrom(start: Point, end: Point): Geometry {
  const angle = Math.atan2(end.y - start.y, end.x - start.x);
  const quarter = Math.round(angle / (Math.PI / 2));
  const isNear = Math.abs(angle - (quarter * Math.PI) / 2) < LEVEL;
  const isLevel = isNear && quarter % 2 === 0;
  return { x: start.x, y: start.y, w: isNear && !isLevel ? 0 : end.x - start.x, h: isLevel ? 0 : end.y - start.y, rotation: 0 };
}

function squared({ x, y, w, h }: Geometry): Geometry {
  if (Math.abs(w - h) > SQUARE * Math.max(w, h)) return { x, y, w, h, rotation: 0 };
  const side = (w + h) / 2;
  return { x: x + (w - side) / 2, y: y + (h - side) / 2, w: side, h: side, rotation: 0 };
}

function boxOf(way: readonly Point[]): Geometry {
  const [xs, ys] = [way.map(({ x }) => x), way.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y, rotation: 0 };
}

/** Points at equal distances: a slow hand leaves more of them. */
function evenly(xyp: ArrayLike<number>): Point[] {
  const all = Array.from({ length: Math.floor(xyp.length / 3) }, (_, i) => ({ x: xyp[3 * i] ?? 0, y: xyp[3 * i + 1] ?? 0 }));
  const length = all.reduce((sum, p, i) => sum + distance(p, all[i - 1] ?? p), 0);
  if (length === 0) return all.slice(0, 1);
  const step = length / SAMPLES;
  const way: Point[] = all.slice(0, 1);
  let left = step;
  for (let i = 1; i < all.length; i++) {
    let from = all[i - 1] as Point;
    const to = all[i] as Point;
    for (let piece = distance(from, to); piece >= left; piece = distance(from, to)) {
      from = { x: from.x + ((to.x - from.x) * left) / piece, y: from.y + ((to.y - from.y) * left) / piece };
      way.push(from);
      left = step;
    }
    left -= distance(from, to);
  }
  const last = all[all.length - 1];
  if (last !== undefined) way.splice(SAMPLES, 1, last);
  return way;
}
