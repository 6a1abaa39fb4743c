/** The box of ink, and transforming ink from the box it was drawn in to the box it is shown in. */
import type { InkPoints } from './ink.ts';
import type { Geometry } from '../types.ts';

/**
 * The box of the points themselves, without the width of the stroke.
 *
 * @returns w, h >= 0 (0 for a dot or a straight level line), rotation 0. This is the `geometry` a new stroke is created with.
 */
export function inkBounds(points: InkPoints): Geometry {
  const { xyp } = points;
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let i = 0; i + 2 < xyp.length; i += 3) {
    const x = xyp[i] as number;
    const y = xyp[i + 1] as number;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  if (left > right) return { x: 0, y: 0, w: 0, h: 0, rotation: 0 };
  return { x: left, y: top, w: right - left, h: bottom - top, rotation: 0 };
}

/** Maps a point of one box to another: `x' = xx x + xy y + x0`, `y' = yx x + yy y + y0`. */
export interface InkMatrix {
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
  readonly x0: number;
  readonly y0: number;
}

/**
 * The matrix that maps points from one box to another: shifts, scales each side, flips where the signs of `w` or `h`
 * differ, and turns about the centres.
 *
 * @param from The box the points were drawn in (`baseGeometry`); its own rotation is taken out first.
 * @param to The box to show them in (`geometry`).
 * @returns Null when both boxes are equal.
 * @remarks A side of length 0 (a dot, a level line) can't be scaled; its points keep their distances to the centre.
 */
export function inkMatrix(from: Geometry, to: Geometry): InkMatrix | null {
  if (from.x === to.x && from.y === to.y && from.w === to.w && from.h === to.h && from.rotation === to.rotation) return null;
  const scaleX = sideRatio(from.w, to.w);
  const scaleY = sideRatio(from.h, to.h);
  const back = { cos: Math.cos(-from.rotation), sin: Math.sin(-from.rotation) };
  const turn = { cos: Math.cos(to.rotation), sin: Math.sin(to.rotation) };
  const fromX = from.x + from.w / 2;
  const fromY = from.y + from.h / 2;
  const toX = to.x + to.w / 2;
  const toY = to.y + to.h / 2;
  // Both turns and the scaling as one matrix: turn * scale * back.
  const xx = turn.cos * scaleX * back.cos - turn.sin * scaleY * back.sin;
  const xy = -turn.cos * scaleX * back.sin - turn.sin * scaleY * back.cos;
  const yx = turn.sin * scaleX * back.cos + turn.cos * scaleY * back.sin;
  const yy = -turn.sin * scaleX * back.sin + turn.cos * scaleY * back.cos;
  return { xx, xy, yx, yy, x0: toX - xx * fromX - xy * fromY, y0: toY - yx * fromX - yy * fromY };
}

/**
 * Points transformed by `inkMatrix` from the box they were drawn in to the box they are shown in.
 *
 * @returns `points` itself when both boxes are equal, else new points with the same pressure.
 */
export function transformInk(points: InkPoints, from: Geometry, to: Geometry): InkPoints {
  const matrix = inkMatrix(from, to);
  if (matrix === null) return points;
  const { xx, xy, yx, yy, x0, y0 } = matrix;
  const xyp = Float64Array.from(points.xyp);
  for (let i = 0; i + 2 < xyp.length; i += 3) {
    const x = xyp[i] as number;
    const y = xyp[i + 1] as number;
    xyp[i] = xx * x + xy * y + x0;
    xyp[i + 1] = yx * x + yy * y + y0;
  }
  return { length: points.length, xyp, hasPressure: points.hasPressure };
}

function sideRatio(from: number, to: number): number {
  const ratio = to / from;
  // Dividing by a side shorter than a billionth of a unit, which only a hostile update has, would give infinity.
  return Math.abs(from) < 1e-9 || !Number.isFinite(ratio) ? 1 : ratio;
}
