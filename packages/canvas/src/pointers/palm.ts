/**
 * Remembers where a pen was last seen, and recognises touches of the hand that holds it.
 *
 * Some pens are seen while they hover, others only while they touch, so a pen that has just lifted counts a moment longer.
 */
import { distance, type Point } from '../geometry.ts';

export interface PenSighting {
  readonly at: Point;
  /** Milliseconds. */
  readonly time: number;
  /** Near enough for the digitiser: no `leave` has come since. */
  readonly isInRange: boolean;
}

export type SeenPen = PenSighting | null;

export const noPen: SeenPen = null;

/** A writing hand may land again between two letters, or after the pen has lifted. */
const GONE_MS = 500;
/** A hand never holds a pen so still that a hovering pen reports nothing for this long: its `leave` got lost. */
const STILL_MS = 5000;
/** From a pen's tip to the far edge of the hand, about 10 cm at the 5 CSS pixels a millimetre of a tablet. */
const HAND_PX = 500;

export function seePen(before: SeenPen, input: { type: string; at: Point; time: number }): SeenPen {
  const isLeaving = input.type === 'leave' || input.type === 'cancel';
  if (isLeaving && before !== null) return { ...before, time: input.time, isInRange: false };
  return { at: input.at, time: input.time, isInRange: !isLeaving };
}

/** Whether a touch that lands here belongs to the hand that holds the pen. */
export function isPalm(pen: SeenPen, touch: { at: Point; time: number }): boolean {
  if (pen === null) return false;
  const isRecent = touch.time - pen.time <= (pen.isInRange ? STILL_MS : GONE_MS);
  return isRecent && distance(pen.at, touch.at) <= HAND_PX;
}
