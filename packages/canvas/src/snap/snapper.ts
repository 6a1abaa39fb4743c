/**
 * Snaps drags to the edges and middles of elements, to equal gaps and to the grid, and paints the guides.
 *
 * Each axis snaps by itself to the nearest line or gap within 8 CSS pixels, else to the grid. A frame that keeps its ratio
 * has one size only, so there the nearer axis decides.
 */
import type { Theme } from '@wetink/board';
import { toView, type Camera } from '../camera.ts';
import { accent } from '../draw/colors.ts';
import type { Context } from '../draw/paint.ts';
import { boxBetween, geometryCentre, type Box, type Point } from '../geometry.ts';
import type { Frame } from '../frame.ts';
import { scalingOf, type Pull, type ScalingOptions } from '../transform.ts';
import { gapGuides, gapsNear, type GapHit } from './gaps.ts';
import { linesNear, otherAxis, spanOf, type Axis, type LineHit, type Probe } from './lines.ts';
import { toGrid, type Guide, type Snapped, type Snapper, type SnapSurroundings } from './snapping.ts';

/** CSS pixels. */
const REACH_PX = 8;
/** Board units: hits whose ways differ by less are one. */
const SAME = 1e-6;
/** CSS pixels of the marks at both ends of a gap. */
const TICK_PX = 3;

/** The lines and gaps that an axis has snapped to. */
interface AxisSnap {
  readonly by: number;
  readonly lines: readonly LineHit[];
  readonly gaps: readonly GapHit[];
}

const stays: AxisSnap = { by: 0, lines: [], gaps: [] };

export function createSnapper(): Snapper {
  return {
    among: (around) => ({
      box: (box, free) => snapBox(around, box, free),
      pulled: (frame, pull, to, options) => snapPulled(around, frame, pull, to, options),
      point: (to) => snapPoint(around, to, { x: true, y: true }),
    }),
    paint: paintGuides,
  };
}

function snapBox(around: SnapSurroundings, box: Box, free: { readonly x: boolean; readonly y: boolean }): Snapped {
  const along = (axis: Axis): AxisSnap => {
    if (!free[axis]) return stays;
    const { min, max } = spanOf(box, axis);
    const probes = [edge(min), { at: (min + max) / 2, isMiddle: true }, edge(max)];
    return snapAxis(around, axis, probes, (reach) => gapsNear(around, axis, box, reach));
  };
  return snapped(box, along('x'), along('y'));
}

function snapPoint(around: SnapSurroundings, to: Point, free: { readonly x: boolean; readonly y: boolean }): Snapped {
  const along = (axis: Axis): AxisSnap => (free[axis] ? snapAxis(around, axis, [edge(to[axis])], () => []) : stays);
  return snapped(boxBetween(to, to), along('x'), along('y'));
}

function snapPulled(around: SnapSurroundings, frame: Frame, pull: Pull, to: Point, options: ScalingOptions): Snapped {
  const free = { x: pull.x !== 0, y: pull.y !== 0 };
  if (!frame.keepsRatio && !options.keepRatio) return snapPoint(around, to, free);
  const { anchor, sx, sy } = scalingOf(frame, pull, to, options);
  const centre = geometryCentre(frame.geometry);
  /** From the point that stays to the handle, as it was when the drag began. */
  const reach = { x: centre.x + (pull.x * frame.geometry.w) / 2 - anchor.x, y: centre.y + (pull.y * frame.geometry.h) / 2 - anchor.y };
  const handle = { x: anchor.x + reach.x * sx, y: anchor.y + reach.y * sy };
  const along = (axis: Axis): AxisSnap => (free[axis] ? snapAxis(around, axis, [edge(handle[axis])], () => []) : stays);
  const [x, y] = [along('x'), along('y')];
  const isAcross = y.by === 0 || (x.by !== 0 && Math.abs(x.by) <= Math.abs(y.by));
  const snap = isAcross ? x : y;
  const axis: Axis = isAcross ? 'x' : 'y';
  if (reach[axis] === 0) return snapped(boxBetween(handle, handle), stays, stays);
  const size = Math.abs((handle[axis] + snap.by - anchor[axis]) / reach[axis]);
  const aim = { x: anchor.x + reach.x * size * Math.sign(sx), y: anchor.y + reach.y * size * Math.sign(sy) };
  const { guides } = snapped(boxBetween(handle, handle), isAcross ? x : stays, isAcross ? stays : y);
  return { shift: { x: aim.x - to.x, y: aim.y - to.y }, guides };
}

