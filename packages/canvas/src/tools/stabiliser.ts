/**
 * Steadies a shaking hand: the tip of the pen follows the pointer on a string. It moves only while the string is tight, so what
 * is shorter than the string is not drawn; the end of the stroke catches up with the pointer.
 */
import { distance, type Point } from '../geometry.ts';

export type Steadiness = 'off' | 'some' | 'strong';

/** Length of the string in CSS pixels: writing stays readable on the first, long curves are smooth on the second. */
const STRING_PX: Readonly<Record<Steadiness, number>> = { off: 0, some: 8, strong: 32 };

/** Length of the string in board units. */
export function stringOf(steadiness: Steadiness, zoom: number): number {
  return STRING_PX[steadiness] / zoom;
}

/** Where the tip goes when the pointer is at `to`; null while the string hangs loose. */
export function pulledTip(tip: Point, to: Point, string: number): Point | null {
  const far = distance(tip, to);
  if (far <= string) return null;
  const share = (far - string) / far;
  return { x: tip.x + (to.x - tip.x) * share, y: tip.y + (to.y - tip.y) * share };
}
