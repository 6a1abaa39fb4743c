/**
 * A stroke while it is being drawn: snaps every point to the grid it will be stored on, so the ink under the pen,
 * the wet ink on other screens and the committed stroke are the same points.
 */
import { BoardError } from '../errors.ts';
import { encodeInk, inkExponent, inkLimits, snapCoordinate, snapPressure, type InkPoints } from './ink.ts';

export interface InkRecorder {
  /** Number of points kept so far. */
  length(): number;
  /** Whether the stroke takes no more points: commit it and start the next one with its last points. */
  isFull(): boolean;
  /**
   * Takes one sample: board units, pressure 0..1.
   *
   * @returns Whether a point was added. A sample on the same grid point as the last one only raises that point's
   *   pressure, so a resting pen adds nothing and a dot is as thick as the highest pressure.
   * @throws {BoardError} `BAD_INK` when a number is not finite or out of bounds, `TOO_LARGE` when full; earlier points stay.
   */
  add(x: number, y: number, pressure: number): boolean;
  /** The points so far. Valid until the next `add`; do not modify. */
  points(): InkPoints;
  /** A copy of the points from `index` on, for wet ink. */
  pieceFrom(index: number): Float64Array;
  /** The stroke to commit; decoding it gives exactly `points()`. @throws {BoardError} `BAD_INK` when empty. */
  encode(): Uint8Array;
}

/** @param options.zoom CSS pixels per board unit, > 0; fixed for the whole stroke. */
export function createInkRecorder(options: { zoom: number; hasPressure: boolean }): InkRecorder {
  const { zoom, hasPressure } = options;
  const exponent = inkExponent(zoom);
  let xyp = new Float64Array(256 * 3);
  let length = 0;

  return {
    length: () => length,
    isFull: () => length >= inkLimits.maxPoints,
    add(x, y, pressure) {
      const at = length * 3;
      const snappedX = snapCoordinate(x, exponent);
      const snappedY = snapCoordinate(y, exponent);
      const snappedPressure = hasPressure ? snapPressure(pressure) : 0.5;
      if (length > 0 && xyp[at - 3] === snappedX && xyp[at - 2] === snappedY) {
        xyp[at - 1] = Math.max(xyp[at - 1] as number, snappedPressure);
        return false;
      }
      if (length >= inkLimits.maxPoints) throw new BoardError('TOO_LARGE', `${length} points`);
      if (at === xyp.length) {
        const grown = new Float64Array(xyp.length * 2);
        grown.set(xyp);
        xyp = grown;
      }
      xyp[at] = snappedX;
      xyp[at + 1] = snappedY;
      xyp[at + 2] = snappedPressure;
      length += 1;
      return true;
    },
    points: () => ({ length, xyp: xyp.subarray(0, length * 3), hasPressure }),
    pieceFrom: (index) => xyp.slice(Math.max(0, index) * 3, length * 3),
    encode: () => encodeInk({ xyp: xyp.subarray(0, length * 3), hasPressure }, zoom),
  };
}
