/** Directions in steps of 15 degrees: the code for it comes with the board, since shapes are drawn with it. */
import { distance, type Point } from './geometry.ts';

export const SNAP_ANGLE = Math.PI / 12;

/** `to` turned about `from` to the nearest multiple of 15 degrees, as far away as before. */
export function snapDirection(from: Point, to: Point): Point {
  const angle = Math.round(Math.atan2(to.y - from.y, to.x - from.x) / SNAP_ANGLE) * SNAP_ANGLE;
  const length = distance(from, to);
  return { x: from.x + length * Math.cos(angle), y: from.y + length * Math.sin(angle) };
}
