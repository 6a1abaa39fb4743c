/**
 * Time, frames and canvases as parameters of the stage, so that tests control them.
 */
import type { CreateSurface } from '../painter/tile-store.ts';

export interface StageEnvironment {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Calls back before the next frame is shown; returns its cancellation. */
  readonly requestFrame: (callback: () => void) => () => void;
  /** Runs a task after `delayMs`, outside of frames; returns its cancellation. */
  readonly schedule: (task: () => void, delayMs: number) => () => void;
  /** A canvas that is not on the page. */
  readonly createSurface: CreateSurface;
  /** The person has asked for less motion. */
  readonly isStill: () => boolean;
  /** Bytes of canvas that tiles may take. */
  readonly tileBudgetBytes: number;
  /** Bytes that decoded images may take. */
  readonly imageBudgetBytes: number;
}

const DESKTOP_TILE_BYTES = 256 * 1024 * 1024;
/** Safari on a phone allows all canvases of a page 384 MB together, and the stage has other canvases, too. */
const TOUCH_TILE_BYTES = 96 * 1024 * 1024;

/** A screen of 4K three times over: images are decoded at most twice as large as shown. */
const DESKTOP_IMAGE_BYTES = 128 * 1024 * 1024;
const TOUCH_IMAGE_BYTES = 48 * 1024 * 1024;

export function browserEnvironment(window: Window & typeof globalThis): StageEnvironment {
  const isTouch = window.matchMedia('(pointer: coarse)').matches;
  return {
    now: () => window.performance.now(),
    requestFrame(callback) {
      const handle = window.requestAnimationFrame(callback);
      return () => window.cancelAnimationFrame(handle);
    },
    schedule(task, delayMs) {
      const handle = window.setTimeout(task, delayMs);
      return () => window.clearTimeout(handle);
    },
    createSurface: (widthPx, heightPx) => createBrowserSurface(window.document, widthPx, heightPx),
    isStill: () => window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    tileBudgetBytes: isTouch ? TOUCH_TILE_BYTES : DESKTOP_TILE_BYTES,
    imageBudgetBytes: isTouch ? TOUCH_IMAGE_BYTES : DESKTOP_IMAGE_BYTES,
  };
}

/**
 * An off-screen canvas with its context.
 *
 * @throws {Error} When the browser gives no 2D context: it has run out of canvas memory.
 */
export function createBrowserSurface(document: Document, widthPx: number, heightPx: number): ReturnType<CreateSurface> {
  const canvas = document.createElement('canvas');
  canvas.width = widthPx;
  canvas.height = heightPx;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no 2D canvas context: the browser is out of canvas memory');
  return { canvas, context };
}
