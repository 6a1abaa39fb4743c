/**
 * Arrangements: pure functions from the selected elements to their new places. The stage writes the result as one step.
 *
 * They go by the upright boxes of elements as they are shown, without the width of the pen. No arrangement names an element
 * that stays where it is, so one that changes nothing makes no step.
 */
import type { BoardElement, ElementId } from '@wetink/board';
import { geometryBox, uniteBoxes, type Box } from '../geometry.ts';
import { itemOf } from '../tools/moved-item.ts';
import type { MovedItem } from '../tools/tool.ts';
import { moveGeometry } from '../frame.ts';

/**
 * @param unitOf The group that is arranged as one with the element, or the element's own id. Default: no groups.
 * @param around The board around the elements. Default: no grid and no frames.
 */
export type Arrangement = (elements: readonly BoardElement[], unitOf?: UnitOf, around?: Around) => readonly MovedItem[];
export interface Around {
  /** Board units between the lines of the grid; null while it is off. */
  readonly gridStep: number | null;
  /** The elements with everything in the frames among them. */
  withHeld(elements: readonly BoardElement[]): readonly BoardElement[];
}
export type UnitOf = (id: ElementId) => ElementId;

/** Two directions: `x` is across, `y` is down. */
export type Axis = 'x' | 'y';

/** An element, or a group of them, with the box around it. */
export interface Boxed {
  readonly elements: readonly BoardElement[];
  readonly box: Box;
}

/** Board units; sums of large coordinates are rounded, so a smaller shift is none. */
const LEAST_SHIFT = 1e-7;

export function withBoxes(elements: readonly BoardElement[], unitOf: UnitOf = (id) => id): Boxed[] {
  const units = new Map<ElementId, { elements: BoardElement[]; box: Box }>();
  for (const element of elements) {
    const box = geometryBox(element.geometry);
    const unit = units.get(unitOf(element.id));
    if (unit === undefined) units.set(unitOf(element.id), { elements: [element], box });
    else {
      unit.elements.push(element);
      unit.box = uniteBoxes(unit.box, box);
    }
  }
  return [...units.values()];
}

/** The element or group shifted by board units; nothing when it stays. */
export function shifted({ elements }: Boxed, dx: number, dy: number): MovedItem[] {
  if (Math.abs(dx) < LEAST_SHIFT && Math.abs(dy) < LEAST_SHIFT) return [];
  return elements.map((element) => itemOf(element, moveGeometry(element.geometry, dx, dy)));
}

export function shiftedAlong(boxed: Boxed, axis: Axis, by: number): MovedItem[] {
  return axis === 'x' ? shifted(boxed, by, 0) : shifted(boxed, 0, by);
}

/** A box on one axis. */
export interface Span {
  readonly min: number;
  readonly max: number;
}

export function spanOf({ minX, minY, maxX, maxY }: Box, axis: Axis): Span {
  return axis === 'x' ? { min: minX, max: maxX } : { min: minY, max: maxY };
}
