/**
 * The frame of a crop while it is being set: which edges a drag or a key moves, in fractions of the picture.
 *
 * Pure: the component turns pointers and keys into steps across the picture, already turned and mirrored like it.
 */
import type { Crop } from '@wetink/board';

/** The edges that a handle moves: -1 left or top, 1 right or bottom, 0 neither. (0, 0) moves the frame as a whole. */
export interface CropHandle {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

export const cropHandles: readonly CropHandle[] = [
  { x: -1, y: -1 },
  { x: 0, y: -1 },
  { x: 1, y: -1 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
  { x: -1, y: 1 },
  { x: -1, y: 0 },
];

/** Share of a side that stays at least: a smaller frame could not be taken hold of any more. */
const LEAST = 0.05;

/** @param dx Fractions of the picture's width, as is `dy` of its height. */
export function moveCrop(from: Crop, { x, y }: CropHandle, dx: number, dy: number): Crop {
  if (x === 0 && y === 0) {
    const right = clamp(dx, -from.left, 1 - from.right);
    const down = clamp(dy, -from.top, 1 - from.bottom);
    return rounded({ left: from.left + right, top: from.top + down, right: from.right + right, bottom: from.bottom + down });
  }
  return rounded({
    left: x === -1 ? clamp(from.left + dx, 0, from.right - LEAST) : from.left,
    top: y === -1 ? clamp(from.top + dy, 0, from.bottom - LEAST) : from.top,
    right: x === 1 ? clamp(from.right + dx, from.left + LEAST, 1) : from.right,
    bottom: y === 1 ? clamp(from.bottom + dy, from.top + LEAST, 1) : from.bottom,
  });
}

/** A ten-thousandth of a side is less than a pixel; sums of fractions would end beside the edge. */
function rounded({ left, top, right, bottom }: Crop): Crop {
  const at = (edge: number): number => Math.round(edge * 10_000) / 10_000;
  return { left: at(left), top: at(top), right: at(right), bottom: at(bottom) };
}

/** A step on the screen as fractions of a picture of `w` by `h` CSS pixels (negative when mirrored), turned by `rotation`. */
export function stepAcross(
  dx: number,
  dy: number,
  { w, h, rotation }: { w: number; h: number; rotation: number },
): { dx: number; dy: number } {
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  return { dx: (dx * cos + dy * sin) / w, dy: (dy * cos - dx * sin) / h };
}

/**
 * A key while a crop is being set. `set` and `give-up` end it; `keep` is left to the focused button or the browser but not to the
 * board, whose shortcuts would change the picture being cropped; `block` is for nobody; `pass` moves the focus.
 */
export type CropKey = 'set' | 'give-up' | 'keep' | 'block' | 'pass';

/** @param isOnButton The focus is on a button beside the frame, which Enter presses. */
export function cropKeyOf(
  { key, ctrlKey, metaKey }: { key: string; ctrlKey: boolean; metaKey: boolean },
  { isOnButton }: { isOnButton: boolean },
): CropKey {
  if (key === 'Tab') return 'pass';
  if (key === 'Escape') return 'give-up';
  if (key === 'Enter') return isOnButton ? 'keep' : 'set';
  return (ctrlKey || metaKey) && key.toLowerCase() === 'z' ? 'block' : 'keep';
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(high, low), Math.max(low, value));
}
