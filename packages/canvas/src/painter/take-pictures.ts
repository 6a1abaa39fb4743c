/** Pictures of the painted board, for the next time it is opened. They are copied from tiles, so nothing is painted again. */
import type { Box } from '../geometry.ts';
import type { Context } from '../draw/paint.ts';
import type { PaintView } from './paint-view.ts';
import type { TakenPicture } from './painter.ts';
import { overviewScale, tilesOfBox, TILE_PX, viewScale } from './tile-grid.ts';
import type { CreateSurface, TileStore } from './tile-store.ts';

/** The whole board, copied from the tiles of its overview, which may lag a little; null while one of them is missing. */
export function takeOverview(store: TileStore, bounds: Box, sidePx: number, createSurface: CreateSurface): TakenPicture | null {
  const scale = overviewScale(bounds, sidePx);
  const { minI, minJ, maxI, maxJ } = tilesOfBox(bounds, scale);
  const left = Math.floor(bounds.minX * scale);
  const top = Math.floor(bounds.minY * scale);
  const widthPx = Math.max(1, Math.ceil(bounds.maxX * scale) - left);
  const heightPx = Math.max(1, Math.ceil(bounds.maxY * scale) - top);
  const { canvas, context } = createSurface(widthPx, heightPx);
  for (let j = minJ; j <= maxJ; j++) {
    for (let i = minI; i <= maxI; i++) {
      const tile = store.get(scale, i, j);
      if (tile === undefined) return null;
      if (tile.surface !== null) context.drawImage(tile.surface.canvas, i * TILE_PX - left, j * TILE_PX - top);
    }
  }
  const box = { minX: left / scale, minY: top / scale, maxX: (left + widthPx) / scale, maxY: (top + heightPx) / scale };
  return { image: canvas, box };
}

/** The view, as `paint` paints it. */
export function takeView(view: PaintView, createSurface: CreateSurface, paint: (target: Context) => void): TakenPicture {
  const { canvas, context } = createSurface(view.widthPx, view.heightPx);
  paint(context);
  const scale = viewScale(view);
  const minX = Math.round(view.camera.x * scale) / scale;
  const minY = Math.round(view.camera.y * scale) / scale;
  return { image: canvas, box: { minX, minY, maxX: minX + view.widthPx / scale, maxY: minY + view.heightPx / scale } };
}
