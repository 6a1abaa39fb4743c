/** Moves a stroke without drawing it anew. */
import { decodeInk, encodeInkSteps, inkStep } from './ink.ts';

/**
 * Moves ink by the whole number of its steps that is nearest to (dx, dy), board units: its shape stays the same to the bit.
 *
 * @returns The moved ink, and how far it moved.
 * @throws {BoardError} `BAD_INK` as `decodeInk`, and when it would lie outside the board.
 */
export function shiftInk(bytes: Uint8Array, dx: number, dy: number): { ink: Uint8Array; dx: number; dy: number } {
  const points = decodeInk(bytes);
  const step = inkStep(bytes);
  const by = { dx: Math.round(dx / step) * step, dy: Math.round(dy / step) * step };
  const xyp = points.xyp.map((value, i) => value + (i % 3 === 0 ? by.dx : i % 3 === 1 ? by.dy : 0));
  return { ink: encodeInkSteps({ xyp, hasPressure: points.hasPressure }, step), ...by };
}
