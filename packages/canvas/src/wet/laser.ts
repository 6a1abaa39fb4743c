/** Trails of laser pointers: each point is shown for a moment after it was drawn, or received. */

/** The client of this person's own trail: client ids are never negative. */
export const OWN = -1;
/** Long enough to follow a circle around something, short enough never to cover it. */
export const LASER_FADE_MS = 1300;

/** Notes the time of points that were added. Those of a piece were drawn one after the other while it waited to be sent. */
export function notePoints({ xyp, at }: { xyp: ArrayLike<number>; at: number[] }, now: number, overMs: number): void {
  const count = xyp.length / 3;
  at.length = Math.min(at.length, count);
  const fresh = count - at.length;
  for (let i = 1; i <= fresh; i++) at.push(now - overMs + (overMs * i) / fresh);
}

/** Whether another frame will look different. */
export function isFading({ at }: { readonly at: readonly number[] }, now: number): boolean {
  return now - (at.at(-1) ?? -Infinity) < LASER_FADE_MS;
}
