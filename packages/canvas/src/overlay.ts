/**
 * The overlay: what belongs to the interface and not to the drawing. Everything here is in CSS pixels, so lines
 * stay as thin at any zoom; the context's transform maps CSS pixels to device pixels.
 */
import { isLineKind, type BoardElement, type Geometry, type Theme } from '@wetink/board';
import { toView, type Camera } from './camera.ts';
import { accent, withAlpha } from './draw/colors.ts';
import type { Context } from './draw/paint.ts';
import { linePath } from './draw/line.ts';
import { flatten, tracePath } from './draw/path.ts';
import { strokeOutline } from './draw/stroke-outline.ts';
import { geometryCorners, type Box, type Point } from './geometry.ts';
import type { Frame } from './frame.ts';
import { handlesOf } from './transform.ts';

/** More outlines than this say no more than the frame around all of them. */
const MAX_OUTLINES = 300;
const HANDLE_PX = 8;
/** Where a line can get another bend. */
const MIDDLE_PX = 5;
const TRAIL_PX = 9;

export interface SelectionLook {
  readonly elements: readonly BoardElement[];
  readonly frame: Frame | null;
  readonly hasHandles: boolean;
}

export function paintSelection(ctx: Context, look: SelectionLook, camera: Camera, theme: Theme): void {
  const { elements, frame } = look;
  ctx.strokeStyle = accent[theme];
  ctx.lineWidth = 1;
  if (elements.length > 1 && elements.length <= MAX_OUTLINES) {
    ctx.globalAlpha = 0.6;
    for (const element of elements) outlineElement(ctx, element, camera);
    ctx.globalAlpha = 1;
  }
  if (frame === null) return;
  ctx.lineWidth = 1.5;
  if (!frame.isLine) strokeLoop(ctx, geometryCorners(frame.geometry), camera);
  if (!look.hasHandles) return;
  for (const { handle, at } of handlesOf(frame, camera.zoom)) {
    const { x, y } = toView(camera, at);
    ctx.fillStyle = theme === 'light' ? '#ffffff' : '#111418';
    ctx.beginPath();
    if (handle.type === 'resize') turnedSquare(ctx, x, y, frame.geometry.rotation);
    else ctx.arc(x, y, handle.type === 'middle' ? MIDDLE_PX / 2 : HANDLE_PX / 2 + 0.5, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
}

export function paintBoxSelect(ctx: Context, box: Box, camera: Camera, theme: Theme): void {
  const a = toView(camera, { x: box.minX, y: box.minY });
  const b = toView(camera, { x: box.maxX, y: box.maxY });
  ctx.fillStyle = withAlpha(accent[theme], 0.1);
  ctx.fillRect(a.x, a.y, b.x - a.x, b.y - a.y);
  ctx.strokeStyle = accent[theme];
  ctx.lineWidth = 1;
  ctx.strokeRect(Math.round(a.x) + 0.5, Math.round(a.y) + 0.5, Math.round(b.x - a.x), Math.round(b.y - a.y));
}

/** Closed by a straight line, as it selects. */
export function paintLasso(ctx: Context, path: readonly Point[], camera: Camera, theme: Theme): void {
  ctx.fillStyle = withAlpha(accent[theme], 0.1);
  ctx.strokeStyle = accent[theme];
  ctx.lineWidth = 1;
  strokeLoop(ctx, path, camera);
  ctx.fill('evenodd');
}

/** The last stretch of the eraser's way, thin where it is old. */
export function paintTrail(ctx: Context, trail: readonly Point[], camera: Camera, theme: Theme): void {
  const xyp = trail.flatMap((point, i) => {
    const { x, y } = toView(camera, point);
    return [x, y, i / trail.length];
  });
  ctx.fillStyle = theme === 'light' ? '#00000030' : '#ffffff40';
  ctx.beginPath();
  tracePath(strokeOutline({ xyp, hasPressure: true, width: TRAIL_PX }), ctx);
  ctx.fill();
}

/** In the context's line and colour. */
export function outlineElement(ctx: Context, element: BoardElement, camera: Camera): void {
  const g: Geometry = element.geometry;
  if (!isLineKind(element.kind)) return strokeLoop(ctx, geometryCorners(g), camera);
  ctx.beginPath();
  for (const line of flatten(linePath(element)))
    line.forEach((p, i) => {
      const { x, y } = toView(camera, p);
      if (i === 0) ctx.moveTo(x, y);
      else ctx.lineTo(x, y);
    });
  ctx.stroke();
}

function strokeLoop(ctx: Context, corners: readonly Point[], camera: Camera): void {
  ctx.beginPath();
  corners.forEach((corner, i) => {
    const { x, y } = toView(camera, corner);
    if (i === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  });
  ctx.closePath();
  ctx.stroke();
}

function turnedSquare(ctx: Context, x: number, y: number, angle: number): void {
  const r = (HANDLE_PX / 2) * Math.SQRT2;
  for (let i = 0; i < 4; i++) {
    const a = angle + Math.PI / 4 + (i * Math.PI) / 2;
    if (i === 0) ctx.moveTo(x + r * Math.cos(a), y + r * Math.sin(a));
    else ctx.lineTo(x + r * Math.cos(a), y + r * Math.sin(a));
  }
  ctx.closePath();
}
