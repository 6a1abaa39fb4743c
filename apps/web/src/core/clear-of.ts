/** Moves what is selected out from under a sheet at the lower edge of a phone. Pure. */

interface Span {
  readonly min: number;
  readonly max: number;
}

/** CSS pixels between what is selected and the bars. */
const GAP_PX = 12;

/**
 * How far the board has to move down, in CSS pixels; negative is up. What does not fit is left alone, and so is what is in
 * sight: the board moves no more than it must.
 *
 * @param shown From top to bottom of what is selected.
 * @param free From top to bottom of the part of the view that nothing covers.
 */
export function shiftInto(shown: Span, free: Span): number {
  const [top, bottom] = [free.min + GAP_PX, free.max - GAP_PX];
  if (shown.max <= bottom || shown.max - shown.min > bottom - top) return 0;
  return Math.round(bottom - shown.max);
}
