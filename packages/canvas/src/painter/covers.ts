/** Shows covers over tiles that wait to be painted, so that thousands of elements that were dropped do not vanish meanwhile. */
import type { Context } from '../draw/paint.ts';
import type { PaintView } from './paint-view.ts';
import type { Cover } from './painter.ts';
import { viewScale, type PxRect } from './tile-grid.ts';

/**
 * @param waiting Places of the tiles, device pixels of the view.
 * @returns The covers that are still needed; the others are closed.
 */
export function paintCovers(target: Context, view: PaintView, waiting: readonly PxRect[], covers: readonly Cover[]): readonly Cover[] {
  const { camera, widthPx, heightPx } = view;
  const scale = viewScale(view);
  const [minX, minY] = [camera.x, camera.y];
  const shown = { minX, minY, maxX: minX + widthPx / scale, maxY: minY + heightPx / scale };
  target.save();
  target.beginPath();
  for (const { x, y, w, h } of waiting) target.rect(x, y, w, h);
  target.clip();
  target.setTransform(scale, 0, 0, scale, -Math.round(minX * scale), -Math.round(minY * scale));
  const kept = covers.filter((cover) => {
    if (waiting.length > 0 && cover.paint(target, { scale, view: shown })) return true;
    cover.close();
    return false;
  });
  target.restore();
  return kept;
}
