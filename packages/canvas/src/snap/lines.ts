/**
 * Lines that a drag can snap to: the edges and middles of elements near the dragged ones.
 *
 * Candidates come from the spatial index, from a thin strip of the view around each edge, so a drag on a board of 10,000
 * elements looks at few of them. Handwriting is no candidate: a page of it would hold every drag.
 */
import { geometryBox, type Box } from '../geometry.ts';
import type { SnapSurroundings } from './snapping.ts';

export type Axis = 'x' | 'y';

/** Elements looked at in one strip; where more lie, nobody could tell the lines apart. */
export const MAX_NEAR = 200;

/** A part of what is dragged: an edge snaps to edges and middles, a middle to middles alone. */
export interface Probe {
  readonly at: number;
  readonly isMiddle: boolean;
}

export interface LineHit {
  /** From the probe to the line. */
  readonly by: number;
  readonly line: number;
  /** The element that has the line. */
  readonly box: Box;
}

/** Boxes of elements that touch `box` and are not dragged. */
export function boxesNear({ near, moving }: SnapSurroundings, box: Box): Box[] {
  const boxes: Box[] = [];
  for (const { id, kind, geometry } of near(box, MAX_NEAR))
    if (kind !== 'stroke' && kind !== 'unknown' && !moving.has(id)) boxes.push(geometryBox(geometry));
  return boxes;
}

/** All lines within `reach` of a probe. Runs for every move of a pointer, so it makes no list that it does not return. */
export function linesNear(around: SnapSurroundings, axis: Axis, probes: readonly Probe[], reach: number): LineHit[] {
  const { view } = around;
  const hits: LineHit[] = [];
  for (const { at, isMiddle } of probes) {
    const strip = axis === 'x' ? { ...view, minX: at - reach, maxX: at + reach } : { ...view, minY: at - reach, maxY: at + reach };
    for (const box of boxesNear(around, strip)) {
      const [min, max] = axis === 'x' ? [box.minX, box.maxX] : [box.minY, box.maxY];
      const offer = (line: number): void => {
        if (Math.abs(line - at) <= reach) hits.push({ by: line - at, line, box });
      };
      offer((min + max) / 2);
      if (isMiddle) continue;
      offer(min);
      offer(max);
    }
  }
  return hits;
}

export function spanOf({ minX, minY, maxX, maxY }: Box, axis: Axis): { min: number; max: number } {
  return axis === 'x' ? { min: minX, max: maxX } : { min: minY, max: maxY };
}

export function otherAxis(axis: Axis): Axis {
  return axis === 'x' ? 'y' : 'x';
}
