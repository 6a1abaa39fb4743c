/**
 * The part of an image's record that names its bytes. The bytes lie outside the document, under their hash: a reader
 * finds them on its device or asks the relay for them.
 *
 *     m   { sha: 32 bytes, type: 'image/png' | …, w: px, h: px, size: bytes, name?: text }
 *
 * A record that does not have this shape is of a newer version (another type of image, say) and reads as `unknown`.
 */
import { MAX_IMAGE_BYTES, MAX_IMAGE_NAME_LENGTH, MAX_IMAGE_SIDE } from '../limits.ts';
import { clipText, wellFormed } from '../text/surrogates.ts';
import { shownLine } from '../text/shown-line.ts';
import type { ImageContent, ImageType } from '../types.ts';

export const imageTypes = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'] as const satisfies readonly ImageType[];

const HASH_BYTES = 32;
const hashShape = /^[0-9a-f]{64}$/;

/** @returns Null for a value that is no image of this version. */
export function readImage(stored: unknown): ImageContent | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { sha, type, w, h, size, name = '' } = stored as Partial<Record<string, unknown>>;
  if (!(sha instanceof Uint8Array) || sha.length !== HASH_BYTES || typeof name !== 'string') return null;
  const image = { hash: toHex(sha), type, width: w, height: h, bytes: size, name: cleanName(name) };
  return isImage(image) ? image : null;
}

/** @param image Must satisfy `isImage`. */
export function writeImage({ hash, type, width, height, bytes, name }: ImageContent): Record<string, unknown> {
  const line = cleanName(wellFormed(name));
  return { sha: fromHex(hash), type, w: width, h: height, size: bytes, ...(line !== '' && { name: line }) };
}

/** Checks an argument, or a stored value with its keys renamed. */
export function isImage(value: { readonly [Key in keyof ImageContent]: unknown }): value is ImageContent {
  const { hash, type, width, height, bytes, name } = value;
  if (typeof hash !== 'string' || !hashShape.test(hash) || typeof name !== 'string') return false;
  if (!(imageTypes as readonly unknown[]).includes(type)) return false;
  return isCountIn(width, MAX_IMAGE_SIDE) && isCountIn(height, MAX_IMAGE_SIDE) && isCountIn(bytes, MAX_IMAGE_BYTES);
}

export function isSameImage(a: ImageContent | null, b: ImageContent | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return (Object.keys(a) as (keyof ImageContent)[]).every((key) => a[key] === b[key]);
}

function isCountIn(value: unknown, max: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= max;
}

/** File names come from other people's devices: one visible line that cannot turn the text around it. */
function cleanName(name: string): string {
  return clipText(shownLine(clipText(name, 4 * MAX_IMAGE_NAME_LENGTH)).trim(), MAX_IMAGE_NAME_LENGTH);
}

function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: HASH_BYTES }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
