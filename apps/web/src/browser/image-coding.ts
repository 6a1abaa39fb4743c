/**
 * Prepares an image for a board and decodes it for the screen. Runs in a worker: a photograph takes hundreds of
 * milliseconds, and the page must not stand still for that.
 *
 *     file ── head and end checked ──> decoded, upright ──> encoded anew ──too many bytes──> other format, then smaller
 *
 * Encoding anew leaves out all metadata: place, time, camera, and anything hidden behind the end of the file.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { FACE_MAX_BYTES, FACE_PX } from '../core/face.ts';
import { readImageHead, type ImageFormat, type ImageHead } from '../core/image-head.ts';
import { MAX_FILE_BYTES, MAX_PIXELS, type ImageProblem } from '../core/image-limits.ts';
import type { ImageType } from '@wetink/board';

export interface PreparedImage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: ImageType;
  readonly width: number;
  readonly height: number;
  readonly hash: string;
  /** It has fewer pixels than the file. */
  readonly isScaled: boolean;
}

export type Prepared = { readonly ok: true; readonly image: PreparedImage } | { readonly ok: false; readonly problem: ImageProblem };

/** Photographs stay photographs; drawings and screenshots stay exact while they fit. */
const encodings: Readonly<Record<ImageFormat, readonly Encoding[]>> = {
  jpeg: [{ type: 'image/jpeg', quality: 0.92 }],
  png: [{ type: 'image/png' }, { type: 'image/webp', quality: 0.9 }],
  gif: [{ type: 'image/png' }, { type: 'image/webp', quality: 0.9 }],
  webp: [{ type: 'image/webp', quality: 0.92 }, { type: 'image/png' }],
  avif: [{ type: 'image/webp', quality: 0.92 }, { type: 'image/png' }],
};
/** Sides, one try after the other, while the file is too large or the browser has no memory for the canvas. */
const SCALES = [1, 0.75, 0.5, 0.35, 0.25];

interface Encoding {
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly quality?: number;
}

/** @param maxBytes The most that the server accepts. */
export async function prepareImage(file: Blob, maxBytes: number): Promise<Prepared> {
  const decoded = await decodeFile(file);
  if (!decoded.ok) return decoded;
  const { bitmap, format } = decoded;
  try {
    const encoded = await encodeWithin(bitmap, encodings[format], maxBytes);
    if (encoded === null) return { ok: false, problem: { kind: 'no-memory' } };
    const bytes = new Uint8Array(await encoded.blob.arrayBuffer());
    const { width, height } = encoded;
    const isScaled = width < bitmap.width || height < bitmap.height;
    return { ok: true, image: { bytes, type: encoded.blob.type as ImageType, width, height, hash: await hashOf(bytes), isScaled } };
  } finally {
    bitmap.close();
  }
}

export type MadeFace = { readonly ok: true; readonly url: string } | { readonly ok: false; readonly problem: ImageProblem };

/** A browser that writes no WebP writes JPEG; each a little coarser than the one before, until it fits. */
const faceEncodings: readonly Encoding[] = [0.85, 0.7, 0.5, 0.3].flatMap((quality) => [
  { type: 'image/webp', quality },
  { type: 'image/jpeg', quality },
]);
/** Pixels of a side: noise at 96 pixels may be too much for any quality, and at 32 every face is small enough. */
const FACE_SIDES = [FACE_PX, 64, 32];

/** The middle of a picture as a small square on white, without anything else of its file, as a `data:` address. */
export async function makeFace(file: Blob): Promise<MadeFace> {
  const decoded = await decodeFile(file);
  if (!decoded.ok) return decoded;
  const { bitmap } = decoded;
  try {
    const side = Math.min(bitmap.width, bitmap.height);
    const from = { x: (bitmap.width - side) / 2, y: (bitmap.height - side) / 2, width: side, height: side };
    for (const width of FACE_SIDES)
      for (const encoding of faceEncodings) {
        const blob = await encode(bitmap, { width, height: width, from, paper: '#fff' }, encoding);
        if (blob === null || blob.type !== encoding.type || blob.size > FACE_MAX_BYTES) continue;
        const bytes = new Uint8Array(await blob.arrayBuffer());
        return { ok: true, url: `data:${blob.type};base64,${btoa(String.fromCharCode(...bytes))}` };
      }
    return { ok: false, problem: { kind: 'no-memory' } };
  } finally {
    bitmap.close();
  }
}

