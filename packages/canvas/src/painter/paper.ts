/**
 * The paper: its colour, and dots, squares or lines that show zoom and pan.
 *
 * While the zoom rests, the pattern is on a sheet a little larger than the view and copied from there, so a pan costs one copy;
 * while it moves, it is painted straight onto the view. On screen its parts stay 16 to 32 CSS pixels apart: zooming out, every second one fades until it is gone, and
 * the distance is twice as large. So they never lie close enough for moiré, and none comes or goes at once.
 */
import { palette, resolveSheet, type Color, type Paper, type PaperPattern, type Theme } from '@wetink/board';
import { withAlpha } from '../draw/colors.ts';
import type { CreateSurface, Surface } from './tile-store.ts';
import type { PaintView } from './paint-view.ts';
import type { Context } from '../draw/paint.ts';

/** Board units between dots at zoom 1; doubled or halved so that on screen they stay 16 to 32 CSS pixels apart. */
export const SPACING = 24;
const MIN_SPACING_PX = 16;
/** CSS pixels between dots at which every second one begins to fade. */
const FADE_PX = 24;
/** CSS pixels: side of a dot. */
export const DOT_PX = 1.6;
/** Dots and lines that only show pan and zoom, and those of a grid that drags snap to. */
export const DOT_ALPHA = 0.12;
export const LINE_ALPHA = 0.08;
const GRID_ALPHA = 0.45;
const GRID_LINE_ALPHA = 0.2;

export interface PaperLook {
  readonly paper: Paper;
  readonly background: Color;
  readonly theme: Theme;
  /** Drags snap to the dots, so they are easier to see, on any paper. */
  readonly hasGrid: boolean;
}

export function paperColor({ paper, background, theme }: Pick<PaperLook, 'paper' | 'background' | 'theme'>): string {
  return resolveSheet(paper.tone, background, theme);
}

/** Where a pattern lies on a canvas: whole pixels, and its first part that every coarser pattern shares. */
export interface PatternPlace {
  readonly width: number;
  readonly height: number;
  /** Pixels between two parts. */
  readonly spacing: number;
  /** Pixels of the canvas in a CSS pixel. */
  readonly pixelRatio: number;
  /** At most 0. */
  readonly from: { readonly x: number; readonly y: number };
}

/** Paints the pattern of a paper on its colour. The context's transform must be the identity. @param row An empty strip that reaches from `from` to the right edge. */
export function paintPattern(
  context: Context,
  place: PatternPlace,
  { pattern, theme, hasGrid }: { readonly pattern: PaperPattern; readonly theme: Theme; readonly hasGrid: boolean },
  row: (height: number) => Surface,
): void {
  const { spacing, pixelRatio } = place;
  const px = spacing / pixelRatio;
  // Drags snap to every part of a grid, so all of them are there.
  const share = hasGrid ? 1 : Math.min(1, Math.max(0, (px - MIN_SPACING_PX) / (FADE_PX - MIN_SPACING_PX)));
  const inked = (alpha: number, isFine: boolean): string => withAlpha(palette.ink[theme], alpha * (isFine ? share : 1));
  if (pattern === 'grid' || pattern === 'ruled') {
    const alpha = hasGrid ? GRID_LINE_ALPHA : LINE_ALPHA;
    const width = Math.max(1, Math.round(pixelRatio));
    for (const { at, isFine } of partsOf(place, 'y')) {
      context.fillStyle = inked(alpha, isFine);
      context.fillRect(0, at, place.width, width);
    }
    if (pattern === 'grid') {
      for (const { at, isFine } of partsOf(place, 'x')) {
        context.fillStyle = inked(alpha, isFine);
        context.fillRect(at, 0, width, place.height);
      }
    }
  }
  if (pattern !== 'dots' && !hasGrid) return;
  const side = Math.max(1, Math.round(DOT_PX * pixelRatio));
  const alpha = hasGrid ? GRID_ALPHA : DOT_ALPHA;
  // Paints a row of dots and copies it down, since while zooming every frame repaints the sheet.
  for (const isFineRow of [false, true]) {
    const strip = row(side);
    for (const { at, isFine } of partsOf({ ...place, width: strip.canvas.width, from: { x: 0, y: 0 } }, 'x')) {
      strip.context.fillStyle = inked(alpha, isFine || isFineRow);
      strip.context.fillRect(at, 0, side, side);
    }
    for (const { at, isFine } of partsOf(place, 'y')) if (isFine === isFineRow) context.drawImage(strip.canvas, place.from.x, at);
  }
}

/** The pixels at which the parts of a pattern begin along one side; every second part is one that fades. */
function* partsOf({ spacing, from, width, height }: PatternPlace, side: 'x' | 'y'): Generator<{ at: number; isFine: boolean }> {
  const end = side === 'x' ? width : height;
  for (let i = 0; from[side] + i * spacing < end; i++) yield { at: Math.round(from[side] + i * spacing), isFine: i % 2 === 1 };
}

