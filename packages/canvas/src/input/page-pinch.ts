/**
 * Pinches that are no pointer events: a trackpad's. Safari on a Mac tells them as gesture events, every other browser as
 * wheel events with Ctrl.
 *
 * Safari on a phone or tablet sends gesture events too, beside the pointer events of the same fingers: from the second
 * finger on, `gesturestart`, any number of `gesturechange`, and `gestureend` when the second last finger lifts. Those
 * fingers are counted where pointers are, so a gesture that any touch had a part in counts for nothing here.
 */
export interface GestureInput {
  readonly type: 'gesturestart' | 'gesturechange' | 'gestureend';
  /** Distance of the fingers, 1 when the gesture began. */
  readonly scale: number;
  /** A finger is on the screen. */
  readonly hasTouch: boolean;
  /** Milliseconds. */
  readonly time: number;
}

export type PagePinch =
  { readonly kind: 'none' } | { readonly kind: 'fingers' } | { readonly kind: 'trackpad'; readonly scale: number; readonly time: number };

export const noPinch: PagePinch = { kind: 'none' };

/** Should one pinch of a trackpad ever arrive as both, wheel events this near to its gesture events are the same pinch. */
const SAME_PINCH_MS = 250;

/** @returns `factor`: how much nearer the board comes now, null when it does not. */
export function stepPinch(state: PagePinch, { type, scale, hasTouch, time }: GestureInput): { state: PagePinch; factor: number | null } {
  if (type === 'gestureend') return { state: noPinch, factor: null };
  if (hasTouch || (state.kind === 'fingers' && type === 'gesturechange')) return { state: { kind: 'fingers' }, factor: null };
  if (!(scale > 0)) return { state, factor: null };
  const before = type === 'gesturechange' && state.kind === 'trackpad' ? state.scale : 1;
  return { state: { kind: 'trackpad', scale, time }, factor: type === 'gesturechange' ? scale / before : null };
}

/** Whether a wheel event with Ctrl is a pinch of its own. */
export function isWheelPinch(state: PagePinch, time: number): boolean {
  return state.kind !== 'trackpad' || time - state.time > SAME_PINCH_MS;
}
