/** Surfaces that are read, and the clock and the letters, for painting small pictures of a board. */
import { createMeasureLine, type CreateSurface, type MeasureLine } from '@wetink/canvas';

/** In the page's own memory: it is read, and small, and the painting is done when it is asked for. */
export const createReadSurface: CreateSurface = (widthPx, heightPx) => {
  const canvas = document.createElement('canvas');
  canvas.width = widthPx;
  canvas.height = heightPx;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no 2D canvas context: the browser is out of canvas memory');
  return { canvas, context };
};

export function thumbnailEnvironment(): { now: () => number; createSurface: CreateSurface; measure: MeasureLine } {
  return {
    now: () => performance.now(),
    createSurface: createReadSurface,
    measure: createMeasureLine(createReadSurface(1, 1).context),
  };
}
