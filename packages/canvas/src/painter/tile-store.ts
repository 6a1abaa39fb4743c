/**
 * Painted tiles by level and place, within a byte budget: the tile not shown for longest is dropped first.
 */
import { TILE_BYTES, type TileRange } from './tile-grid.ts';
import type { BoardElement } from '@wetink/board';
import type { Context } from '../draw/paint.ts';
import type { Box } from '../geometry.ts';

/** A canvas to paint on and to copy from. Setting its size to 0 frees its memory at once. */
export interface Surface {
  readonly canvas: CanvasImageSource & { width: number; height: number };
  readonly context: Context;
}
export type CreateSurface = (widthPx: number, heightPx: number) => Surface;

export interface Tile {
  readonly scale: number;
  readonly i: number;
  readonly j: number;
  /** Null when the tile is empty. */
  surface: Surface | null;
  /** Elements on top that are not painted yet; nothing else in the tile has changed. */
  above: BoardElement[];
  /** Boxes, in board units, that have changed since it was painted; only on the level in use. */
  dirty: Box | null;
  /** The whole tile has to be painted again; until then it is shown as it is. */
  isStale: boolean;
  /** Number of the frame that last showed it. */
  shownAt: number;
}

export class TileStore {
  readonly #levels = new Map<number, Map<string, Tile>>();
  readonly #free: Surface[] = [];
  readonly #createSurface: CreateSurface;
  #surfaceCount = 0;

  constructor(createSurface: CreateSurface) {
    this.#createSurface = createSurface;
  }

  get bytes(): number {
    return this.#surfaceCount * TILE_BYTES;
  }

  get count(): number {
    let count = 0;
    for (const level of this.#levels.values()) count += level.size;
    return count;
  }

  scales(): number[] {
    return [...this.#levels.keys()];
  }

  get(scale: number, i: number, j: number): Tile | undefined {
    return this.#levels.get(scale)?.get(`${i},${j}`);
  }

  *all(): Generator<Tile> {
    for (const level of this.#levels.values()) yield* level.values();
  }

  /** At most `most` painted tiles of a level that lie in the range, those that were shown last. */
  shownLast(scale: number, { minI, minJ, maxI, maxJ }: TileRange, most: number): Tile[] {
    const isIn = ({ surface, i, j }: Tile): boolean => surface !== null && i >= minI && i <= maxI && j >= minJ && j <= maxJ;
    const tiles = [...(this.#levels.get(scale)?.values() ?? [])].filter(isIn);
    return tiles.sort((a, b) => b.shownAt - a.shownAt).slice(0, most);
  }

  /** Tiles with elements on top that are not painted yet, those of this level first. */
  withAbove(level: number): Tile[] {
    const tiles = [...this.all()].filter((tile) => tile.above.length > 0);
    return tiles.sort((a, b) => Number(b.scale === level) - Number(a.scale === level));
  }

  /** Puts a painted tile in its place; a tile that was there returns its surface. */
  put(tile: Tile): void {
    let level = this.#levels.get(tile.scale);
    if (level === undefined) this.#levels.set(tile.scale, (level = new Map()));
    const key = `${tile.i},${tile.j}`;
    const old = level.get(key);
    if (old !== undefined && old !== tile) this.release(old.surface);
    level.set(key, tile);
  }

  remove(tile: Tile): void {
    const level = this.#levels.get(tile.scale);
    level?.delete(`${tile.i},${tile.j}`);
    if (level?.size === 0) this.#levels.delete(tile.scale);
    this.release(tile.surface);
    tile.surface = null;
  }

  /** A cleared surface of one tile. */
  take(sizePx: number): Surface {
    const used = this.#free.pop();
    this.#surfaceCount++;
    if (used === undefined) return this.#createSurface(sizePx, sizePx);
    used.context.setTransform(1, 0, 0, 1, 0, 0);
    used.context.clearRect(0, 0, sizePx, sizePx);
    return used;
  }

  release(surface: Surface | null): void {
    if (surface === null) return;
    this.#surfaceCount--;
    // Keeps a few for the next tiles. The others free their memory now and not at the next garbage collection.
    if (this.#free.length < 8) this.#free.push(surface);
    else shrink(surface);
  }

  /** Drops tiles not shown in `frame`, the least recently shown first, until the budget holds. */
  trim(budgetBytes: number, frame: number): void {
    if (this.bytes <= budgetBytes) return;
    const old = [...this.all()].filter((tile) => tile.surface !== null && tile.shownAt < frame).sort((a, b) => a.shownAt - b.shownAt);
    for (const tile of old) {
      if (this.bytes <= budgetBytes) return;
      this.remove(tile);
    }
  }

  clear(): void {
    for (const tile of [...this.all()]) this.remove(tile);
    for (const surface of this.#free.splice(0)) shrink(surface);
  }
}

function shrink(surface: Surface): void {
  surface.canvas.width = 0;
  surface.canvas.height = 0;
}
