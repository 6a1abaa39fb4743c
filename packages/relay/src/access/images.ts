/**
 * Recognizes a picture by its bytes alone: PNG, JPEG, GIF or WebP, whole and nothing else. Only its skeleton is read
 * (chunks, segments, blocks), never its pixels: a small file that would unpack to a huge one costs nothing here, and is
 * judged by the size it claims.
 *
 * Refused are pictures that are something else as well: bytes after the end, and content that a program which guesses
 * types could take for a page, a script or a document. Anything not understood is no picture.
 */

export interface Picture {
  type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
  /** Size of the largest picture in the file, if there are several. */
  width: number;
  height: number;
}

/** How far browsers look when they guess (MIME Sniffing, 1,445 bytes at most), and readers of PDF. */
const SNIFFED_BYTES = 2_048;
const OTHERWISE = /<!doctype|<html|<head|<body|<script|<iframe|<svg|<\?php|%pdf-|javascript:/i;

/** @returns Null for bytes that are no picture, not a whole one, or more than one. */
export function pictureOf(bytes: Uint8Array): Picture | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = pngOf(view) ?? jpegOf(view) ?? gifOf(view) ?? webpOf(view);
  if (found === null || found.width < 1 || found.height < 1) return null;
  return OTHERWISE.test(text(view, 0, Math.min(SNIFFED_BYTES, bytes.length))) ? null : found;
}

/** Signature, then chunks of length, name, data and checksum, from IHDR to IEND. */
function pngOf(view: DataView): Picture | null {
  if (text(view, 0, 8) !== '\x89PNG\r\n\x1a\n' || text(view, 12, 4) !== 'IHDR' || uint32(view, 8) !== 13) return null;
  let at = 8;
  while (at + 12 <= view.byteLength) {
    const end = at + 12 + view.getUint32(at);
    if (text(view, at + 4, 4) === 'IEND')
      return end === view.byteLength ? { type: 'image/png', width: uint32(view, 16), height: uint32(view, 20) } : null;
    at = end;
  }
  return null;
}

/** Segments of a marker and a length, with scans of any length between them, from SOI to EOI. */
function jpegOf(view: DataView): Picture | null {
  if (uint16(view, 0) !== 0xffd8) return null;
  let size: { width: number; height: number } | null = null;
  let at = 2;
  while (at + 4 <= view.byteLength || at + 2 === view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xd9) return size !== null && at + 2 === view.byteLength ? { type: 'image/jpeg', ...size } : null;
    // Fill bytes before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // Frames: SOF0 to SOF15, which are not tables (DHT, JPG, DAC).
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      if (size !== null) return null;
      size = { height: uint16(view, at + 5), width: uint16(view, at + 7) };
    }
    const length = uint16(view, at + 2);
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8) || length < 2) return null;
    at += 2 + length;
    if (marker === 0xda) at = endOfScan(view, at);
  }
  return null;
}

/** @returns Position of the next marker: neither an escaped FF nor one that restarts a scan. */
function endOfScan(view: DataView, from: number): number {
  let at = from;
  for (; at + 1 < view.byteLength; at++) {
    const next = view.getUint8(at + 1);
    if (view.getUint8(at) === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) break;
  }
  return at;
}

/** Header, colour tables, then extensions and images of sub-blocks, to the trailer. */
function gifOf(view: DataView): Picture | null {
  if (!/^GIF8[79]a$/.test(text(view, 0, 6)) || view.byteLength < 13) return null;
  const largest = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  let hasImage = false;
  let at = 13 + tableBytes(view.getUint8(10));
  while (at < view.byteLength) {
    const kind = view.getUint8(at);
    if (kind === 0x3b) return hasImage && at + 1 === view.byteLength ? { type: 'image/gif', ...largest } : null;
    if (kind === 0x21) at = endOfSubBlocks(view, at + 2);
    else if (kind === 0x2c && at + 10 < view.byteLength) {
      hasImage = true;
      const [width, height] = [view.getUint16(at + 5, true), view.getUint16(at + 7, true)];
      if (width * height > largest.width * largest.height) [largest.width, largest.height] = [width, height];
      // The code size is one byte before the sub-blocks.
      at = endOfSubBlocks(view, at + 10 + tableBytes(view.getUint8(at + 9)) + 1);
    } else return null;
  }
  return null;
}

function tableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}

function endOfSubBlocks(view: DataView, from: number): number {
  let at = from;
  while (at < view.byteLength) {
    const length = view.getUint8(at);
    at += 1 + length;
    if (length === 0) return at;
  }
  return view.byteLength;
}

/** RIFF with its own length, chunks of name, length and data padded to even lengths; frames of an animation hold chunks too. */
function webpOf(view: DataView): Picture | null {
  if (text(view, 0, 4) !== 'RIFF' || text(view, 8, 4) !== 'WEBP' || view.byteLength < 16) return null;
  if (view.getUint32(4, true) + 8 !== view.byteLength) return null;
  const sizes = webpSizes(view, 12, view.byteLength);
  if (sizes === null || sizes.length === 0) return null;
  const largest = sizes.reduce((one, other) => (other.width * other.height > one.width * one.height ? other : one));
  return { type: 'image/webp', ...largest };
}

const webpChunks = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP', 'EXIF', 'XMP ']);
const FRAME_HEADER_BYTES = 16;

function webpSizes(view: DataView, from: number, to: number): { width: number; height: number }[] | null {
  const sizes: { width: number; height: number }[] = [];
  let at = from;
  while (at < to) {
    if (at + 8 > to) return null;
    const name = text(view, at, 4);
    const length = view.getUint32(at + 4, true);
    const data = at + 8;
    const end = data + length + (length % 2);
    if (end > to || !webpChunks.has(name)) return null;
    if (name === 'VP8X' && length >= 10) sizes.push({ width: 1 + uint24(view, data + 4), height: 1 + uint24(view, data + 7) });
    if (name === 'VP8 ') {
      if (length < 10 || uint24be(view, data + 3) !== 0x9d012a) return null;
      sizes.push({ width: view.getUint16(data + 6, true) & 0x3fff, height: view.getUint16(data + 8, true) & 0x3fff });
    }
    if (name === 'VP8L') {
      if (length < 5 || view.getUint8(data) !== 0x2f) return null;
      const bits = view.getUint32(data + 1, true);
      sizes.push({ width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) });
    }
    if (name === 'ANMF') {
      // A frame in a frame is not valid, so this goes no deeper.
      const inner = length < FRAME_HEADER_BYTES || from !== 12 ? null : webpSizes(view, data + FRAME_HEADER_BYTES, data + length);
      if (inner === null) return null;
      sizes.push(...inner);
    }
    at = end;
  }
  return sizes;
}

function text(view: DataView, at: number, length: number): string {
  const end = Math.min(at + length, view.byteLength);
  if (at >= end) return '';
  return Buffer.from(view.buffer, view.byteOffset + at, end - at).toString('latin1');
}

/** Reads beyond the end give 0, here and below: a size of 0 is refused. */
function uint16(view: DataView, at: number): number {
  return at + 2 <= view.byteLength ? view.getUint16(at) : 0;
}

function uint32(view: DataView, at: number): number {
  return at + 4 <= view.byteLength ? view.getUint32(at) : 0;
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
}

function uint24be(view: DataView, at: number): number {
  return view.getUint16(at) * 0x100 + view.getUint8(at + 2);
}
