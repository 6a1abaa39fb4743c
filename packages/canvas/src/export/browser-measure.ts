/** Measures text outside a stage, with its own canvas, in a page or a worker. */
import { createMeasureLine, estimateLine, type MeasureLine } from '../draw/text-layout.ts';

/** The measure that the screen uses, or null without a canvas (Node). */
export function browserMeasure(): MeasureLine | null {
  const canvas =
    typeof OffscreenCanvas !== 'undefined'
      ? new OffscreenCanvas(1, 1)
      : typeof document !== 'undefined'
        ? document.createElement('canvas')
        : null;
  const context = canvas?.getContext('2d') as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null | undefined;
  return context ? createMeasureLine(context) : null;
}

/** The measure that the screen uses; an estimate without a canvas. */
export function measureAnywhere(): MeasureLine {
  return browserMeasure() ?? estimateLine;
}
