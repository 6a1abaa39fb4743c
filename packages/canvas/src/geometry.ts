/**
 * Points, boxes and the geometry of one element, in board units.
 *
 * A `Geometry` is a corner, a signed size and a rotation about the centre of its box; a `Box` is always
 * upright and normalised (minX <= maxX, minY <= maxY). Angles are radians, y points down.
 */
import type { Geometry } from '@wetink/board';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Upright, normalised. The shape rbush wants, so a box is an index entry as it is. */
export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export function boxBetween(a: Point, b: Point): Box {
  return { minX: Math.min(a.x, b.x), minY: Math.min(a.y, b.y), maxX: Math.max(a.x, b.x), maxY: Math.max(a.y, b.y) };
}

export function growBox(box: Box, by: number): Box {
  return { minX: box.minX - by, minY: box.minY - by, maxX: box.maxX + by, maxY: box.maxY + by };
}

export function uniteBoxes(a: Box, b: Box): Box {
  return {
    minX: Math.min(a.minX, b.minX),
    minY: Math.min(a.minY, b.minY),
    maxX: Math.max(a.maxX, b.maxX),
    maxY: Math.max(a.maxY, b.maxY),
  };
}

/** The box around all, or null for none. */
export function uniteAll(boxes: Iterable<Box>): Box | null {
  let all: Box | null = null;
  for (const box of boxes) all = all === null ? box : uniteBoxes(all, box);
  return all;
}

export function boxesTouch(a: Box, b: Box): boolean {
  return a.minX <= b.maxX && b.minX <= a.maxX && a.minY <= b.maxY && b.minY <= a.maxY;
}

export function boxContains(outer: Box, inner: Box): boolean {
  return outer.minX <= inner.minX && outer.minY <= inner.minY && outer.maxX >= inner.maxX && outer.maxY >= inner.maxY;
}

export function boxContainsPoint(box: Box, p: Point): boolean {
  return p.x >= box.minX && p.x <= box.maxX && p.y >= box.minY && p.y <= box.maxY;
}

export function geometryCentre(g: Geometry): Point {
  return { x: g.x + g.w / 2, y: g.y + g.h / 2 };
}

export function rotatePoint(p: Point, about: Point, angle: number): Point {
  if (angle === 0) return p;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const dx = p.x - about.x;
  const dy = p.y - about.y;
  return { x: about.x + dx * cos - dy * sin, y: about.y + dx * sin + dy * cos };
}

/** The four corners as shown, clockwise from (x, y) when w and h are positive. */
export function geometryCorners(g: Geometry): [Point, Point, Point, Point] {
  const centre = geometryCentre(g);
  const corner = (x: number, y: number): Point => rotatePoint({ x, y }, centre, g.rotation);
  return [corner(g.x, g.y), corner(g.x + g.w, g.y), corner(g.x + g.w, g.y + g.h), corner(g.x, g.y + g.h)];
}

/** The upright box around a geometry as shown, without any stroke width. */
export function geometryBox(g: Geometry): Box {
  if (g.rotation === 0) {
    // Most are, and 100,000 may be asked about at once.
    const { x, y, w, h } = g;
    return { minX: w < 0 ? x + w : x, minY: h < 0 ? y + h : y, maxX: w < 0 ? x : x + w, maxY: h < 0 ? y : y + h };
  }
  const [a, b, c, d] = geometryCorners(g);
  return uniteBoxes(boxBetween(a, c), boxBetween(b, d));
}

export function boxToGeometry(box: Box): Geometry {
  return { x: box.minX, y: box.minY, w: box.maxX - box.minX, h: box.maxY - box.minY, rotation: 0 };
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Distance from `p` to the segment a-b. */
export function distanceToSegment(p: Point, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const lengthSquared = dx * dx + dy * dy;
  if (lengthSquared === 0) return distance(p, a);
  const t = Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / lengthSquared));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/** Distance between two segments, 0 when they cross. */
export function distanceBetweenSegments(a: Point, b: Point, c: Point, d: Point): number {
  if (segmentsCross(a, b, c, d)) return 0;
  return Math.min(distanceToSegment(a, c, d), distanceToSegment(b, c, d), distanceToSegment(c, a, b), distanceToSegment(d, a, b));
}

/** Whether the segment a-b has a point inside the box or on its edge. */
export function segmentTouchesBox(a: Point, b: Point, box: Box): boolean {
  if (boxContainsPoint(box, a) || boxContainsPoint(box, b)) return true;
  if (!boxesTouch(boxBetween(a, b), box)) return false;
  const p = { x: box.minX, y: box.minY };
  const q = { x: box.maxX, y: box.minY };
  const r = { x: box.maxX, y: box.maxY };
  const s = { x: box.minX, y: box.maxY };
  return segmentsCross(a, b, p, q) || segmentsCross(a, b, q, r) || segmentsCross(a, b, r, s) || segmentsCross(a, b, s, p);
}

/** Whether two segments have a point in common. */
export function segmentsCross(a: Point, b: Point, c: Point, d: Point): boolean {
  const side = (p: Point, q: Point, r: Point): number => (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
  const d1 = side(c, d, a);
  const d2 = side(c, d, b);
  const d3 = side(a, b, c);
  const d4 = side(a, b, d);
  if (((d1 > 0 && d2 < 0) || (d1 < 0 && d2 > 0)) && ((d3 > 0 && d4 < 0) || (d3 < 0 && d4 > 0))) return true;
  const isOn = (p: Point, q: Point, r: Point): boolean => boxContainsPoint(boxBetween(p, q), r);
  return (d1 === 0 && isOn(c, d, a)) || (d2 === 0 && isOn(c, d, b)) || (d3 === 0 && isOn(a, b, c)) || (d4 === 0 && isOn(a, b, d));
}
