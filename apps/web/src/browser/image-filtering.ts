/**
 * Filters decoded images, in the worker or on the page. The pixels of the bitmaps that were filtered last are kept: while a
 * slider moves, each value then costs only its filter.
 */
import { filterToBitmap, pixelsOf, type FilterOptions } from '@wetink/canvas';

export interface FilterTask extends FilterOptions {
  readonly do: 'filter';
  /** The same number for the same bitmap. */
  readonly source: number;
  /** Null when its pixels should be kept here from before. */
  readonly bitmap: ImageBitmap | null;
}

/** Six bitmaps as large as a screen of two million pixels, and their small copies. */
const KEPT_BYTES = 56 * 1024 * 1024;

const kept = new Map<string, ImageData>();

/**
 * @param turn See `filterToBitmap`.
 * @returns Null when the pixels are not kept any more: ask again with the bitmap.
 */
export async function filterImage(
  { source, bitmap, maxPixels, look, crop }: FilterTask,
  turn?: () => Promise<void>,
): Promise<ImageBitmap | null> {
  const name = `${source} ${maxPixels}`;
  const pixels = kept.get(name) ?? (bitmap === null ? null : pixelsOf(bitmap, maxPixels));
  if (pixels === null) return null;
  keep(name, pixels);
  return filterToBitmap(pixels, { look, crop }, turn);
}

function keep(name: string, pixels: ImageData): void {
  kept.delete(name);
  kept.set(name, pixels);
  let bytes = [...kept.values()].reduce((sum, { data }) => sum + data.length, 0);
  for (const [oldest, { data }] of kept) {
    if (bytes <= KEPT_BYTES || oldest === name) return;
    kept.delete(oldest);
    bytes -= data.length;
  }
}
