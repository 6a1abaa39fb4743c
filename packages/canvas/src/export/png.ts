/** A drawing as PNG, painted by the same code as the screen. */
import type { BoardElement, Theme } from '@wetink/board';
import { boundsOf } from '../bounds.ts';
import { drawableOf } from '../draw/drawable.ts';
import { paintDrawable } from '../draw/paint.ts';
import type { Context } from '../draw/paint.ts';
import { createMeasureLine, createTextFitter } from '../draw/text-layout.ts';
import { growBox } from '../geometry.ts';
import { DEFAULT_PADDING } from './svg.ts';

export interface PngOptions {
  readonly theme: Theme;
  /** Pixels per board unit, > 0. */
  readonly scale: number;
  /** A CSS colour; without one the paper is transparent. */
  readonly background?: string;
  /** Board units around the drawing, 16 unless told. */
  readonly padding?: number;
}

/** Pixels of a side, and of the whole: every current browser can make such a canvas, Safari on a phone just so. */
export const MAX_PNG_SIDE_PX = 16_384;
export const MAX_PNG_AREA_PX = 67_108_864;

/** The picture would be larger than a browser can make, or the browser could not make it. `message` is for a person. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
  readonly code: 'TOO_LARGE' | 'FAILED';

  constructor(code: ExportError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Size of the picture in pixels. @throws {ExportError} `TOO_LARGE` beyond the limits above. */
export function pngSize(width: number, height: number, scale: number): { widthPx: number; heightPx: number } {
  if (!(scale > 0) || !Number.isFinite(scale)) throw new RangeError(`scale ${scale}`);
  const widthPx = Math.max(1, Math.ceil(width * scale));
  const heightPx = Math.max(1, Math.ceil(height * scale));
  if (widthPx > MAX_PNG_SIDE_PX || heightPx > MAX_PNG_SIDE_PX || widthPx * heightPx > MAX_PNG_AREA_PX) {
    throw new ExportError(
      'TOO_LARGE',
      `This picture would be ${widthPx} by ${heightPx} pixels, more than a browser can make. Save a smaller part, or save as SVG.`,
    );
  }
  return { widthPx, heightPx };
}

/**
 * PNG of the elements, bottom to top. Needs a browser (a page or a worker).
 *
 * @throws {ExportError} `TOO_LARGE`, or `FAILED` when the browser makes no picture.
 */
export async function renderPng(elements: readonly BoardElement[], options: PngOptions): Promise<Blob> {
  const measuring = createCanvas(1, 1).context;
  const shown = elements.map(createTextFitter(createMeasureLine(measuring)));
  const box = growBox(boundsOf(shown) ?? { minX: 0, minY: 0, maxX: 0, maxY: 0 }, options.padding ?? DEFAULT_PADDING);
  const { scale, theme, background } = options;
  const { widthPx, heightPx } = pngSize(box.maxX - box.minX, box.maxY - box.minY, scale);
  const { context, toBlob } = createCanvas(widthPx, heightPx);
  if (background !== undefined) {
    context.fillStyle = background;
    context.fillRect(0, 0, widthPx, heightPx);
  }
  context.setTransform(scale, 0, 0, scale, -box.minX * scale, -box.minY * scale);
  for (const element of shown) paintDrawable(context, drawableOf(element), { theme });
  return toBlob();
}

function createCanvas(widthPx: number, heightPx: number): { context: Context; toBlob: () => Promise<Blob> } {
  if (typeof OffscreenCanvas !== 'undefined') {
    const canvas = new OffscreenCanvas(widthPx, heightPx);
    return { context: needContext(canvas.getContext('2d')), toBlob: () => canvas.convertToBlob({ type: 'image/png' }) };
  }
  const canvas = document.createElement('canvas');
  canvas.width = widthPx;
  canvas.height = heightPx;
  return { context: needContext(canvas.getContext('2d')), toBlob: () => canvasToBlob(canvas) };
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

function failed(): ExportError {
  return new ExportError('FAILED', 'The browser could not make this picture: it is out of memory for drawings. Save as SVG instead.');
}
