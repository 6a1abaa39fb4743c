/** Answers with the bytes of a picture or file: whole or a range, never rendered as a page of the relay's origin. Pure but for reading. */

import { createHash } from 'node:crypto';
import { StoreError } from '@wetink/storage';
import type { OpenBlob } from '../access/board-blobs.ts';
import { FILE_TYPE } from '../access/picture-records.ts';
import { ApiFailure } from './failures.ts';
import type { Answer } from './routes.ts';

/** Bytes read at once: what a socket takes in a moment, so that a slow client costs little memory. */
const PIECE_BYTES = 256 * 1024;
/** Longest name of a download in characters; file systems take 255 bytes. */
const MAX_NAME_LENGTH = 120;
/** Control characters, and those that turn the direction of text: "exe.gpj" could look like "jpg.exe". */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

export interface BlobRequest {
  hash: string;
  /** Name for the download, as the caller sent it. */
  name: string;
  range: string | undefined;
  ifRange: string | undefined;
}

/** @throws {ApiFailure} `range_invalid` when the file ends before the range. */
export function blobAnswer(blob: OpenBlob, { hash, name, range, ifRange }: BlobRequest): Answer {
  const headers = { ...blobHeaders(blob.type, name), ETag: `"${hash}"`, 'Accept-Ranges': 'bytes' };
  const wanted = ifRange === undefined || ifRange === headers.ETag ? rangeOf(range, blob.size) : null;
  if (wanted === null) return { status: 200, size: blob.size, pieces: wholeOf(blob, hash), headers };
  if (wanted === 'beyond')
    throw new ApiFailure(416, 'range_invalid', `the file ends before this range: it has ${blob.size} bytes`, {
      'Content-Range': `bytes */${blob.size}`,
    });
  const [start, end] = wanted;
  return {
    status: 206,
    size: end - start,
    pieces: piecesOf(blob, start, end),
    headers: { ...headers, 'Content-Range': `bytes ${start}-${end - 1}/${blob.size}` },
  };
}

/**
 * Opened in its own tab, a picture can run and load nothing, whatever its bytes are. Anything else is only ever a download.
 * @param name Name for the download, as the caller sent it.
 */
function blobHeaders(type: OpenBlob['type'], name: string): Record<string, string> {
  return {
    'Content-Type': type,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Content-Disposition': type === FILE_TYPE ? attachment(name) : 'inline',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // The bytes under a hash never change; shared caches must not keep them.
    'Cache-Control': 'private, max-age=31536000, immutable',
  };
}

/** As RFC 6266 and RFC 8187 write it. */
function attachment(name: string): string {
  const clean = [...Buffer.from(name).toString().replaceAll(UNSAFE, '').replaceAll(/[/\\]/g, '_').trim()]
    .slice(0, MAX_NAME_LENGTH)
    .join('');
  if (clean === '') return 'attachment';
  const encoded = encodeURIComponent(clean).replaceAll(/['()*!]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename*=UTF-8''${encoded}`;
}

/**
 * One range of bytes, as RFC 9110 section 14.1.2 writes it. Several ranges, and what is none, are ignored, as it allows.
 * @returns Start and end (exclusive); null for the whole file.
 */
function rangeOf(header: string | undefined, size: number): [start: number, end: number] | 'beyond' | null {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  if (first === '') return Number(last) === 0 || size === 0 ? 'beyond' : [Math.max(0, size - Number(last)), size];
  const start = Number(first);
  const end = last === '' ? size : Math.min(size, Number(last) + 1);
  if (last !== '' && Number(last) < start) return null;
  return start >= size ? 'beyond' : [start, end];
}

async function* piecesOf(blob: OpenBlob, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += PIECE_BYTES) yield await blob.read(at, Math.min(end, at + PIECE_BYTES));
}

/** The last piece is held back until the hash of all is right: a client never takes damaged bytes for a whole file. */
async function* wholeOf(blob: OpenBlob, hash: string): AsyncGenerator<Uint8Array> {
  const sum = createHash('sha256');
  let held: Uint8Array | null = null;
  for await (const piece of piecesOf(blob, 0, blob.size)) {
    sum.update(piece);
    if (held !== null) yield held;
    held = piece;
  }
  if (sum.digest('hex') !== hash) throw new StoreError('CORRUPT', `Blob ${hash} is damaged.`);
  if (held !== null) yield held;
}
