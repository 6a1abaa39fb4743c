/** The tiles that a view or the overview still needs, in the order in which they are made. */
import type { Box } from '../geometry.ts';
import type { PaintView } from './paint-view.ts';
import { centreFirst, rangeSize, tilesInView, tilesOfBox, TILE_BYTES } from './tile-grid.ts';
import type { TileStore } from './tile-store.ts';

type Cell = [i: number, j: number];

/** @param ring Tiles beyond each edge of the view. There, changed boxes are not repaired within a frame. */
export function missingInView(store: TileStore, view: PaintView, level: number, ring: number): Cell[] {
  return centreFirst(tilesInView(view, level, ring)).filter(([i, j]) => {
    const tile = store.get(level, i, j);
    return tile === undefined || tile.isStale || (ring > 0 && tile.dirty !== null);
  });
}

/** A ring around the view comes last, so that a pan finds its tiles ready; not if it would push out visible tiles. */
export function* missingAround(store: TileStore, view: PaintView, level: number, budgetBytes: number): Generator<Cell> {
  yield* missingInView(store, view, level, 0);
  const hasRoom = budgetBytes > 3 * rangeSize(tilesInView(view, level)) * TILE_BYTES;
  if (hasRoom) yield* missingInView(store, view, level, 1);
}

/** @param level That of the overview. */
export function missingOf(store: TileStore, bounds: Box, level: number): Cell[] {
  return centreFirst(tilesOfBox(bounds, level)).filter(([i, j]) => store.get(level, i, j)?.isStale !== false);
}