/** Decodes a file that may be anything: nothing is decoded before its head is known to be that of a whole image within the limits. */
async function decodeFile(
  file: Blob,
): Promise<{ ok: true; bitmap: ImageBitmap; format: ImageFormat } | { ok: false; problem: ImageProblem }> {
  const fail = (problem: ImageProblem) => ({ ok: false, problem }) as const;
  if (file.size > MAX_FILE_BYTES) return fail({ kind: 'too-large-a-file' });
  const head = readImageHead(new Uint8Array(await file.arrayBuffer()));
  if (head === null) return fail({ kind: 'not-an-image' });
  if (head.width * head.height > MAX_PIXELS) return fail({ kind: 'too-many-pixels', pixels: head.width * head.height });
  if (!head.isWhole) return fail({ kind: 'cut-off' });
  // Without its type, so that the bytes alone decide.
  const bitmap = await createImageBitmap(file.slice(0, file.size, '')).catch(() => null);
  if (bitmap === null) return fail({ kind: 'unreadable' });
  const pixels = bitmap.width * bitmap.height;
  if (pixels <= MAX_PIXELS) return { ok: true, bitmap, format: head.format };
  bitmap.close();
  return fail({ kind: 'too-many-pixels', pixels });
}

/** @throws {DOMException} When the bytes are no image that this browser reads. */
export function decodeImage(file: Blob, { width, height }: { width: number; height: number }): Promise<ImageBitmap> {
  return createImageBitmap(file, { resizeWidth: width, resizeHeight: height, resizeQuality: 'medium' });
}

export interface Inspected {
  /** SHA-256, 64 hex digits. */
  readonly hash: string;
  /** Null when the bytes are no image. */
  readonly head: ImageHead | null;
}

/** Reads all that the bytes of an image tell without being decoded. */
export async function inspectImage(bytes: Uint8Array<ArrayBuffer>): Promise<Inspected> {
  return { hash: await hashOf(bytes), head: readImageHead(bytes) };
}

/** SHA-256 in hex. In JavaScript where the page is on plain http, which has no `crypto.subtle`. */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  const hash = subtle === undefined ? sha256(bytes) : new Uint8Array(await subtle.digest('SHA-256', bytes));
  return hexOf(hash);
}

/** Read at once: a file need not fit into memory, and `crypto.subtle` hashes only what does. */
const HASHED_AT_ONCE = 1024 * 1024;

/** SHA-256 of a file in hex. @throws {DOMException} `NotReadableError`: it was moved or changed, or is a folder. */
export async function hashOfFile(file: Blob): Promise<string> {
  const sum = sha256.create();
  for (let at = 0; at < file.size; at += HASHED_AT_ONCE)
    sum.update(new Uint8Array(await file.slice(at, at + HASHED_AT_ONCE).arrayBuffer()));
  return hexOf(sum.digest());
}

function hexOf(hash: Uint8Array): string {
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function encodeWithin(
  bitmap: ImageBitmap,
  tries: readonly Encoding[],
  maxBytes: number,
): Promise<{ blob: Blob; width: number; height: number } | null> {
  for (const scale of SCALES) {
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    for (const encoding of tries) {
      const blob = await encode(bitmap, { width, height }, encoding);
      // A browser that can't write a format writes PNG instead: then the next one in line decides.
      if (blob !== null && blob.type === encoding.type && blob.size <= maxBytes) return { blob, width, height };
    }
  }
  return null;
}

/** Null when the browser has no memory for it. */
async function encode(
  bitmap: ImageBitmap,
  {
    width,
    height,
    from,
    paper,
  }: { width: number; height: number; from?: { x: number; y: number; width: number; height: number }; paper?: string },
  encoding: Encoding,
): Promise<Blob | null> {
  try {
    const canvas = createCanvas(width, height);
    const context = canvas.getContext('2d') as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null;
    if (context === null) return null;
    context.imageSmoothingQuality = 'high';
    if (paper !== undefined) {
      context.fillStyle = paper;
      context.fillRect(0, 0, width, height);
    }
    const { x, y, width: w, height: h } = from ?? { x: 0, y: 0, width: bitmap.width, height: bitmap.height };
    context.drawImage(bitmap, x, y, w, h, 0, 0, width, height);
    const blob = await toBlob(canvas, encoding);
    canvas.width = canvas.height = 0;
    return blob;
  } catch (error) {
    if (error instanceof DOMException || error instanceof RangeError) return null;
    throw error;
  }
}

function createCanvas(width: number, height: number): OffscreenCanvas | HTMLCanvasElement {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement('canvas'), { width, height });
}

function toBlob(canvas: OffscreenCanvas | HTMLCanvasElement, { type, quality }: Encoding): Promise<Blob | null> {
  if ('convertToBlob' in canvas) return canvas.convertToBlob({ type, ...(quality !== undefined && { quality }) });
  return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
}
