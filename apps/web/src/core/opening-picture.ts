/**
 * A picture of a large board's last view on this device, shown at once while the board itself is read. Pure.
 *
 * Kept beside the copy of the board, for the last boards opened.
 */
import { type BoardId, isBoardId } from './board-id.ts';

/** Board units. */
export interface PictureBox {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export interface OpeningPicture {
  /** The theme it was painted for: its colours are wrong on the paper of the other. */
  readonly theme: 'light' | 'dark';
  /** Bounds of the whole drawing. */
  readonly drawn: PictureBox;
  /** Coarse before fine: the whole board, and what was in view. Encoded pictures, without paper. */
  readonly parts: readonly { readonly box: PictureBox; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

/** A board with fewer elements is read sooner than its picture would be. */
export const PICTURE_MIN_ELEMENTS = 1_500;
/** Each is about 300 kB. */
export const PICTURES_MAX = 24;
export const PICTURES_KEY = 'wetink.pictures';
const PART_MAX_BYTES = 4 * 1024 * 1024;
const PARTS_MAX = 4;

/** The stored picture, or null when it is none. Never throws: another version may have written it. */
export function parsePicture(value: unknown): OpeningPicture | null {
  if (typeof value !== 'object' || value === null) return null;
  const { theme, drawn, parts } = value as Partial<Record<keyof OpeningPicture, unknown>>;
  if ((theme !== 'light' && theme !== 'dark') || !isBox(drawn) || !Array.isArray(parts)) return null;
  if (parts.length === 0 || parts.length > PARTS_MAX || !parts.every(isPart)) return null;
  return { theme, drawn, parts };
}

/** Boards with pictures, newest first, after one was taken of `id`; and boards whose picture is dropped. */
export function withPicture(stored: unknown, id: BoardId): { kept: BoardId[]; gone: BoardId[] } {
  const all = [id, ...withoutPicture(stored, id)];
  return { kept: all.slice(0, PICTURES_MAX), gone: all.slice(PICTURES_MAX) };
}

export function withoutPicture(stored: unknown, id: BoardId): BoardId[] {
  const ids = Array.isArray(stored) ? stored.filter((item): item is BoardId => typeof item === 'string' && isBoardId(item)) : [];
  return ids.filter((other) => other !== id);
}

function isPart(value: unknown): value is OpeningPicture['parts'][number] {
  if (typeof value !== 'object' || value === null) return false;
  const { box, bytes } = value as { box?: unknown; bytes?: unknown };
  return isBox(box) && bytes instanceof Uint8Array && bytes.length > 0 && bytes.length <= PART_MAX_BYTES;
}

function isBox(value: unknown): value is PictureBox {
  if (typeof value !== 'object' || value === null) return false;
  const { minX, minY, maxX, maxY } = value as Partial<Record<keyof PictureBox, unknown>>;
  const isNumber = (side: unknown): side is number => typeof side === 'number' && Number.isFinite(side);
  return isNumber(minX) && isNumber(minY) && isNumber(maxX) && isNumber(maxY) && minX < maxX && minY < maxY;
}
