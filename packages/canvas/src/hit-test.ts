/**
 * Finds elements under a point, inside a box or along an eraser's path. Pure geometry, in board units.
 */
import { isLineKind, isShapeKind, type BoardElement } from '@wetink/board';
import { lineChain, lineHeads } from './draw/line.ts';
import { flatten } from './draw/path.ts';
import { shapeLines } from './draw/outline.ts';
import { shownPoints } from './draw/ink-points.ts';
import { paintBox } from './bounds.ts';
import {
  boxContains,
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

/** Board units of the area in the middle of a hollow shape where its words would be, at most half of each side: it is hit there. */
const LABEL = { w: 100, h: 50 };

/**
 * Whether `p` is on the element, or within `margin` of its ink.
 *
 * A shape without fill is only hit on its line, so elements inside it stay reachable; see `isInLabel`. Text is hit in its box.
 */
export function isHit(element: BoardElement, p: Point, margin: number): boolean {
  const reach = margin + penWidth(element) / 2;
  if (!boxContainsPoint(growBox(paintBox(element), margin), p)) return false;
  const isInside = isInsideShape(element, p);
  if (isInside && (isSolid(element) || element.kind === 'unknown')) return true;
  return distanceToInk(element, p) <= reach;
}

/** Whether the path a-b of an eraser of `radius` touches the element. */
export function isCrossed(element: BoardElement, a: Point, b: Point, radius: number): boolean {
  const reach = radius + penWidth(element) / 2;
  if (!segmentTouchesBox(a, b, growBox(paintBox(element), radius))) return false;
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

/** Images and files have no line around them, and frames a thin one that has no style. */
function penWidth({ kind, style }: BoardElement): number {
  return kind === 'image' || kind === 'file' || kind === 'frame' ? 0 : style.width;
}

/** Filled shapes, text, images and files are hit anywhere inside. */
export function isSolid(element: BoardElement): boolean {
  if (element.kind === 'text' || element.kind === 'image' || element.kind === 'file') return true;
  return isShapeKind(element.kind) && element.style.fill !== 'none';
}

export function isInsideShape({ kind, geometry, style }: BoardElement, p: Point): boolean {
  if (kind === 'stroke' || kind === 'line' || kind === 'arrow') return false;
  if (isShapeKind(kind) && !isPlainBox({ kind, style })) return isInside(shapeLines({ kind, geometry, style })[0] ?? [], p);
  const centre = geometryCentre(geometry);
  const local = rotatePoint(p, centre, -geometry.rotation);
  return Math.abs(local.x - centre.x) <= Math.abs(geometry.w) / 2 && Math.abs(local.y - centre.y) <= Math.abs(geometry.h) / 2;
}

function isPlainBox({ kind, style }: Pick<BoardElement, 'kind' | 'style'>): boolean {
  return (kind === 'rectangle' || kind === 'checkbox') && style.corners === 'sharp';
}

/** Whether a ray from `p` crosses the closed line an odd number of times. */
function isInside(line: readonly Point[], p: Point): boolean {
  let isOdd = false;
  for (const [a, b] of closed(line)) {
    if (a.y > p.y === b.y > p.y) continue;
    if (p.x < a.x + ((p.y - a.y) / (b.y - a.y)) * (b.x - a.x)) isOdd = !isOdd;
  }
  return isOdd;
}

function distanceToInk(element: BoardElement, p: Point): number {
  let nearest = Infinity;
  for (const [a, b] of inkSegments(element)) nearest = Math.min(nearest, distanceToSegment(p, a, b));
  return nearest;
}

/** The middle line of everything drawn with the pen's width. A dot is one segment of no length. */
export function* inkSegments(element: BoardElement): Generator<readonly [Point, Point]> {
  const { kind, geometry, style } = element;
  if (kind === 'stroke') {
    const points = shownPoints(element);
    if (points !== null) return yield* alongPoints(points.xyp);
  }
  if (isLineKind(kind)) {
    yield* along(lineChain(element));
    const { stroked, filled } = lineHeads(element);
    for (const line of [...flatten(stroked), ...flatten(filled)]) yield* along(line);
    return;
  }
  if (!isShapeKind(kind) || (kind === 'rectangle' && style.corners === 'sharp')) return yield* closed(geometryCorners(geometry));
  for (const line of shapeLines({ kind, geometry, style })) yield* along(line);
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

function* along(points: readonly Point[]): Generator<readonly [Point, Point]> {
  let from: Point | undefined;
  for (const to of points) {
    if (from !== undefined) yield [from, to];
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

/**
 * The topmost hit of elements given bottom to top. Ink under the point wins over ink that is only near it, and both win over the
 * label area of a hollow shape, but for what fills the ground under all of that shape.
 */
export function topmostHit(elements: readonly BoardElement[], p: Point, margin: number): BoardElement | null {
  const hit = elements.findLast((element) => isHit(element, p, 0)) ?? elements.findLast((element) => isHit(element, p, margin)) ?? null;
  const labelled = elements.findLast((element) => isInLabel(element, p, margin));
  if (labelled === undefined || hit === null) return hit ?? labelled ?? null;
  const isGround =
    isSolid(hit) &&
    elements.indexOf(hit) < elements.indexOf(labelled) &&
    boxContains(geometryBox(hit.geometry), geometryBox(labelled.geometry));
  return isGround ? labelled : hit;
}

/** Whether `p` is in the label area of a hollow shape. Far away, where that area is small on screen, `margin` widens it. */
export function isInLabel(element: BoardElement, p: Point, margin: number): boolean {
  const { kind, geometry } = element;
  if (!isShapeKind(kind) || isSolid(element)) return false;
  const centre = geometryCentre(geometry);
  const local = rotatePoint(p, centre, -geometry.rotation);
  const isNear = (far: number, side: number, label: number): boolean => Math.abs(far) <= Math.min(Math.abs(side) / 4, label / 2 + margin);
  const isInMiddle = isNear(local.x - centre.x, geometry.w, LABEL.w) && isNear(local.y - centre.y, geometry.h, LABEL.h);
  return isInMiddle && isInsideShape(element, p);
}
