/**
 * Where tiles lie. A level is one scale (device pixels per board unit); its tile (i, j) covers the device
 * pixels i*512 .. (i+1)*512 of the board painted at that scale, so at the level's own scale tiles are
 * copied 1:1 and stay sharp. Pure arithmetic.
 */
import type { Camera } from '../camera.ts';
import type { Box } from '../geometry.ts';
import type { PaintView } from './paint-view.ts';

/** Device pixels. Large enough that 20 tiles cover a 1080p view, small enough that one rasters in a few milliseconds. */
export const TILE_PX = 512;
export const TILE_BYTES = TILE_PX * TILE_PX * 4;

/** The view, the ring around it, and what was seen just before; a person who goes farther waits some milliseconds. */
const VIEWS_KEPT = 6;
const LEAST_KEPT_BYTES = 48 * 1024 * 1024;

export interface TileRange {
  readonly minI: number;
  readonly minJ: number;
  readonly maxI: number;
  readonly maxJ: number;
}

export interface PxRect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Device pixels per board unit; rounded, so that the same zoom reached in two ways is the same level. */
export function viewScale(view: Pick<PaintView, 'camera' | 'pixelRatio'>): number {
  return Number((view.camera.zoom * view.pixelRatio).toPrecision(9));
}

/** The camera moved by less than a device pixel, so that tiles land on whole pixels. All layers must use it. */
export function snapCamera(camera: Camera, pixelRatio: number): Camera {
  const scale = camera.zoom * pixelRatio;
  return { x: Math.round(camera.x * scale) / scale, y: Math.round(camera.y * scale) / scale, zoom: camera.zoom };
}

/** Memory for tiles: a small window keeps fewer than a large screen. */
export function tileBudget(view: PaintView, mostBytes: number): number {
  const bytes = VIEWS_KEPT * rangeSize(tilesInView(view, viewScale(view))) * TILE_BYTES;
  return Math.min(mostBytes, Math.max(LEAST_KEPT_BYTES, bytes));
}

/** The tiles of the level `scale` that touch the view, grown by `ring` tiles on each side. */
export function tilesInView(view: PaintView, scale: number, ring = 0): TileRange {
  const now = viewScale(view);
  const left = view.camera.x * scale;
  const top = view.camera.y * scale;
  return {
    minI: Math.floor(left / TILE_PX) - ring,
    minJ: Math.floor(top / TILE_PX) - ring,
    maxI: Math.ceil((left + (view.widthPx * scale) / now) / TILE_PX) - 1 + ring,
    maxJ: Math.ceil((top + (view.heightPx * scale) / now) / TILE_PX) - 1 + ring,
  };
}

/** The tiles of the level `scale` that touch the box. */
export function tilesOfBox(box: Box, scale: number): TileRange {
  const index = (v: number): number => Math.floor((v * scale) / TILE_PX);
  return { minI: index(box.minX), minJ: index(box.minY), maxI: index(box.maxX), maxJ: index(box.maxY) };
}

export function tileBox(i: number, j: number, scale: number): Box {
  const side = TILE_PX / scale;
  return { minX: i * side, minY: j * side, maxX: (i + 1) * side, maxY: (j + 1) * side };
}

/** Where the tile lies in the view. Edges are rounded one by one, so neighbours meet without a seam at any zoom. */
export function tileRect(view: PaintView, scale: number, i: number, j: number): PxRect {
  const now = viewScale(view);
  const factor = now / scale;
  const left = Math.round(view.camera.x * now);
  const top = Math.round(view.camera.y * now);
  const x = Math.round(i * TILE_PX * factor) - left;
  const y = Math.round(j * TILE_PX * factor) - top;
  return { x, y, w: Math.round((i + 1) * TILE_PX * factor) - left - x, h: Math.round((j + 1) * TILE_PX * factor) - top - y };
}

/** All (i, j) of a range, row by row. */
export function cellsOf(range: TileRange): [number, number][] {
  const cells: [number, number][] = [];
  for (let j = range.minJ; j <= range.maxJ; j++) for (let i = range.minI; i <= range.maxI; i++) cells.push([i, j]);
  return cells;
}

/** All (i, j) of a range, nearest its centre first, since people look there. */
export function centreFirst(range: TileRange): [number, number][] {
  const cells = cellsOf(range);
  const ci = (range.minI + range.maxI) / 2;
  const cj = (range.minJ + range.maxJ) / 2;
  return cells.sort((a, b) => Math.hypot(a[0] - ci, a[1] - cj) - Math.hypot(b[0] - ci, b[1] - cj));
}

export function rangeSize(range: TileRange): number {
  return Math.max(0, range.maxI - range.minI + 1) * Math.max(0, range.maxJ - range.minJ + 1);
}

/** The level of the overview: a power of two at which the whole board takes about `sidePx` device pixels. */
export function overviewScale(bounds: Box, sidePx: number): number {
  const side = Math.max(bounds.maxX - bounds.minX, bounds.maxY - bounds.minY, 1);
  return 2 ** Math.floor(Math.log2(sidePx / side));
}
