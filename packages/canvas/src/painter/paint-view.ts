import type { Camera } from '../camera.ts';

/** What a frame shows: the part of the board, and the size of the canvas it is painted on. */
export interface PaintView {
  readonly camera: Camera;
  /** Size of the target in device pixels. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Device pixels per CSS pixel. */
  readonly pixelRatio: number;
}
