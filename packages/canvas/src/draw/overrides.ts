/**
 * Elements as a preview shows them: at another place or scaled, otherwise unchanged.
 */
import type { BoardElement, Geometry } from '@wetink/board';
import { paintBox } from '../bounds.ts';
import { boxesTouch, type Box, type Point } from '../geometry.ts';
import { clipOf, framesAmong, withClip } from './clip.ts';
import { drawableOf } from './drawable.ts';
import { paintElements } from './low-detail.ts';
import { paintDrawable, type Context, type PaintOptions } from './paint.ts';

/** The element with another geometry, and other bends. Taller text gets a larger font size. */
export function withGeometry(element: BoardElement, geometry: Geometry, points = element.points): BoardElement {
  if (element.points !== points) return { ...element, geometry, points };
  if (element.kind !== 'text' || element.geometry.h === 0) return { ...element, geometry };
  const fontSize = element.style.fontSize * Math.abs(geometry.h / element.geometry.h);
  return { ...element, geometry, style: { ...element.style, fontSize } };
}

/** An element and the geometry to show it with instead. */
export interface Moved {
  readonly element: BoardElement;
  readonly geometry: Geometry;
  /** Other bends than it has; none by default. */
  readonly points?: readonly number[] | null | undefined;
}

/**
 * Paints moved elements, those in `view` only. `scale` is device pixels per board unit, already in the context's transform.
 *
 * Elements that move with their frame are clipped to it; those that leave it behind are shown whole.
 *
 * Elements all shifted by the same distance are painted from their cached lists, small ones simplified as on tiles: the
 * common case of dragging a selection of thousands.
 */
export function paintMoved(ctx: Context, moved: readonly Moved[], options: PaintOptions & { scale: number; view: Box }): void {
  const { scale, view } = options;
  const shift = commonShift(moved);
  if (shift === null) {
    const shown = moved.map(({ element, geometry, points }) => withGeometry(element, geometry, points));
    const frameOf = framesAmong(shown);
    for (const element of shown) {
      if (!boxesTouch(paintBox(element), view)) continue;
      const clip = frameOf === undefined ? null : clipOf(element, frameOf);
      withClip(ctx, clip, () => paintDrawable(ctx, drawableOf(element), { ...options, hairline: 1 / scale }));
    }
    return;
  }
  const from = { minX: view.minX - shift.x, minY: view.minY - shift.y, maxX: view.maxX - shift.x, maxY: view.maxY - shift.y };
  ctx.save();
  ctx.translate(shift.x, shift.y);
  const elements = moved.map(({ element }) => element);
  paintElements(
    ctx,
    elements.filter((element) => boxesTouch(paintBox(element), from)),
    scale,
    { ...options, frameOf: framesAmong(elements) },
  );
  ctx.restore();
}

/** The shift that all have in common, or null when one was scaled, turned or shifted differently. */
function commonShift(moved: readonly Moved[]): Point | null {
  const [first] = moved;
  if (first === undefined || moved.some(({ points }) => points !== undefined)) return null;
  const x = first.geometry.x - first.element.geometry.x;
  const y = first.geometry.y - first.element.geometry.y;
  // Sums of large coordinates are rounded, so shifts within a thousandth of a unit count as equal.
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) < 1e-3;
  const isAlike = moved.every(({ element: { geometry: from }, geometry: to }) => {
    if (from.w !== to.w || from.h !== to.h || from.rotation !== to.rotation) return false;
    return isNear(to.x - from.x, x) && isNear(to.y - from.y, y);
  });
  return isAlike ? { x, y } : null;
}
