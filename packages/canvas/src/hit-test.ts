/**
 * Finds elements under a point, inside a box or along an eraser's path. Pure geometry, in board units.
 */
import type { BoardElement, Geometry } from '@wetink/board';
import { lineEnds } from './draw/drawable.ts';
import { shownPoints } from './draw/ink-points.ts';
import {
  boxContainsPoint,
  distanceBetweenSegments,
  distanceToSegment,
  geometryBox,
  geometryCentre,
  geometryCorners,
  growBox,
  rotatePoint,
  segmentTouchesBox,
  type Box,
  type Point,
} from './geometry.ts';

/**
 * Whether `p` is on the element, or within `margin` of its ink.
 *
 * A shape without fill is only hit on its line, so elements inside it stay reachable. Text is hit in its box.
 */
export function isHit(element: BoardElement, p: Point, margin: number): boolean {
  const reach = margin + penWidth(element) / 2;
  if (!boxContainsPoint(growBox(geometryBox(element.geometry), reach), p)) return false;
  const isInside = isInsideShape(element, p);
  if (isInside && (isSolid(element) || element.kind === 'unknown')) return true;
  return distanceToInk(element, p) <= reach;
}

/** Whether the path a-b of an eraser of `radius` touches the element. */
export function isCrossed(element: BoardElement, a: Point, b: Point, radius: number): boolean {
  const reach = radius + penWidth(element) / 2;
  if (!segmentTouchesBox(a, b, growBox(geometryBox(element.geometry), reach))) return false;
  if (isSolid(element) && (isInsideShape(element, a) || isInsideShape(element, b))) return true;
  for (const [c, d] of inkSegments(element)) if (distanceBetweenSegments(a, b, c, d) <= reach) return true;
  return false;
}

/** Whether any ink of the element (or its filled inside) lies in the box. */
export function isInBox(element: BoardElement, box: Box): boolean {
  const reach = growBox(box, penWidth(element) / 2);
  for (const [a, b] of inkSegments(element)) if (segmentTouchesBox(a, b, reach)) return true;
  const corner = { x: box.minX, y: box.minY };
  return isSolid(element) && isInsideShape(element, corner);
}

/** An image has no line around it. */
function penWidth({ kind, style }: BoardElement): number {
  return kind === 'image' ? 0 : style.width;
}

/** Filled shapes, text and images are hit anywhere inside. */
function isSolid(element: BoardElement): boolean {
  if (element.kind === 'text' || element.kind === 'image') return true;
  return (element.kind === 'rectangle' || element.kind === 'ellipse') && element.style.fill !== 'none';
}

function isInsideShape({ kind, geometry }: BoardElement, p: Point): boolean {
  if (kind === 'stroke' || kind === 'line' || kind === 'arrow') return false;
  const centre = geometryCentre(geometry);
  const local = rotatePoint(p, centre, -geometry.rotation);
  const rx = Math.abs(geometry.w) / 2;
  const ry = Math.abs(geometry.h) / 2;
  const dx = Math.abs(local.x - centre.x);
  const dy = Math.abs(local.y - centre.y);
  if (kind !== 'ellipse') return dx <= rx && dy <= ry;
  return rx > 0 && ry > 0 && (dx / rx) ** 2 + (dy / ry) ** 2 <= 1;
}

function distanceToInk(element: BoardElement, p: Point): number {
  let nearest = Infinity;
  for (const [a, b] of inkSegments(element)) nearest = Math.min(nearest, distanceToSegment(p, a, b));
  return nearest;
}

/** The middle line of everything drawn with the pen's width. A dot is one segment of no length. */
function* inkSegments(element: BoardElement): Generator<readonly [Point, Point]> {
  const { kind, geometry } = element;
  if (kind === 'stroke') {
    const points = shownPoints(element);
    if (points !== null) return yield* alongPoints(points.xyp);
  }
  if (kind === 'line' || kind === 'arrow') return yield lineEnds(geometry);
  yield* closed(kind === 'ellipse' ? ellipsePolygon(geometry) : geometryCorners(geometry));
}

function* alongPoints(xyp: ArrayLike<number>): Generator<readonly [Point, Point]> {
  let from = { x: xyp[0] ?? 0, y: xyp[1] ?? 0 };
  if (xyp.length <= 3) yield [from, from];
  for (let i = 3; i + 1 < xyp.length; i += 3) {
    const to = { x: xyp[i] ?? 0, y: xyp[i + 1] ?? 0 };
    yield [from, to];
    from = to;
  }
}

function* closed(corners: readonly Point[]): Generator<readonly [Point, Point]> {
  for (let i = 0; i < corners.length; i++) {
    const a = corners[i];
    const b = corners[(i + 1) % corners.length];
    if (a !== undefined && b !== undefined) yield [a, b];
  }
}

/** 48 corners stay within 0.3 % of the radius of the true curve. */
function ellipsePolygon(g: Geometry): Point[] {
  const centre = geometryCentre(g);
  return Array.from({ length: 48 }, (_, i) => {
    const angle = (i / 48) * 2 * Math.PI;
    const p = { x: centre.x + (g.w / 2) * Math.cos(angle), y: centre.y + (g.h / 2) * Math.sin(angle) };
    return rotatePoint(p, centre, g.rotation);
  });
}

/** The topmost hit of elements given bottom to top. Ink under the point wins over ink that is only near it. */
export function topmostHit(elements: readonly BoardElement[], p: Point, margin: number): BoardElement | null {
  return elements.findLast((element) => isHit(element, p, 0)) ?? elements.findLast((element) => isHit(element, p, margin)) ?? null;
}
