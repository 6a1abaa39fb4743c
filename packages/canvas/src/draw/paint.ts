/**
 * Paints draw lists on a 2D context whose transform already maps board units to device pixels.
 */
import { resolveColor, type Color, type Theme } from '@wetink/board';
import { plainFile, type ShownFiles } from '../files/shown-files.ts';
import type { ShownImages } from '../images/shown-images.ts';
import type { FindFrame } from './clip.ts';
import type { Context } from './context.ts';
import { fillColor, type Drawable, type TextOp } from './drawable.ts';
import { paintFrame } from './frame-look.ts';
import { paintFile } from './paint-file.ts';
import { paintImage, paintBox } from './paint-image.ts';
import { tracePath, type Path } from './path.ts';
import { setFont, type TextLine } from './text-layout.ts';
import { splitAtTabs } from './text-tabs.ts';

export type { Context };
export type { Theme };

export interface PaintOptions {
  readonly theme: Theme;
  /** Without it images are placeholders. */
  readonly images?: ShownImages | undefined;
  /** Without it files show their size. */
  readonly files?: ShownFiles | undefined;
  /** Board units of one device pixel; 0 where nothing has to be seen from afar. */
  readonly hairline?: number;
  /** Frames that clip; without it nothing is clipped. */
  readonly frameOf?: FindFrame | undefined;
  /** Paints everything in one CSS colour, `grow` board units wider than the element: the eraser's preview. */
  readonly tint?: { readonly color: string; readonly alpha: number; readonly grow: number };
}

/** Paints a draw list. Changes fill, stroke, alpha, dash and font of the context; the caller saves and restores. */
export function paintDrawable(ctx: Context, drawable: Drawable, { theme, tint, images, files, hairline = 0 }: PaintOptions): void {
  const css = (color: Color): string => tint?.color ?? resolveColor(color, theme);
  ctx.globalAlpha = tint?.alpha ?? drawable.opacity;
  for (const op of drawable.ops) {
    if (op.op === 'image') {
      if (tint === undefined) paintImage(ctx, op, images?.find(op.image, op.filter) ?? { kind: 'loading', progress: null }, theme);
      else paintBox(ctx, op, tint.color, tint.grow);
      continue;
    }
    if (op.op === 'file') {
      if (tint === undefined) paintFile(ctx, op, files?.find(op.file) ?? plainFile, theme);
      else paintBox(ctx, op, tint.color, tint.grow);
      continue;
    }
    if (op.op === 'frame') {
      if (tint === undefined) paintFrame(ctx, op.geometry, theme, hairline);
      continue;
    }
    if (op.op === 'text') {
      paintText(ctx, op, css(op.color));
      continue;
    }
    if (op.op === 'fill') {
      ctx.fillStyle = tint?.color ?? fillColor(op, theme);
      fillPath(ctx, op.path);
    }
    const strokeWidth = op.op === 'stroke' ? op.width + (tint?.grow ?? 0) : (tint?.grow ?? 0);
    if (strokeWidth > 0) {
      ctx.strokeStyle = css(op.color);
      ctx.lineWidth = strokeWidth;
      ctx.lineCap = 'round';
      ctx.lineJoin = 'round';
      ctx.setLineDash(op.op === 'stroke' ? [...op.dash] : []);
      strokePath(ctx, op.path);
    }
  }
  ctx.globalAlpha = 1;
}

function paintText(ctx: Context, op: TextOp, color: string): void {
  ctx.fillStyle = color;
  setFont(ctx, op.font, op.fontSize);
  ctx.textBaseline = 'alphabetic';
  ctx.save();
  if (op.rotation !== 0) {
    ctx.translate(op.centre.x, op.centre.y);
    ctx.rotate(op.rotation);
    ctx.translate(-op.centre.x, -op.centre.y);
  }
  for (const line of op.lines) if (line.text !== '') paintLine(ctx, op, line);
  ctx.restore();
}

function paintLine(ctx: Context, { origin, width }: TextOp, { text, direction, baseline }: TextLine): void {
  const isLtr = direction === 'ltr';
  const y = origin.y + baseline;
  ctx.direction = direction;
  ctx.textAlign = isLtr ? 'left' : 'right';
  if (!text.includes('\t')) return ctx.fillText(text, isLtr ? origin.x : origin.x + width, y);
  const { pieces, width: own } = splitAtTabs(text, direction, (piece) => ctx.measureText(piece).width);
  ctx.textAlign = 'left';
  const left = isLtr ? origin.x : origin.x + width - own;
  for (const piece of pieces) ctx.fillText(piece.text, left + piece.left, y);
}

/** Compiled paths: an engine with Path2D keeps its own form of a path for as long as we keep ours. */
const compiled = new WeakMap<Path, Path2D>();

function compile(path: Path): Path2D | null {
  if (typeof Path2D === 'undefined') return null;
  let made = compiled.get(path);
  if (made === undefined) {
    made = new Path2D();
    tracePath(path, made);
    compiled.set(path, made);
  }
  return made;
}

function fillPath(ctx: Context, path: Path): void {
  const made = compile(path);
  if (made !== null) return ctx.fill(made);
  ctx.beginPath();
  tracePath(path, ctx);
  ctx.fill();
}

function strokePath(ctx: Context, path: Path): void {
  const made = compile(path);
  if (made !== null) return ctx.stroke(made);
  ctx.beginPath();
  tracePath(path, ctx);
  ctx.stroke();
}
