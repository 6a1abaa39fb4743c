/**
 * The frame of a selection: for one element its own turned box, for several the upright box around them. How it is moved,
 * resized and turned is in transform.ts, whose code comes late.
 */
import { isLineKind, type BoardElement, type Geometry } from '@wetink/board';
import { linePoints } from './draw/line.ts';
import { boxToGeometry, geometryBox, uniteBoxes, type Point } from './geometry.ts';

/** A box of positive size, turned about its centre, or the two ends of a single line. */
export interface Frame {
  readonly geometry: Geometry;
  readonly isLine: boolean;
  /** The points of a single line, its ends included. */
  readonly way?: readonly Point[];
  /** Non-uniform scaling would distort something that cannot be: text, an image, or a box turned against the frame. */
  readonly keepsRatio: boolean;
  /** A frame of the board among the selection: those are upright. */
  readonly isUpright: boolean;
}

export function frameOf(
  elements: readonly (Pick<BoardElement, 'kind' | 'geometry'> & Partial<Pick<BoardElement, 'points'>>)[],
): Frame | null {
  const [first] = elements;
  if (first === undefined) return null;
  if (elements.length === 1) {
    if (isLineKind(first.kind))
      return { geometry: first.geometry, isLine: true, way: linePoints(first), keepsRatio: false, isUpright: false };
    const isUpright = first.kind === 'frame';
    const geometry = isUpright ? boxToGeometry(geometryBox(first.geometry)) : normalised(first.geometry);
    return { geometry, isLine: false, keepsRatio: isRigid(first.kind), isUpright };
  }
  let box = geometryBox(first.geometry);
  for (const { geometry } of elements) box = uniteBoxes(box, geometryBox(geometry));
  const keepsRatio = elements.some(({ kind, geometry }) => isRigid(kind) || !isQuarterTurn(geometry.rotation));
  return { geometry: boxToGeometry(box), isLine: false, keepsRatio, isUpright: elements.some(({ kind }) => kind === 'frame') };
}

/** Letters, images and cards look wrong when their sides grow differently. */
function isRigid(kind: BoardElement['kind']): boolean {
  return kind === 'text' || kind === 'image' || kind === 'file';
}

export function moveGeometry(g: Geometry, dx: number, dy: number): Geometry {
  return { ...g, x: g.x + dx, y: g.y + dy };
}

export function isQuarterTurn(angle: number): boolean {
  return Math.abs(Math.sin(2 * angle)) < 1e-9;
}

function normalised(g: Geometry): Geometry {
  return { x: Math.min(g.x, g.x + g.w), y: Math.min(g.y, g.y + g.h), w: Math.abs(g.w), h: Math.abs(g.h), rotation: g.rotation };
}
