/**
 * The place of a selection in numbers, and its change by one of them.
 *
 * `x` and `y` are the corner of the upright box around it; `w` and `h` the sides of its frame, which for one element is its
 * own turned box; `degrees` its turn, clockwise. For several elements it is 0, and a number turns them by as much.
 */
import type { BoardElement } from '@wetink/board';
import { geometryBox, geometryCentre, rotatePoint, uniteAll } from '../geometry.ts';
import { itemOf } from '../tools/moved-item.ts';
import { scaledItem, scaleRange } from '../tools/scaled-item.ts';
import type { MovedItem } from '../tools/tool.ts';
import { frameOf } from '../frame.ts';
import { normaliseAngle, turnGeometry } from '../transform.ts';
import { shifted, withBoxes, type Arrangement } from './arrangement.ts';

export type PlaceField = 'x' | 'y' | 'w' | 'h' | 'degrees';
export type Place = Readonly<Record<PlaceField, number>>;

/** Null without elements. */
export function placeOf(elements: readonly BoardElement[]): Place | null {
  const frame = frameOf(elements)?.geometry;
  const box = uniteAll(elements.map(({ geometry }) => geometryBox(geometry)));
  if (frame === undefined || box === null) return null;
  return { x: box.minX, y: box.minY, w: Math.abs(frame.w), h: Math.abs(frame.h), degrees: (frame.rotation * 180) / Math.PI };
}

/** A side of no length stays: nothing can be scaled from it. A selection that keeps its ratio keeps it. */
export function placeAt(field: PlaceField, value: number): Arrangement {
  return (elements) => {
    const place = placeOf(elements);
    if (place === null || place[field] === value) return [];
    if (field === 'x') return withBoxes(elements).flatMap((boxed) => shifted(boxed, value - place.x, 0));
    if (field === 'y') return withBoxes(elements).flatMap((boxed) => shifted(boxed, 0, value - place.y));
    return field === 'degrees' ? turn(elements, value - place.degrees) : resize(elements, field, value / place[field]);
  };
}

function turn(elements: readonly BoardElement[], byDegrees: number): MovedItem[] {
  const frame = frameOf(elements);
  if (frame === null) return [];
  const centre = geometryCentre(frame.geometry);
  const by = normaliseAngle((byDegrees * Math.PI) / 180);
  return elements.map((element) => itemOf(element, turnGeometry(element.geometry, centre, by)));
}

/** The corner at the top left of the frame stays. */
function resize(elements: readonly BoardElement[], side: 'w' | 'h', factor: number): MovedItem[] {
  const frame = frameOf(elements);
  if (frame === null || !Number.isFinite(factor)) return [];
  const { x, y, w, h, rotation } = frame.geometry;
  const { min, max } = scaleRange(elements);
  const size = frame.keepsRatio ? Math.min(max, Math.max(min, factor)) : factor;
  const corner = { x: Math.min(x, x + w), y: Math.min(y, y + h) };
  const scaling = {
    anchor: rotatePoint(corner, geometryCentre(frame.geometry), rotation),
    angle: rotation,
    sx: side === 'w' || frame.keepsRatio ? size : 1,
    sy: side === 'h' || frame.keepsRatio ? size : 1,
  };
  return elements.map((element) => scaledItem(element, scaling));
}
