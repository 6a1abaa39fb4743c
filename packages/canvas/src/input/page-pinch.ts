/**
 * Pinches on a trackpad, which cause no pointer events. Safari on a Mac reports them as gesture events, every other browser
 * as wheel events with Ctrl.
 *
 * Safari on a phone or tablet also sends gesture events, beside the pointer events of the same fingers: `gesturestart` with
 * the second finger, any number of `gesturechange`, and `gestureend` when only one finger is left. The pointer events zoom
 * there, so gesture events with any touch involved are ignored here.
 */
export interface GestureInput {
  readonly type: 'gesturestart' | 'gesturechange' | 'gestureend';
  /** Distance of the fingers relative to the start of the gesture, where it is 1. */
  readonly scale: number;
  /** A finger is on the screen. */
  readonly hasTouch: boolean;
  /** Milliseconds. */
  readonly time: number;
}

export type PagePinch =
  { readonly kind: 'none' } | { readonly kind: 'fingers' } | { readonly kind: 'trackpad'; readonly scale: number; readonly time: number };

export const noPinch: PagePinch = { kind: 'none' };

/** In case a browser reports one pinch in both ways: wheel events this soon after gesture events belong to the same pinch. */
const SAME_PINCH_MS = 250;

/** @returns `factor`: what to multiply the zoom by, null for no change. */
export function stepPinch(state: PagePinch, { type, scale, hasTouch, time }: GestureInput): { state: PagePinch; factor: number | null } {
  if (type === 'gestureend') return { state: noPinch, factor: null };
  if (hasTouch || (state.kind === 'fingers' && type === 'gesturechange')) return { state: { kind: 'fingers' }, factor: null };
  if (!(scale > 0)) return { state, factor: null };
  const before = type === 'gesturechange' && state.kind === 'trackpad' ? state.scale : 1;
  return { state: { kind: 'trackpad', scale, time }, factor: type === 'gesturechange' ? scale / before : null };
}

/** Whether a wheel event with Ctrl is a pinch that gesture events have not already reported. */
export function isWheelPinch(state: PagePinch, time: number): boolean {
  return state.kind !== 'trackpad' || time - state.time > SAME_PINCH_MS;
}