export class PaperSheet {
  readonly #createSurface: CreateSurface;
  #sheet: Surface | null = null;
  #strip: Surface | null = null;
  #key = '';
  /** The look of the last frame. */
  #lastKey = '';

  constructor(createSurface: CreateSurface) {
    this.#createSurface = createSurface;
  }

  /** Covers the whole target, so nothing needs clearing before. The context's transform must be the identity. */
  paint(target: Context, view: PaintView, look: PaperLook): void {
    const scale = view.camera.zoom * view.pixelRatio;
    const spacing = gridSpacing(view.camera.zoom) * scale;
    const offset = (v: number): number => -Math.round(phaseOf(v * scale, spacing));
    const at = { x: offset(view.camera.x), y: offset(view.camera.y) };
    const { paper, background, theme, hasGrid } = look;
    const key = [view.widthPx, view.heightPx, spacing, view.pixelRatio, paper.pattern, paper.tone, background, theme, hasGrid].join();
    const isResting = key === this.#lastKey;
    this.#lastKey = key;
    if (!isResting) return this.#paintAll(target, view, look, { from: at, spacing });
    const sheet = this.#prepare(view, key, look, spacing);
    target.drawImage(sheet.canvas, at.x, at.y);
  }

  close(): void {
    for (const surface of [this.#sheet, this.#strip]) if (surface !== null) surface.canvas.width = surface.canvas.height = 0;
    this.#sheet = this.#strip = null;
  }

  #prepare(view: PaintView, key: string, look: PaperLook, spacing: number): Surface {
    const room = roomFor(view);
    const [widthPx, heightPx] = [view.widthPx + room, view.heightPx + room];
    if (this.#sheet !== null && key === this.#key) return this.#sheet;
    this.#key = key;
    this.#sheet ??= this.#createSurface(widthPx, heightPx);
    const { canvas, context } = this.#sheet;
    if (canvas.width !== widthPx) canvas.width = widthPx;
    if (canvas.height !== heightPx) canvas.height = heightPx;
    context.setTransform(1, 0, 0, 1, 0, 0);
    this.#paintAll(context, { ...view, widthPx, heightPx }, look, { from: { x: 0, y: 0 }, spacing });
    return this.#sheet;
  }

  #paintAll(target: Context, view: PaintView, look: PaperLook, { from, spacing }: Pick<PatternPlace, 'from' | 'spacing'>): void {
    const { widthPx: width, heightPx: height, pixelRatio } = view;
    target.fillStyle = paperColor(look);
    target.fillRect(0, 0, width, height);
    const place = { width, height, spacing, pixelRatio, from };
    const { paper, theme, hasGrid } = look;
    paintPattern(target, place, { pattern: paper.pattern, theme, hasGrid }, (side) => this.#row(width + roomFor(view), side));
  }

  /** An empty strip. Not part of the sheet, since copying a canvas onto itself first copies all of it. */
  #row(width: number, height: number): Surface {
    this.#strip ??= this.#createSurface(width, height);
    const { canvas, context } = this.#strip;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    context.clearRect(0, 0, width, height);
    return this.#strip;
  }
}

/** The same at every zoom: a canvas resized in each frame of a zoom would be allocated anew each time. */
function roomFor({ pixelRatio }: PaintView): number {
  return Math.ceil(4 * MIN_SPACING_PX * pixelRatio) + 1;
}

/** Paints the pattern of a picture of a board, whose context has `scale` pixels for a board unit and begins at `left` and `top`. */
export function paintPicturePattern(
  context: Context,
  { left, top, scale, ...size }: { readonly left: number; readonly top: number; readonly scale: number; width: number; height: number },
  look: { readonly pattern: PaperPattern; readonly theme: Theme },
  createSurface: CreateSurface,
): void {
  // As on a screen at zoom 1, or smaller.
  const zoom = Math.min(1, scale);
  const spacing = gridSpacing(zoom) * scale;
  const from = { x: -phaseOf(left * scale, spacing), y: -phaseOf(top * scale, spacing) };
  const place = { ...size, spacing, pixelRatio: scale / zoom, from };
  paintPattern(context, place, { ...look, hasGrid: false }, (rowHeight) => createSurface(size.width - from.x, rowHeight));
}

/** Pixels of a place behind the last part that every coarser pattern shares. */
export function phaseOf(at: number, spacing: number): number {
  const period = 2 * spacing;
  return ((at % period) + period) % period;
}

/** Board units between two dots at this zoom. */
export function gridSpacing(zoom: number): number {
  return SPACING * 2 ** Math.ceil(Math.log2(MIN_SPACING_PX / (SPACING * zoom)));
}
