/**
 * Paints an image, or its placeholder: a tinted frame with a small landscape in it, and a bar while its bytes come.
 */
import { resolveColor, resolveFill, wholeCrop, type Crop, type Geometry, type Theme } from '@wetink/board';
import { geometryCentre } from '../geometry.ts';
import type { ShownImage } from '../images/shown-images.ts';
import type { Context } from './context.ts';
import type { ImageOp } from './drawable.ts';

interface Size {
  readonly w: number;
  readonly h: number;
}

/** Share of the shorter side that the landscape takes, and the most board units that it grows to. */
const SIGN_SHARE = 0.4;
const SIGN_MAX = 48;

export function paintImage(ctx: Context, { geometry, crop, radius }: ImageOp, shown: ShownImage, theme: Theme): void {
  const [w, h] = [Math.abs(geometry.w), Math.abs(geometry.h)];
  ctx.save();
  toCentre(ctx, geometry);
  if (radius > 0) clipCorners(ctx, { w, h }, radius);
  if (shown.kind === 'there') {
    ctx.scale(geometry.w < 0 ? -1 : 1, geometry.h < 0 ? -1 : 1);
    // Bitmaps are at most twice as large as shown, where this quality has no moiré.
    ctx.imageSmoothingEnabled = true;
    ctx.imageSmoothingQuality = 'medium';
    if (crop === wholeCrop) ctx.drawImage(shown.bitmap, -w / 2, -h / 2, w, h);
    else paintPart(ctx, shown.bitmap, crop, { w, h });
  } else paintPlaceholder(ctx, { w, h }, shown.progress, theme);
  ctx.restore();
}

function paintPart(ctx: Context, bitmap: ImageBitmap, { left, top, right, bottom }: Crop, { w, h }: Size): void {
  const { width, height } = bitmap;
  ctx.drawImage(bitmap, left * width, top * height, (right - left) * width, (bottom - top) * height, -w / 2, -h / 2, w, h);
}

/** `roundRect` is missing in Safari 15. */
function clipCorners(ctx: Context, { w, h }: Size, radius: number): void {
  ctx.beginPath();
  ctx.moveTo(0, -h / 2);
  ctx.arcTo(w / 2, -h / 2, w / 2, h / 2, radius);
  ctx.arcTo(w / 2, h / 2, -w / 2, h / 2, radius);
  ctx.arcTo(-w / 2, h / 2, -w / 2, -h / 2, radius);
  ctx.arcTo(-w / 2, -h / 2, w / 2, -h / 2, radius);
  ctx.closePath();
  ctx.clip();
}

/** The box of an image or a file in one colour, `grow` board units larger on each side. */
export function paintBox(ctx: Context, { geometry }: Pick<ImageOp, 'geometry'>, color: string, grow: number): void {
  const [w, h] = [Math.abs(geometry.w) + grow, Math.abs(geometry.h) + grow];
  ctx.save();
  toCentre(ctx, geometry);
  ctx.fillStyle = color;
  ctx.fillRect(-w / 2, -h / 2, w, h);
  ctx.restore();
}

function toCentre(ctx: Context, geometry: Geometry): void {
  const centre = geometryCentre(geometry);
  ctx.translate(centre.x, centre.y);
  if (geometry.rotation !== 0) ctx.rotate(geometry.rotation);
}

function paintPlaceholder(ctx: Context, { w, h }: Size, progress: number | null, theme: Theme): void {
  ctx.fillStyle = resolveFill('grey', theme);
  ctx.fillRect(-w / 2, -h / 2, w, h);
  const size = Math.min(SIGN_MAX, SIGN_SHARE * Math.min(w, h));
  const line = size / 24;
  ctx.strokeStyle = resolveColor('grey', theme);
  ctx.lineWidth = line;
  ctx.lineCap = ctx.lineJoin = 'round';
  ctx.setLineDash([]);
  ctx.strokeRect(-w / 2 + line / 2, -h / 2 + line / 2, Math.max(0, w - line), Math.max(0, h - line));
  ctx.lineWidth = line * 1.75;
  paintSign(ctx, size);
  if (progress === null) return;
  const length = size * 1.5;
  const y = size * 0.75;
  bar(ctx, length, y, length);
  ctx.strokeStyle = resolveColor('ink', theme);
  bar(ctx, length, y, length * Math.min(1, Math.max(0, progress)));
}

/** Mountains and a sun, as picture icons have them. */
function paintSign(ctx: Context, size: number): void {
  const at = (x: number, y: number): [number, number] => [x * size, y * size];
  ctx.beginPath();
  ctx.moveTo(...at(-0.5, 0.35));
  ctx.lineTo(...at(-0.15, -0.1));
  ctx.lineTo(...at(0.1, 0.2));
  ctx.lineTo(...at(0.25, 0.05));
  ctx.lineTo(...at(0.5, 0.35));
  ctx.closePath();
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(...at(0.2, -0.25), size * 0.1, 0, 2 * Math.PI);
  ctx.stroke();
}

function bar(ctx: Context, length: number, y: number, to: number): void {
  ctx.beginPath();
  ctx.moveTo(-length / 2, y);
  ctx.lineTo(-length / 2 + to, y);
  ctx.stroke();
}
