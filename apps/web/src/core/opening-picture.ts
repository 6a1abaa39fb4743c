/**
 * How a large board was last seen on this device, to be shown at once while the board itself is read. Pure.
 *
 * Kept beside the copy of the board, for the boards seen last.
 */
import type { BoardId } from './board-id.ts';
import { isBoardId } from './board-id.ts';

/** Board units. */
export interface PictureBox {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export interface OpeningPicture {
  /** The colours it was painted in; on paper of the other theme it would be wrong. */
  readonly theme: 'light' | 'dark';
  /** Around everything that was drawn. */
  readonly drawn: PictureBox;
  /** Coarse before fine: the whole board, and what was in view. Encoded pictures, without paper. */
  readonly parts: readonly { readonly box: PictureBox; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

/** A board with fewer elements is read before a picture of it would be. */
export const PICTURE_MIN_ELEMENTS = 1_500;
/** Of 300 kB each, about. */
export const PICTURES_MAX = 24;
export const PICTURES_KEY = 'wetink.pictures';
const PART_MAX_BYTES = 4 * 1024 * 1024;
const PARTS_MAX = 4;

/** What was stored, or null when it is no picture. Never throws: another version may have written it. */
export function parsePicture(value: unknown): OpeningPicture | null {
  if (typeof value !== 'object' || value === null) return null;
  const { theme, drawn, parts } = value as Partial<Record<keyof OpeningPicture, unknown>>;
  if ((theme !== 'light' && theme !== 'dark') || !isBox(drawn) || !Array.isArray(parts)) return null;
  if (parts.length === 0 || parts.length > PARTS_MAX || !parts.every(isPart)) return null;
  return { theme, drawn, parts };
}

/** The boards that have pictures, newest first, after one was taken of `id`; and those whose picture is to go. */
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
