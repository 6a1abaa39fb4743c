/**
 * Elements too small on screen for their outline to be seen, painted as a few straight segments.
 *
 * Filling a true outline costs about 40 microseconds in software, and a zoomed-out board of 100,000 strokes has all of
 * them in view. Below `DETAIL_PX` an outline looks the same as a round line along its middle, and below `SPECK_PX` that
 * line looks the same as a dash as long as the element, so its ink is not even decoded.
 * Consecutive elements with the same look share one path, one call to the rasteriser, while their lines are hairlines to it.
 * Wider lines become outlines, and it is slower at one path with the outlines of many strokes than at a path for each: 5,000
 * strokes of 40 points took 300 ms one by one, 520 in paths of 50 and 1,470 in one path; hairlines 40 in any (Chromium
 * without a graphics card).
 */
import { resolveColor, type BoardElement } from '@wetink/board';
import { geometryBox } from '../geometry.ts';
import { clippedRuns, withClip } from './clip.ts';
import { drawableOf } from './drawable.ts';
import { shownSketch } from './ink-points.ts';
import { paintDrawable, type Context, type PaintOptions } from './paint.ts';

/** Device pixels: a stroke whose box has no longer side than this is drawn with few segments. */
const DETAIL_PX = 40;
/** Device pixels: in a pen line thinner than this, changes of width are not visible. */
const HAIRLINE_PX = 1.6;
/** Device pixels: rasterisers have a quick way for lines that are no wider. */
const THIN_PX = 1;
/** Device pixels between the kept points of a simplified stroke. */
const STEP_PX = 2.5;
/** Cost of copying an image to a tile, in bytes of ink: about 2 ms without a GPU. */
const IMAGE_COST = 64 * 1024;
/** Cost of the card of a file, most of it three lines of text. */
const FILE_COST = 4 * 1024;
/** Device pixels: an element whose box has no longer side than this is drawn as a dash. */
const SPECK_PX = 2;

/** Paints elements bottom to top. `scale` is device pixels per board unit, already in the context's transform. */
export function paintElements(ctx: Context, elements: readonly BoardElement[], scale: number, options: PaintOptions): void {
  const { frameOf } = options;
  if (frameOf === undefined) return paintWhole(ctx, elements, scale, options);
  for (const { clip, run } of clippedRuns(elements, frameOf)) withClip(ctx, clip, () => paintWhole(ctx, run, scale, options));
}

function paintWhole(ctx: Context, elements: readonly BoardElement[], scale: number, options: PaintOptions): void {
  let run: BoardElement[] = [];
  for (const element of elements) {
    if (!isSpeck(element, scale) && !isSimple(element, scale)) {
      paintRun(ctx, run, scale, options);
      run = [];
      paintDrawable(ctx, drawableOf(element), { ...options, hairline: 1 / scale });
      continue;
    }
    const last = run[run.length - 1];
    if (last !== undefined && !looksAlike(last, element, options)) {
      paintRun(ctx, run, scale, options);
      run = [];
    }
    run.push(element);
  }
  paintRun(ctx, run, scale, options);
}

/**
 * Cost of painting an element at `scale`, in bytes of ink to read: 32,000 take about 1 ms on a desktop. Limits the work
 * between two looks at the clock.
 */
export function paintCost(element: BoardElement, scale: number): number {
  if (isSpeck(element, scale)) return 16;
  if (element.kind === 'image') return IMAGE_COST;
  if (element.kind === 'file') return FILE_COST;
  const bytes = element.ink?.length ?? 4 * element.text.length;
  return isSimple(element, scale) ? 64 + bytes : 1_024 + 4 * bytes;
}

function isSpeck({ kind, geometry, style }: BoardElement, scale: number): boolean {
  if (kind === 'unknown' || kind === 'image' || kind === 'file' || kind === 'frame' || style.opacity < 1) return false;
  return Math.max(Math.abs(geometry.w), Math.abs(geometry.h), style.width) * scale < SPECK_PX;
}

function isSimple({ kind, geometry, style }: BoardElement, scale: number): boolean {
  if (kind !== 'stroke' || style.opacity < 1) return false;
  const side = Math.max(Math.abs(geometry.w), Math.abs(geometry.h)) * scale;
  return style.width * scale < HAIRLINE_PX && side < DETAIL_PX * 4 ? true : side < DETAIL_PX && style.width * scale < 4;
}

function looksAlike(a: BoardElement, b: BoardElement, { tint }: PaintOptions): boolean {
  return (tint !== undefined || a.style.color === b.style.color) && a.style.width === b.style.width;
}

function paintRun(ctx: Context, run: readonly BoardElement[], scale: number, { theme, tint }: PaintOptions): void {
  const first = run[0];
  if (first === undefined) return;
  ctx.strokeStyle = tint?.color ?? resolveColor(first.style.color, theme);
  // Thinner than 0.7 device pixels, antialiasing would fade distant writing to nothing.
  const width = Math.max(first.style.width, 0.7 / scale) + (tint?.grow ?? 0);
  ctx.lineWidth = width;
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  ctx.globalAlpha = tint?.alpha ?? 1;
  ctx.setLineDash([]);
  // A tint is see-through: where its strokes cross it would be darker if each were painted by itself.
  const isOnePath = tint !== undefined || width * scale <= THIN_PX;
  ctx.beginPath();
  for (const [i, element] of run.entries()) {
    if (i > 0 && !isOnePath) {
      ctx.stroke();
      ctx.beginPath();
    }
    if (isSpeck(element, scale)) traceSpeck(ctx, element);
    else traceSimplified(ctx, element, scale);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** A dash along the longer side of the box, through its middle. */
function traceSpeck(ctx: Context, { geometry }: BoardElement): void {
  const { minX, minY, maxX, maxY } = geometryBox(geometry);
  if (maxX - minX > maxY - minY) {
    ctx.moveTo(minX, (minY + maxY) / 2);
    ctx.lineTo(maxX, (minY + maxY) / 2);
  } else {
    ctx.moveTo((minX + maxX) / 2, minY);
    ctx.lineTo((minX + maxX) / 2, maxY);
  }
}

function traceSimplified(ctx: Context, element: BoardElement, scale: number): void {
  const xy = shownSketch(element, STEP_PX / scale);
  if (xy === null) return;
  const [x = 0, y = 0] = xy;
  ctx.moveTo(x, y);
  for (let i = 2; i + 1 < xy.length; i += 2) ctx.lineTo(xy[i] ?? 0, xy[i + 1] ?? 0);
  // A dot must leave a mark: a zero-length segment with round caps does.
  if (xy.length === 2) ctx.lineTo(x, y);
}
