/**
 * Blobs by content: pieces of 8 MiB under `<hash>:<i>`, and behind them one record with the size, written last, which
 * says that all of it is there. A put that was cut off leaves pieces that the next put of the same bytes overwrites.
 */

import { Binary } from 'mongodb';
import { sha256Hex } from '../check-input.ts';
import { StoreError } from '../errors.ts';
import type { Database } from './database.ts';

const PIECE_BYTES = 8 * 1024 * 1024;

export async function writeBlob({ blobs }: Database, hash: string, bytes: Uint8Array): Promise<void> {
  for (let i = 0; i * PIECE_BYTES < bytes.length; i++) {
    const piece = new Binary(bytes.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES));
    await blobs.replaceOne({ _id: `${hash}:${i}` }, { size: null, bytes: piece }, { upsert: true });
  }
  await blobs.replaceOne({ _id: hash }, { size: bytes.length, bytes: null }, { upsert: true });
}

/** @throws {StoreError} `CORRUPT`. */
export async function readBlob({ blobs }: Database, hash: string): Promise<Uint8Array | null> {
  const record = await blobs.findOne({ _id: hash });
  if (record === null) return null;
  const size = record.size ?? 0;
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += PIECE_BYTES) {
    const piece = (await blobs.findOne({ _id: `${hash}:${at / PIECE_BYTES}` }))?.bytes?.value();
    if (piece !== undefined && at + piece.length <= size) bytes.set(piece, at);
  }
  if (sha256Hex(bytes) === hash) return bytes;
  throw new StoreError('CORRUPT', `Blob ${hash} is damaged. Put it again, or restore the database from a backup.`);
}
