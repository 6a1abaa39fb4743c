/** The part of a tile to repaint after a small change. */
import type { Box } from '../geometry.ts';
import { TILE_PX } from './tile-grid.ts';
import type { Tile } from './tile-store.ts';

export interface PixelRegion {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** The same in board units. */
  readonly box: Box;
}

/** The part of a tile that a box covers, on whole pixels with one to spare for antialiasing. */
export function pixelRegion(tile: Tile, box: Box): PixelRegion {
  const clamp = (v: number): number => Math.max(0, Math.min(TILE_PX, v));
  const x = clamp(Math.floor(box.minX * tile.scale - tile.i * TILE_PX) - 1);
  const y = clamp(Math.floor(box.minY * tile.scale - tile.j * TILE_PX) - 1);
  const right = clamp(Math.ceil(box.maxX * tile.scale - tile.i * TILE_PX) + 1);
  const bottom = clamp(Math.ceil(box.maxY * tile.scale - tile.j * TILE_PX) + 1);
  const toBoard = (px: number, index: number): number => (px + index * TILE_PX) / tile.scale;
  return {
    x,
    y,
    w: right - x,
    h: bottom - y,
    box: { minX: toBoard(x, tile.i), minY: toBoard(y, tile.j), maxX: toBoard(right, tile.i), maxY: toBoard(bottom, tile.j) },
  };
}
