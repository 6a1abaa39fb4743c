/** A drawing as PNG, painted by the same code as the screen. */
import type { BoardElement, ImageContent, PaperPattern, Theme } from '@wetink/board';
import { clipOf, framesAmong, startClip } from '../draw/clip.ts';
import { drawableOf } from '../draw/drawable.ts';
import { TITLE_PX, titleInPicture } from '../draw/frame-look.ts';
import { paintDrawable, type Context } from '../draw/paint.ts';
import { createMeasureLine, createTextFitter, setFont, type MeasureLine } from '../draw/text-layout.ts';
import type { Box } from '../geometry.ts';
import { filterHere } from '../images/filter-bitmap.ts';
import { filterOf } from '../images/pixel-filter.ts';
import type { ImageSource } from '../images/image-cache.ts';
import { decodedSize } from '../images/image-levels.ts';
import type { ShownImage } from '../images/shown-images.ts';
import { paintPicturePattern } from '../painter/paper.ts';
import type { Surface } from '../painter/tile-store.ts';
import { loadFonts } from './fonts.ts';
import { pictureBox } from './svg.ts';

export interface PngOptions {
  readonly theme: Theme;
  /** Pixels per board unit, > 0. Reduced if the picture would be larger than browsers can make. */
  readonly scale: number;
  /** A CSS colour; without one the paper is transparent. */
  readonly background?: string;
  /** Default: plain. */
  readonly pattern?: PaperPattern;
  /** Board units around the drawing. Default: 16. */
  readonly padding?: number;
  /** Board units: the picture shows this part alone. Default: everything that is shown, with the padding around it. */
  readonly box?: Box;
  /**
   * Decodes an image for the picture, of which it takes at most this many pixels; the bitmap is closed after use. Null paints
   * a placeholder, as for all images without this option.
   */
  readonly decode?: (image: ImageContent, size: { width: number; height: number }) => Promise<ImageBitmap | null>;
  /** Pixels of the whole picture, at most `MAX_PNG_AREA_PX`, which is the default. A larger one is made smaller. */
  readonly maxAreaPx?: number;
  /**
   * Asked before each element whether it is time to let the page do something else; the picture goes on when what it returns
   * resolves. Default: never.
   */
  readonly rest?: () => Promise<void> | null;
  /** Filters an image, see `ImageSource.filter`. Default: on this thread. Where it rejects, the image is painted as it is. */
  readonly filter?: NonNullable<ImageSource['filter']>;
}

export interface Png {
  readonly blob: Blob;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Fraction of the requested scale: below 1 the picture had to be made smaller. */
  readonly share: number;
}

export interface PngSize {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Pixels per board unit. */
  readonly scale: number;
}

/** Largest side and area in pixels: every current browser can make such a canvas, Safari on a phone only just. */
export const MAX_PNG_SIDE_PX = 16_384;
export const MAX_PNG_AREA_PX = 67_108_864;
/** Times the scale is halved when the browser lacks the memory for a picture. */
const SMALLER_TRIES = 2;

/** The browser could not make the picture. `message` is for a person. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

/**
 * Pixel size of a picture, at the requested scale or the largest smaller scale within the limits.
 *
 * @param width Board units of the whole picture including padding, since the limits are those of the picture.
 */
export function pngSize(width: number, height: number, wanted: number, maxAreaPx = MAX_PNG_AREA_PX): PngSize {
  if (!(wanted > 0) || !Number.isFinite(wanted)) throw new RangeError(`scale ${wanted}`);
  const sizeAt = (scale: number): PngSize => ({ widthPx: pixels(width, scale), heightPx: pixels(height, scale), scale });
  const isWithin = ({ widthPx, heightPx }: PngSize): boolean =>
    widthPx <= MAX_PNG_SIDE_PX && heightPx <= MAX_PNG_SIDE_PX && widthPx * heightPx <= maxAreaPx;
  const asked = sizeAt(wanted);
  if (isWithin(asked)) return asked;
  let scale = Math.min(wanted, MAX_PNG_SIDE_PX / width, MAX_PNG_SIDE_PX / height, Math.sqrt(maxAreaPx / (width * height)));
  // Rounding up to whole pixels may exceed the limit by one row or column.
  while (!isWithin(sizeAt(scale))) scale *= 1 - 1e-4;
  return sizeAt(scale);
}

function pixels(length: number, scale: number): number {
  return Math.max(1, Math.ceil(length * scale));
}

/**
 * PNG of the elements, bottom to top. Needs a browser (a page or a worker).
 *
 * @throws {ExportError} When the browser makes no picture, not even a smaller one.
 */
