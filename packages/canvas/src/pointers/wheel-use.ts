/**
 * Whether a turn of the wheel moves the view or zooms it. Pure.
 *
 * No browser says which device turned: a wheel's notch is a jump, while two fingers on a trackpad begin softly and go on for a
 * while. So the first event after a rest decides, and those that follow it without a rest are the same gesture.
 */

/** `pan`: it always moves the view. `zoom`: it always zooms. `auto`: a mouse's wheel zooms, two fingers on a trackpad move the view. */
export type WheelUse = 'pan' | 'zoom' | 'auto';

export interface WheelGesture {
  readonly isMouse: boolean;
  /** Milliseconds, of its last event. */
  readonly time: number;
}

export interface WheelTurn {
  /** CSS pixels. */
  readonly dx: number;
  readonly dy: number;
  /** The browser counts lines, not pixels: Firefox does with a mouse. */
  readonly isByLine: boolean;
  readonly time: number;
}

export const noWheel: WheelGesture = { isMouse: false, time: -Infinity };

/** A gesture on a trackpad, with the run of its momentum, has no longer gap between two events. */
const REST_MS = 250;
/** The least jump of a notch; two fingers begin with a few pixels. */
const NOTCH_PX = 40;

export function followWheel(before: WheelGesture, { dx, dy, isByLine, time }: WheelTurn): WheelGesture {
  if (time - before.time < REST_MS) return { ...before, time };
  return { isMouse: isByLine || (dx === 0 && Math.abs(dy) >= NOTCH_PX), time };
}