function edge(at: number): Probe {
  return { at, isMiddle: false };
}

function snapAxis(around: SnapSurroundings, axis: Axis, probes: readonly Probe[], gapsOf: (reach: number) => readonly GapHit[]): AxisSnap {
  const reach = REACH_PX / around.zoom;
  const lines = around.hasObjects ? linesNear(around, axis, probes, reach) : [];
  const gaps = around.hasObjects ? gapsOf(reach) : [];
  let best: number | null = null;
  for (const { by } of [...lines, ...gaps]) if (best === null || Math.abs(by) < Math.abs(best)) best = by;
  if (best !== null) {
    const by = best;
    const isSame = (hit: { readonly by: number }): boolean => Math.abs(hit.by - by) < SAME;
    return { by, lines: lines.filter(isSame), gaps: gaps.filter(isSame) };
  }
  const [first] = probes;
  return around.grid === null || first === undefined ? stays : { ...stays, by: toGrid(first.at, around.grid) - first.at };
}

/** @param box Where it would be without snapping. */
function snapped(box: Box, x: AxisSnap, y: AxisSnap): Snapped {
  const at = { minX: box.minX + x.by, minY: box.minY + y.by, maxX: box.maxX + x.by, maxY: box.maxY + y.by };
  const guides = (axis: Axis, snap: AxisSnap): Guide[] => [
    ...lineGuides(axis, snap.lines, at),
    // One choice of equal gaps says enough.
    ...snap.gaps.slice(0, 1).flatMap((gap) => gapGuides(gap, axis, at)),
  ];
  return { shift: { x: x.by, y: y.by }, guides: [...guides('x', x), ...guides('y', y)] };
}

/** One line for each place, from the first to the last of what lies on it. */
function lineGuides(axis: Axis, hits: readonly LineHit[], box: Box): Guide[] {
  const own = spanOf(box, otherAxis(axis));
  const spans = new Map<number, { min: number; max: number }>();
  for (const { line, box: other } of hits) {
    const { min, max } = spanOf(other, otherAxis(axis));
    const before = spans.get(line) ?? own;
    spans.set(line, { min: Math.min(before.min, min), max: Math.max(before.max, max) });
  }
  return [...spans].map(([at, { min, max }]) => ({ kind: 'line', axis, at, from: min, to: max }));
}

function paintGuides(ctx: Context, guides: readonly Guide[], camera: Camera, theme: Theme): void {
  ctx.strokeStyle = accent[theme];
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const { kind, axis, at, from, to } of guides) {
    const isUpright = (kind === 'line') === (axis === 'x');
    const a = crisp(toView(camera, isUpright ? { x: at, y: from } : { x: from, y: at }));
    const b = crisp(toView(camera, isUpright ? { x: at, y: to } : { x: to, y: at }));
    stroke(ctx, a, b);
    if (kind === 'line') continue;
    const tick = isUpright ? { x: TICK_PX, y: 0 } : { x: 0, y: TICK_PX };
    for (const end of [a, b]) stroke(ctx, { x: end.x - tick.x, y: end.y - tick.y }, { x: end.x + tick.x, y: end.y + tick.y });
  }
  ctx.stroke();
}

/** In the middle of a pixel, so that a line of one pixel is sharp. */
function crisp({ x, y }: Point): Point {
  return { x: Math.round(x) + 0.5, y: Math.round(y) + 0.5 };
}

function stroke(ctx: Context, a: Point, b: Point): void {
  ctx.moveTo(a.x, a.y);
  ctx.lineTo(b.x, b.y);
}
