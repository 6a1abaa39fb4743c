/**
 * Moving, resizing and turning a selection: pure functions from the geometry at the start of the gesture.
 *
 * Resizing scales in the axes of the selection's frame (frame.ts) about the side opposite to the handle (or the centre), and a handle pulled past that
 * side mirrors, which a geometry writes down as a negative size.
 */
import type { Geometry } from '@wetink/board';
import { isQuarterTurn, type Frame } from './frame.ts';
import { distance, geometryCentre, rotatePoint, type Point } from './geometry.ts';
import { snapDirection } from './snap-direction.ts';

/** Which way a resize handle pulls: -1, 0 or 1 per axis of the frame. */
export interface Pull {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

export type Handle =
  | { readonly type: 'resize'; readonly pull: Pull }
  | { readonly type: 'rotate' }
  /** One end of a single line or arrow. */
  | { readonly type: 'end'; readonly end: 'start' | 'end' }
  /** A bend of it, by its place among the points. */
  | { readonly type: 'bend'; readonly index: number }
  /** The middle of two points, of which this is the second: a drag makes a bend there. */
  | { readonly type: 'middle'; readonly index: number };

const PULLS: readonly Pull[] = [
  { x: -1, y: -1 },
  { x: 0, y: -1 },
  { x: 1, y: -1 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
  { x: -1, y: 1 },
  { x: -1, y: 0 },
];
/** CSS pixels above the frame. */
const ROTATE_HANDLE_PX = 24;
/** A side shorter than this on screen has no handle in its middle: it would cover the corners'. */
const MIN_SIDE_PX = 28;
/** Points of a line nearer to each other on screen have no handle between them. A finger needs room to take the line itself. */
const MIN_MIDDLE_PX = 80;

/** Handles of a frame and where they lie, board units. `zoom` decides which fit. */
export function handlesOf(frame: Frame, zoom: number): { handle: Handle; at: Point }[] {
  const g = frame.geometry;
  const centre = geometryCentre(g);
  const place = (x: number, y: number): Point => rotatePoint({ x, y }, centre, g.rotation);
  if (frame.isLine) return lineHandles(frame.way ?? [place(g.x, g.y), place(g.x + g.w, g.y + g.h)], zoom);
  const isRoomy = (side: number): boolean => side * zoom >= MIN_SIDE_PX;
  const handles: { handle: Handle; at: Point }[] = [];
  for (const pull of PULLS) {
    if (pull.x === 0 && (frame.keepsRatio || !isRoomy(g.w))) continue;
    if (pull.y === 0 && (frame.keepsRatio || !isRoomy(g.h))) continue;
    handles.push({ handle: { type: 'resize', pull }, at: place(centre.x + (pull.x * g.w) / 2, centre.y + (pull.y * g.h) / 2) });
  }
  if (!frame.isUpright) handles.push({ handle: { type: 'rotate' }, at: place(centre.x, g.y - ROTATE_HANDLE_PX / zoom) });
  return handles;
}

/** The points first: where handles are equally near, the first one is taken. */
function lineHandles(way: readonly Point[], zoom: number): { handle: Handle; at: Point }[] {
  const last = way.length - 1;
  const points = way.map((at, i): { handle: Handle; at: Point } => {
    if (i > 0 && i < last) return { handle: { type: 'bend', index: i }, at };
    return { handle: { type: 'end', end: i === 0 ? 'start' : 'end' }, at };
  });
  const middles = way.flatMap((b, i): { handle: Handle; at: Point }[] => {
    const a = way[i - 1];
    if (a === undefined || distance(a, b) * zoom < MIN_MIDDLE_PX) return [];
    return [{ handle: { type: 'middle', index: i }, at: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } }];
  });
  return [...points, ...middles];
}

/** The handle within `reach` board units of `p`, the nearest first. */
export function hitHandle(frame: Frame, p: Point, zoom: number, reach: number): Handle | null {
  let best: { handle: Handle; far: number } | null = null;
  for (const { handle, at } of handlesOf(frame, zoom)) {
    const far = distance(at, p);
    if (far <= reach && (best === null || far < best.far)) best = { handle, far };
  }
  return best?.handle ?? null;
}

/** Whether a point is in the box of the frame. A line has nothing beside it that one could hold. */
export function isInFrame({ geometry, isLine }: Frame, p: Point): boolean {
  const centre = geometryCentre(geometry);
  const local = rotatePoint(p, centre, -geometry.rotation);
  return !isLine && Math.abs(local.x - centre.x) <= geometry.w / 2 && Math.abs(local.y - centre.y) <= geometry.h / 2;
}

/** The part of a selection that a press takes: a handle, or all of it. */
export function gripAt(frame: Frame, p: Point, zoom: number, reach: number): Handle | 'inside' | null {
  return hitHandle(frame, p, zoom, reach) ?? (isInFrame(frame, p) ? 'inside' : null);
}

export interface Scaling {
  /** The point that stays, board units. */
  readonly anchor: Point;
  /** Rotation of the frame's axes. */
  readonly angle: number;
  readonly sx: number;
  readonly sy: number;
}

export interface ScalingOptions {
  readonly keepRatio: boolean;
  readonly fromCentre: boolean;
  /** Bounds of a scaling that keeps the ratio: text can be only so small and so large. None unless told. */
  readonly range?: { readonly min: number; readonly max: number };
}

/** The transform of everything in the frame when a handle is pulled to `to`. */
export function scalingOf(frame: Frame, pull: Pull, to: Point, options: ScalingOptions): Scaling {
  const g = frame.geometry;
  const centre = geometryCentre(g);
  const local = rotatePoint(to, centre, -g.rotation);
  const reach = options.fromCentre ? 0 : 1;
  const anchorLocal = { x: centre.x - (reach * pull.x * g.w) / 2, y: centre.y - (reach * pull.y * g.h) / 2 };
  const full = { x: (pull.x * g.w * (1 + reach)) / 2, y: (pull.y * g.h * (1 + reach)) / 2 };
  let sx = full.x === 0 ? 1 : (local.x - anchorLocal.x) / full.x;
  let sy = full.y === 0 ? 1 : (local.y - anchorLocal.y) / full.y;
  if (options.keepRatio || frame.keepsRatio) {
    const isCorner = full.x !== 0 && full.y !== 0;
    const pulled = isCorner ? Math.max(Math.abs(sx), Math.abs(sy)) : full.x !== 0 ? Math.abs(sx) : Math.abs(sy);
    const { min, max } = options.range ?? { min: 0, max: Infinity };
    const size = Math.min(max, Math.max(min, pulled));
    const sign = (s: number): number => (s < 0 ? -1 : 1);
    [sx, sy] = [size * sign(sx), size * sign(sy)];
  }
  // No scaling to nothing: what has no size any more can't be scaled back within the gesture's rounding.
  const floor = (s: number, side: number): number => {
    const least = Math.min(1, 1 / Math.max(1e-6, Math.abs(side)));
    return Math.abs(s) >= least ? s : least * (s < 0 ? -1 : 1);
  };
  return { anchor: rotatePoint(anchorLocal, centre, g.rotation), angle: g.rotation, sx: floor(sx, g.w), sy: floor(sy, g.h) };
}

/**
 * @param options.isUpright Text: goes to where it is mirrored to, and stays readable there.
 */
export function scaleGeometry(g: Geometry, { anchor, angle, sx, sy }: Scaling, options: { isUpright: boolean }): Geometry {
  const centre = geometryCentre(g);
  const local = rotatePoint(centre, anchor, -angle);
  const moved = { x: anchor.x + (local.x - anchor.x) * sx, y: anchor.y + (local.y - anchor.y) * sy };
  const next = rotatePoint(moved, anchor, angle);
  const own = g.rotation - angle;
  // A box a quarter turn away from the frame has its sides swapped; at other angles sx and sy differ in their signs alone.
  const isSwapped = isQuarterTurn(own) && Math.abs(Math.sin(own)) > 0.5;
  let w = g.w * (isSwapped ? sy : sx);
  let h = g.h * (isSwapped ? sx : sy);
  // A mirror turns a lean to one side into a lean to the other.
  const isMirrored = sx * sy < 0 && !isQuarterTurn(own);
  const rotation = isMirrored ? normaliseAngle(angle - own) : g.rotation;
  if (options.isUpright) [w, h] = [Math.abs(w), Math.abs(h)];
  return { x: next.x - w / 2, y: next.y - h / 2, w, h, rotation };
}

/** Turns a geometry by `by` radians about a point. */
export function turnGeometry(g: Geometry, about: Point, by: number): Geometry {
  const centre = rotatePoint(geometryCentre(g), about, by);
  return { x: centre.x - g.w / 2, y: centre.y - g.h / 2, w: g.w, h: g.h, rotation: normaliseAngle(g.rotation + by) };
}

/** The points of a line after a drag of one of its handles to `to`. */
export function movePoint(way: readonly Point[], handle: Handle, to: Point, options: { snap: boolean }): Point[] {
  const points = [...way];
  const index =
    handle.type === 'bend' || handle.type === 'middle' ? handle.index : handle.type === 'end' && handle.end === 'end' ? way.length - 1 : 0;
  const beside = points[index - 1] ?? points[index + 1];
  const free = options.snap && beside !== undefined ? snapDirection(beside, to) : to;
  points.splice(index, handle.type === 'middle' ? 0 : 1, free);
  return points;
}

/** Into -PI..PI. */
export function normaliseAngle(angle: number): number {
  const turn = 2 * Math.PI;
  const rest = ((angle % turn) + turn) % turn;
  return rest > Math.PI ? rest - turn : rest;
}
