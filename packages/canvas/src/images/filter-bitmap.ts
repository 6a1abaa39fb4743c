/** Filters bitmaps by way of a canvas, in a worker or on a page. */
import type { FilterOptions } from './filtered-images.ts';
import { filterSteps, type Pixels } from './filter-pixels.ts';

/**
 * The pixels of a bitmap, smaller if it has more than `maxPixels`.
 *
 * @throws {Error} When the browser has no memory for the canvas, or the bitmap is closed.
 */
export function pixelsOf(bitmap: ImageBitmap, maxPixels: number): ImageData {
  const scale = Math.min(1, Math.sqrt(maxPixels / (bitmap.width * bitmap.height)));
  const [width, height] = [Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale))];
  // Reading pixels back from a graphics card takes longer than filtering them.
  const context = createContext(width, height);
  context.imageSmoothingQuality = 'medium';
  context.drawImage(bitmap, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/**
 * A filtered copy of pixels that stay as they are.
 *
 * @param turn Called about every millisecond of work; a page waits in it for its next turn.
 */
export async function filterToBitmap(
  pixels: ImageData,
  options: Pick<FilterOptions, 'look' | 'crop'>,
  turn?: () => Promise<void>,
): Promise<ImageBitmap> {
  const copy = new ImageData(new Uint8ClampedArray(pixels.data), pixels.width, pixels.height);
  for (const steps = filterSteps(copy satisfies Pixels, options); steps.next().done !== true;) if (turn !== undefined) await turn();
  return createImageBitmap(copy);
}

/** Filters a bitmap on this thread, in one go. */
export async function filterHere(bitmap: ImageBitmap, { maxPixels, ...filter }: FilterOptions): Promise<ImageBitmap> {
  return filterToBitmap(pixelsOf(bitmap, maxPixels), filter);
}

function createContext(width: number, height: number): OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D {
  const canvas =
    typeof OffscreenCanvas === 'undefined'
      ? Object.assign(document.createElement('canvas'), { width, height })
      : new OffscreenCanvas(width, height);
  const context = (canvas as HTMLCanvasElement).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no memory for a canvas');
  return context;
}
