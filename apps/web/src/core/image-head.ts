/**
 * The head of an image file: what it is and how large, read from its bytes alone, before anything is decoded. A small
 * file can unpack to gigabytes, and a name or type can lie. Pure.
 */
import { MAX_PIXELS } from './image-limits.ts';

export type ImageFormat = 'png' | 'jpeg' | 'gif' | 'webp' | 'avif';

export interface ImageHead {
  readonly format: ImageFormat;
  /** Pixels, as stored: a JPEG may be shown turned by a quarter. */
  readonly width: number;
  readonly height: number;
  /** False when the end of the file is missing. */
  readonly isWhole: boolean;
}

/** @param bytes The whole file. @returns Null for bytes that are none of these formats, or too damaged to tell their size. */
export function readImageHead(bytes: Uint8Array): ImageHead | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = pngHead(view) ?? jpegHead(view) ?? gifHead(view) ?? webpHead(view) ?? avifHead(view);
  return head === null || head.width < 1 || head.height < 1 ? null : head;
}

/**
 * Whether bytes that others made may be kept and decoded: a whole image of the right type, and no larger than a board takes.
 *
 * @param head As read from the bytes.
 * @param type That the file or board names.
 */
export function isFitForBoard(head: ImageHead | null, type: string): boolean {
  return head !== null && head.isWhole && `image/${head.format}` === type && head.width * head.height <= MAX_PIXELS;
}

/** Signature, then chunks of length, name, data and checksum, from IHDR to IEND. */
function pngHead(view: DataView): ImageHead | null {
  if (text(view, 0, 8) !== '\x89PNG\r\n\x1a\n' || text(view, 12, 4) !== 'IHDR' || view.byteLength < 24) return null;
  let isWhole = false;
  for (let at = 8; at + 12 <= view.byteLength && !isWhole; at += 12 + view.getUint32(at))
    isWhole = text(view, at + 4, 4) === 'IEND' && at + 12 + view.getUint32(at) <= view.byteLength;
  return { format: 'png', width: view.getUint32(16), height: view.getUint32(20), isWhole };
}

/** Segments of a marker and a length; the frame has the size, and after the scan comes EOI. Cameras append more after it. */
function jpegHead(view: DataView): ImageHead | null {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  let size: { width: number; height: number } | null = null;
  let at = 2;
  while (at + 4 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // SOF0 to SOF15 without tables (DHT, JPG, DAC).
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame && at + 9 <= view.byteLength) size ??= { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    if (marker === 0xda) break;
    at += 2 + view.getUint16(at + 2);
  }
  return size === null ? null : { format: 'jpeg', ...size, isWhole: hasEndOfImage(view, at) };
}

/** In a scan FF is escaped, so FF D9 after its beginning is the end. */
function hasEndOfImage(view: DataView, from: number): boolean {
  for (let at = from; at + 1 < view.byteLength; at++) if (view.getUint8(at) === 0xff && view.getUint8(at + 1) === 0xd9) return true;
  return false;
}

/** The size of the screen; the file ends with a trailer. */
function gifHead(view: DataView): ImageHead | null {
  if (!/^GIF8[79]a$/.test(text(view, 0, 6)) || view.byteLength < 13) return null;
  let last = view.byteLength - 1;
  while (last > 13 && view.getUint8(last) === 0) last--;
  return { format: 'gif', width: view.getUint16(6, true), height: view.getUint16(8, true), isWhole: view.getUint8(last) === 0x3b };
}

/** RIFF with its own length; the first chunk has the size. */
function webpHead(view: DataView): ImageHead | null {
  if (text(view, 0, 4) !== 'RIFF' || text(view, 8, 4) !== 'WEBP' || view.byteLength < 30) return null;
  const isWhole = view.getUint32(4, true) + 8 <= view.byteLength;
  const size = webpSize(view);
  return size === null ? null : { format: 'webp', ...size, isWhole };
}

function webpSize(view: DataView): { width: number; height: number } | null {
  const uint24 = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
  switch (text(view, 12, 4)) {
    case 'VP8X':
      return { width: 1 + uint24(24), height: 1 + uint24(27) };
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
    }
    default:
      return null;
  }
}

/** Boxes of length and name. The largest `ispe` (image spatial extents) in `meta` is the image; others are its tiles. */
function avifHead(view: DataView): ImageHead | null {
  if (text(view, 4, 4) !== 'ftyp' || !/avif|avis/.test(text(view, 8, Math.min(64, Math.max(0, uint32(view, 0) - 8))))) return null;
  let [width, height] = [0, 0];
  for (let at = text(view, 0, Math.min(view.byteLength, MAX_META_BYTES)).indexOf('ispe'); at >= 0;) {
    const [w, h] = [uint32(view, at + 8), uint32(view, at + 12)];
    if (w * h > width * height) [width, height] = [w, h];
    const next = text(view, at + 4, Math.min(view.byteLength, MAX_META_BYTES) - at - 4).indexOf('ispe');
    at = next < 0 ? -1 : at + 4 + next;
  }
  return { format: 'avif', width, height, isWhole: hasWholeBoxes(view) };
}

/** A file's properties lie at its beginning, before its data. */
const MAX_META_BYTES = 64 * 1024;

/** The data is in `mdat`, or small enough to lie with the properties, in `idat`. */
function hasWholeBoxes(view: DataView): boolean {
  let hasData = text(view, 0, Math.min(view.byteLength, MAX_META_BYTES)).includes('idat');
  let at = 0;
  while (at + 8 <= view.byteLength) {
    const length = uint32(view, at);
    hasData ||= text(view, at + 4, 4) === 'mdat';
    // 0: to the end of the file; 1: a length of 64 bits follows.
    if (length === 0) return hasData;
    const whole = length === 1 ? uint32(view, at + 8) * 2 ** 32 + uint32(view, at + 12) : length;
    if (whole < 8) return false;
    at += whole;
  }
  return hasData && at === view.byteLength;
}

/** A read beyond the end gives 0. */
function uint32(view: DataView, at: number): number {
  return at + 4 <= view.byteLength ? view.getUint32(at) : 0;
}

function text(view: DataView, at: number, length: number): string {
  const end = Math.min(at + length, view.byteLength);
  let read = '';
  for (let i = at; i < end; i++) read += String.fromCharCode(view.getUint8(i));
  return read;
}
