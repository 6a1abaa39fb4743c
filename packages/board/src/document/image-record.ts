/**
 * The part of an image's record that names its bytes. The bytes lie outside the document, under their hash: a reader
 * finds them on its device or asks the relay for them.
 *
 *     m   { sha: 32 bytes, type: 'image/png' | …, w: px, h: px, size: bytes, name?: text }
 *
 * A record that does not have this shape is of a newer version (another type of image, say) and reads as `unknown`.
 */
import { MAX_IMAGE_BYTES, MAX_IMAGE_SIDE } from '../limits.ts';
import { cleanFileName } from '../text/file-name.ts';
import { wellFormed } from '../text/surrogates.ts';
import type { ImageContent, ImageType } from '../types.ts';
import { isHash, readHash, writeHash } from './content-hash.ts';

export const imageTypes = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'] as const satisfies readonly ImageType[];

/** @returns Null for a value that is no image of this version. */
export function readImage(stored: unknown): ImageContent | null {
  if (typeof stored !== 'object' || stored === null) return null;
  const { sha, type, w, h, size, name = '' } = stored as Partial<Record<string, unknown>>;
  const hash = readHash(sha);
  if (hash === null || typeof name !== 'string') return null;
  const image = { hash, type, width: w, height: h, bytes: size, name: cleanFileName(name) };
  return isImage(image) ? image : null;
}

/** @param image Must satisfy `isImage`. */
export function writeImage({ hash, type, width, height, bytes, name }: ImageContent): Record<string, unknown> {
  const line = cleanFileName(wellFormed(name));
  return { sha: writeHash(hash), type, w: width, h: height, size: bytes, ...(line !== '' && { name: line }) };
}

/** Checks an argument, or a stored value with its keys renamed. */
export function isImage(value: { readonly [Key in keyof ImageContent]: unknown }): value is ImageContent {
  const { hash, type, width, height, bytes, name } = value;
  if (!isHash(hash) || typeof name !== 'string') return false;
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
