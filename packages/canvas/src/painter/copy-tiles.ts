/** Copies painted tiles into a frame, also to a place whose own tile is missing. */
import type { Context } from '../draw/paint.ts';
import type { PaintView } from './paint-view.ts';
import { cellsOf, rangeSize, tileBox, tileRect, tilesOfBox, TILE_PX, type PxRect } from './tile-grid.ts';
import type { Tile, TileStore } from './tile-store.ts';

/** A much finer level has hundreds of tiles for one place: those that were shown last are copied. */
const MAX_COPIES = 64;

export interface Frame {
  readonly target: Context;
  readonly view: PaintView;
  /** Frames since the start. */
  readonly number: number;
}

export function copyTile({ target, view, number }: Frame, tile: Tile): void {
  tile.shownAt = number;
  if (tile.surface === null) return;
  const { x, y, w, h } = tileRect(view, tile.scale, tile.i, tile.j);
  if (w === TILE_PX && h === TILE_PX) target.drawImage(tile.surface.canvas, x, y);
  else target.drawImage(tile.surface.canvas, x, y, w, h);
}

/** @param rect Nothing is painted outside it. Device pixels of the view. */
export function copyTilesInto(frame: Frame, rect: PxRect, tiles: readonly Tile[]): void {
  const { target } = frame;
  target.save();
  target.beginPath();
  target.rect(rect.x, rect.y, rect.w, rect.h);
  target.clip();
  for (const tile of tiles) copyTile(frame, tile);
  target.restore();
}

/**
 * Tiles to show in place of the missing tile (i, j) of a level.
 *
 * @returns Those of the level nearest in scale that covers the place, or else covers most of it; none when nothing is there.
 */
export function tilesInPlaceOf(store: TileStore, level: number, i: number, j: number): readonly Tile[] {
  const area = tileBox(i, j, level);
  let best: { tiles: Tile[]; share: number; distance: number } | null = null;
  for (const scale of store.scales()) {
    if (scale === level) continue;
    const range = tilesOfBox(area, scale);
    const isFew = rangeSize(range) <= MAX_COPIES;
    const tiles = isFew ? cellsOf(range).flatMap(([a, b]) => store.get(scale, a, b) ?? []) : store.shownLast(scale, range, MAX_COPIES);
    const share = tiles.length / rangeSize(range);
    const distance = Math.abs(Math.log(scale / level));
    if (share > 0 && (best === null || share > best.share || (share === best.share && distance < best.distance)))
      best = { tiles, share, distance };
  }
  return best?.tiles ?? [];
}
