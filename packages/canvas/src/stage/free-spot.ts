/**
 * Finds the place of an element that is placed or copied without a pointer: never exactly on another element, where nobody
 * could see that there are two.
 */
import type { BoardElement } from '@wetink/board';
import { geometryBox, growBox, type Box, type Point } from '../geometry.ts';

export interface SpotOptions {
  /** Elements near a box, as shown. */
  readonly query: (box: Box) => readonly Pick<BoardElement, 'geometry'>[];
  /** Board units from one place to the next, right and down. */
  readonly step: number;
  /** After this many places a new row begins beside the first, so that none leaves the view. */
  readonly perRow: number;
  /** The search begins where the boxes are, for a copy one step away, since its original is there. */
  readonly isCopy: boolean;
}

/** Nobody fills more places than this; beyond it the last one is taken, free or not. */
const MAX_PLACES = 2000;

/** How far to shift all of `boxes` so that none has the top-left corner or the middle of an element. */
export function freeShift(boxes: readonly Box[], { query, step, perRow, isCopy }: SpotOptions): Point {
  const row = Math.max(1, Math.floor(perRow));
  let shift: Point = { x: 0, y: 0 };
  for (let place = isCopy ? 1 : 0; place <= MAX_PLACES; place++) {
    const down = place % row;
    shift = { x: (down + 2 * Math.floor(place / row)) * step, y: down * step };
    if (isCopy && shift.x === 0 && shift.y === 0) continue;
    const { x, y } = shift;
    if (boxes.every((box) => isFree({ minX: box.minX + x, minY: box.minY + y, maxX: box.maxX + x, maxY: box.maxY + y }, query, step)))
      break;
  }
  return shift;
}

/** Points nearer than a quarter of a step count as the same. */
function isFree(box: Box, query: SpotOptions['query'], step: number): boolean {
  const near = step / 4;
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) < near;
  return query(growBox(box, near)).every(({ geometry }) => {
    const other = geometryBox(geometry);
    const hasItsCorner = isNear(box.minX, other.minX) && isNear(box.minY, other.minY);
    const hasItsMiddle = isNear(box.minX + box.maxX, other.minX + other.maxX) && isNear(box.minY + box.maxY, other.minY + other.maxY);
    return !hasItsCorner && !hasItsMiddle;
  });
}
