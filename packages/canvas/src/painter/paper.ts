/**
 * The paper: its colour and a grid of dots that shows zoom and pan.
 *
 * Dots are painted once per zoom on a sheet a little larger than the view and copied from there, so a pan
 * costs one copy. While the zoom moves no sheet would be used twice, so the dots go straight onto the view, row by row.
 */
import { palette, paper, resolveColor, type Color, type Theme } from '@wetink/board';
import { withAlpha } from '../draw/colors.ts';
import type { CreateSurface, Surface } from './tile-store.ts';
import type { PaintView } from './paint-view.ts';
import type { Context } from '../draw/paint.ts';

/** Board units between dots at zoom 1; doubled or halved so that on screen they stay 16 to 32 CSS pixels apart. */
const SPACING = 24;
const MIN_SPACING_PX = 16;
/** Dots that only show pan and zoom, and those of a grid that drags snap to. */
const DOT_ALPHA = 0.12;
const GRID_ALPHA = 0.45;

export interface PaperLook {
  readonly background: Color;
  readonly theme: Theme;
  /** Drags snap to the dots, so they are easier to see. */
  readonly hasGrid: boolean;
}

/** `white` means plain paper. */
export function paperColor(background: Color, theme: Theme): string {
  return background === 'white' ? paper[theme] : resolveColor(background, theme);
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
    const offset = (v: number): number => -Math.round((((v * scale) % spacing) + spacing) % spacing);
    const at = { x: offset(view.camera.x), y: offset(view.camera.y) };
    const key = [view.widthPx, view.heightPx, spacing, ...Object.values(look)].join();
    const isResting = key === this.#lastKey;
    this.#lastKey = key;
    if (!isResting) return this.#paintDots(target, view, look, { ...at, spacing });
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
    this.#paintDots(context, { ...view, widthPx, heightPx }, look, { x: 0, y: 0, spacing });
    return this.#sheet;
  }

  /** Paints one row of dots and copies it down. */
  #paintDots(target: Context, view: PaintView, look: PaperLook, { x: left, y: top, spacing }: Dots): void {
    const { background, theme, hasGrid } = look;
    target.fillStyle = paperColor(background, theme);
    target.fillRect(0, 0, view.widthPx, view.heightPx);
    const side = Math.max(1, Math.round(1.6 * view.pixelRatio));
    const row = this.#row(view.widthPx + roomFor(view), side);
    row.context.fillStyle = withAlpha(palette.ink[theme], hasGrid ? GRID_ALPHA : DOT_ALPHA);
    for (let x = 0; x < row.canvas.width; x += spacing) row.context.fillRect(Math.round(x), 0, side, side);
    for (let y = 0; top + y < view.heightPx; y += spacing) target.drawImage(row.canvas, left, top + Math.round(y));
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

/** Place of the first dot, and device pixels from dot to dot. */
interface Dots {
  readonly x: number;
  readonly y: number;
  readonly spacing: number;
}

/** The same at every zoom: a canvas resized in each frame of a zoom would be allocated anew each time. */
function roomFor({ pixelRatio }: PaintView): number {
  return Math.ceil(2 * MIN_SPACING_PX * pixelRatio) + 1;
}

/** Board units between two dots at this zoom. */
export function gridSpacing(zoom: number): number {
  return SPACING * 2 ** Math.ceil(Math.log2(MIN_SPACING_PX / (SPACING * zoom)));
}
