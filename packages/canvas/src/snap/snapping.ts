/**
 * Snapping as tools and the editor see it. The code that does it is `createSnapper`, which a page can fetch late; until then
 * nothing snaps.
 */
import type { BoardElement, ElementId, Theme } from '@wetink/board';
import type { Camera } from '../camera.ts';
import type { Context } from '../draw/paint.ts';
import type { Box, Point } from '../geometry.ts';
import type { Frame } from '../frame.ts';
import type { Pull, ScalingOptions } from '../transform.ts';

/** A sign of something that a drag has snapped to, board units: a line through edges or middles, or a gap as wide as another one. */
export interface Guide {
  readonly kind: 'line' | 'gap';
  /** `x`: a line at this x from y to y, or a gap from x to x at this y. */
  readonly axis: 'x' | 'y';
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface Snapped {
  /** To be added to the way of the pointer. */
  readonly shift: Point;
  readonly guides: readonly Guide[];
}

/** Snapping for one event of a drag. */
export interface Snapping {
  /** A box that is moved, on the axes that are free. */
  box(box: Box, free: { readonly x: boolean; readonly y: boolean }): Snapped;
  /** The side or corner of an upright frame that is pulled to `to`. */
  pulled(frame: Frame, pull: Pull, to: Point, options: ScalingOptions): Snapped;
  /** An end of a line. */
  point(to: Point): Snapped;
}

export interface SnapSurroundings {
  /** At most `max` elements that touch a box, in no order. */
  readonly near: (box: Box, max: number) => readonly BoardElement[];
  readonly view: Box;
  readonly zoom: number;
  /** They are being dragged. */
  readonly moving: ReadonlySet<ElementId>;
  readonly hasObjects: boolean;
  /** Board units between the lines of the grid; null without one. */
  readonly grid: number | null;
}

export interface Snapper {
  among(surroundings: SnapSurroundings): Snapping;
  /** In CSS pixels. */
  paint(ctx: Context, guides: readonly Guide[], camera: Camera, theme: Theme): void;
}

/** Choices of the person. */
export interface SnapChoice {
  readonly snapper: Snapper | null;
  /** Mod turns it round for a drag. */
  readonly hasObjects: boolean;
  /** The grid is shown, and drags snap to it while Mod is up. */
  readonly hasGrid: boolean;
}

export const noSnap: Snapped = { shift: { x: 0, y: 0 }, guides: [] };
/** Board units between the grid's lines and their multiple nearest to `v`. */
export function toGrid(v: number, step: number): number {
  return Math.round(v / step) * step;
}
