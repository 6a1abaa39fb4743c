/**
 * Equal gaps: a box that is moved comes to stand in the middle between its neighbours, or as far from one as that one is from
 * the next.
 *
 *   [ ]  4  [ ]  4  [box]      [ ]  4  [box]  4  [ ]      [box]  4  [ ]  4  [ ]
 */
import type { Box } from '../geometry.ts';
import { boxesNear, otherAxis, spanOf, type Axis } from './lines.ts';
import type { Guide, SnapSurroundings } from './snapping.ts';

export interface GapHit {
  /** From the box to where the gaps are equal. */
  readonly by: number;
  /** The two pairs with the gap between them; null is the box itself. */
  readonly pairs: readonly (readonly [Box | null, Box | null])[];
}

/** Gaps within `reach` that the row (or column) of the box offers. */
export function gapsNear(around: SnapSurroundings, axis: Axis, box: Box, reach: number): GapHit[] {
  const { view } = around;
  const across = spanOf(box, otherAxis(axis));
  const band = axis === 'x' ? { ...box, minX: view.minX, maxX: view.maxX } : { ...box, minY: view.minY, maxY: view.maxY };
  const row = boxesNear(around, band).filter((other) => {
    const { min, max } = spanOf(other, otherAxis(axis));
    return min < across.max && max > across.min;
  });
  const { min, max } = spanOf(box, axis);
  const before = nearestBefore(row, axis, min + reach);
  const after = nearestAfter(row, axis, max - reach);
  const hits: GapHit[] = [];
  const offer = (by: number, pairs: GapHit['pairs']): void => {
    if (Math.abs(by) <= reach) hits.push({ by, pairs });
  };
  if (before !== null && after !== null) {
    const room = spanOf(after, axis).min - spanOf(before, axis).max - (max - min);
    if (room >= 0)
      offer(spanOf(before, axis).max + room / 2 - min, [
        [before, null],
        [null, after],
      ]);
  }
  const beyond = before === null ? null : nearestBefore(row, axis, spanOf(before, axis).min);
  if (before !== null && beyond !== null)
    offer(spanOf(before, axis).max + (spanOf(before, axis).min - spanOf(beyond, axis).max) - min, [
      [beyond, before],
      [before, null],
    ]);
  const past = after === null ? null : nearestAfter(row, axis, spanOf(after, axis).max);
  if (after !== null && past !== null)
    offer(spanOf(after, axis).min - (spanOf(past, axis).min - spanOf(after, axis).max) - max, [
      [null, after],
      [after, past],
    ]);
  return hits;
}

/** The gaps as they are once the box is at `box`. */
export function gapGuides({ pairs }: GapHit, axis: Axis, box: Box): Guide[] {
  return pairs.map(([a, b]) => {
    const [first, second] = [a ?? box, b ?? box];
    const [s, t] = [spanOf(first, otherAxis(axis)), spanOf(second, otherAxis(axis))];
    const at = (Math.max(s.min, t.min) + Math.min(s.max, t.max)) / 2;
    return { kind: 'gap', axis, at, from: spanOf(first, axis).max, to: spanOf(second, axis).min };
  });
}

function nearestBefore(row: readonly Box[], axis: Axis, limit: number): Box | null {
  let best: Box | null = null;
  for (const box of row) {
    const { max } = spanOf(box, axis);
    if (max <= limit && (best === null || max > spanOf(best, axis).max)) best = box;
  }
  return best;
}

function nearestAfter(row: readonly Box[], axis: Axis, limit: number): Box | null {
  let best: Box | null = null;
  for (const box of row) {
    const { min } = spanOf(box, axis);
    if (min >= limit && (best === null || min < spanOf(best, axis).min)) best = box;
  }
  return best;
}
