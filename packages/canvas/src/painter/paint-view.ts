import type { Camera } from '../camera.ts';

/** The view of a frame: the part of the board, and the size of the canvas it is painted on. */
export interface PaintView {
  readonly camera: Camera;
  /** Size of the target in device pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Device pixels per CSS pixel. */
  readonly pixelRatio: number;
}