export async function renderPng(elements: readonly BoardElement[], options: PngOptions): Promise<Png> {
  const {
    scale: wanted,
    theme,
    background,
    pattern,
    decode = () => Promise.resolve(null),
    filter = filterHere,
    rest = () => null,
  } = options;
  await loadFonts(elements);
  const measuring = createCanvas(1, 1).context;
  const measure = createMeasureLine(measuring);
  const shown = elements.map(createTextFitter(measure));
  const box = pictureBox(shown, options, measure);
  const frameOf = framesAmong(shown);

  const paint = async ({ widthPx, heightPx, scale }: PngSize): Promise<Png> => {
    const { context, toBlob } = createCanvas(widthPx, heightPx);
    if (background !== undefined) {
      context.fillStyle = background;
      context.fillRect(0, 0, widthPx, heightPx);
    }
    if (pattern !== undefined) {
      const place = { left: box.minX, top: box.minY, scale, width: widthPx, height: heightPx };
      paintPicturePattern(context, place, { pattern, theme }, createCanvas);
    }
    context.setTransform(scale, 0, 0, scale, -box.minX * scale, -box.minY * scale);
    for (const element of shown) {
      const pause = rest();
      if (pause !== null) {
        // A canvas defers painting until it is read: reading here makes this turn pay for its own painting.
        context.getImageData(0, 0, 1, 1);
        await pause;
      }
      const clip = frameOf === undefined ? null : clipOf(element, frameOf);
      if (clip !== null) startClip(context, clip);
      await paintElement(context, element, { scale, theme, decode, filter });
      if (clip !== null) context.restore();
    }
    for (const frame of shown) if (frame.kind === 'frame') paintTitle(context, frame, theme, measure);
    return { blob: await toBlob(), widthPx, heightPx, share: scale / wanted };
  };
  const paintSmaller = async (scale: number, triesLeft: number): Promise<Png> => {
    const size = pngSize(box.maxX - box.minX, box.maxY - box.minY, scale, options.maxAreaPx);
    try {
      return await paint(size);
    } catch (error) {
      // The limits assume a browser with free memory; this one may have less.
      if (triesLeft > 0 && error instanceof ExportError) return paintSmaller(size.scale / 2, triesLeft - 1);
      throw error;
    }
  };
  return paintSmaller(wanted, SMALLER_TRIES);
}

function paintTitle(context: Context, frame: BoardElement, theme: Theme, measure: MeasureLine): void {
  const title = titleInPicture(frame, theme, measure);
  if (title === null) return;
  setFont(context, 'sans', TITLE_PX);
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.direction = title.isRtl ? 'rtl' : 'ltr';
  context.fillStyle = title.color;
  context.fillText(title.text, title.x, title.y);
}

/** One image at a time is decoded, however many there are. */
async function paintElement(
  context: Context,
  element: BoardElement,
  { scale, theme, decode, filter }: { scale: number; theme: Theme } & Required<Pick<PngOptions, 'decode' | 'filter'>>,
): Promise<void> {
  const { image, look, crop } = element;
  if (image === null) return paintDrawable(context, drawableOf(element), { theme, hairline: 1 / scale });
  const decoded = await decode(image, decodedSize(image, element, scale));
  const pixelFilter = filterOf(look, crop);
  const options = pixelFilter === null ? null : { ...pixelFilter, maxPixels: Infinity };
  // Without memory for the filter, the image is painted as it is.
  const bitmap = decoded === null || options === null ? decoded : await filter(decoded, options).catch(() => decoded);
  if (bitmap !== decoded) decoded?.close();
  const find = (): ShownImage => (bitmap === null ? { kind: 'loading', progress: null } : { kind: 'there', bitmap });
  try {
    paintDrawable(context, drawableOf(element), { theme, images: { find } });
  } finally {
    bitmap?.close();
  }
}

function createCanvas(widthPx: number, heightPx: number): Surface & { toBlob: () => Promise<Blob> } {
  if (typeof OffscreenCanvas !== 'undefined') {
    const canvas = new OffscreenCanvas(widthPx, heightPx);
    return { canvas, context: needContext(canvas.getContext('2d')), toBlob: () => offscreenToBlob(canvas) };
  }
  const canvas = document.createElement('canvas');
  canvas.width = widthPx;
  canvas.height = heightPx;
  return { canvas, context: needContext(canvas.getContext('2d')), toBlob: () => canvasToBlob(canvas) };
}

async function offscreenToBlob(canvas: OffscreenCanvas): Promise<Blob> {
  try {
    return await canvas.convertToBlob({ type: 'image/png' });
  } catch (error) {
    throw failed(error);
  }
}

function canvasToBlob(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(failed()) : resolve(blob)), 'image/png');
  });
}

function needContext<Made extends Context>(context: Made | null): Made {
  if (context === null) throw failed();
  return context;
}

function failed(cause?: unknown): ExportError {
  return new ExportError('The browser could not make this picture: it is out of memory for drawings. Save as SVG instead.', { cause });
}
