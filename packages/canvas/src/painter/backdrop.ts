/**
 * Pictures of a board as it was last seen. They are shown while the board itself is being read, and after that where tiles
 * are still missing. Coarse pictures come first; a finer one replaces the part under it, so that no line is seen twice.
 */
import type { Context } from '../draw/paint.ts';
import type { Box } from '../geometry.ts';
import type { PaintView } from './paint-view.ts';
import { viewScale, type PxRect } from './tile-grid.ts';

export interface Picture {
  readonly image: CanvasImageSource;
  /** The part of the board that it shows, in board units. */
  readonly box: Box;
}

/** Paints the pictures into a part of the view, `area`, in device pixels. */
export function paintBackdrop(target: Context, view: PaintView, pictures: readonly Picture[], area: PxRect): void {
  target.imageSmoothingEnabled = true;
  for (const [i, { image, box }] of pictures.entries()) {
    const { x, y, w, h } = rectOf(view, box);
    target.save();
    clipTo(target, [area]);
    for (const finer of pictures.slice(i + 1)) clipTo(target, [area, rectOf(view, finer.box)]);
    target.drawImage(image, x, y, w, h);
    target.restore();
  }
}

/** Clips to the points inside an odd number of the rectangles: the first rectangle without the second. */
function clipTo(target: Context, rects: readonly PxRect[]): void {
  target.beginPath();
  for (const { x, y, w, h } of rects) target.rect(x, y, w, h);
  target.clip('evenodd');
}

function rectOf(view: PaintView, box: Box): PxRect {
  const scale = viewScale(view);
  const x = Math.round(box.minX * scale) - Math.round(view.camera.x * scale);
  const y = Math.round(box.minY * scale) - Math.round(view.camera.y * scale);
  return { x, y, w: Math.round((box.maxX - box.minX) * scale), h: Math.round((box.maxY - box.minY) * scale) };
}
