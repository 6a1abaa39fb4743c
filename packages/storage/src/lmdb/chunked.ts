/**
 * Long values in parts. One part is one LMDB value, so a document of 256 MiB needs no contiguous run of pages, appends
 * of other rooms get their turn between parts, and only a few parts are copied at a time.
 */

import { createHash } from 'node:crypto';
import type { Environment } from './environment.ts';
import { chunkKey } from './keys.ts';
import type { TableName, Tables } from './tables.ts';

/** A little under 1 MiB: LMDB's page header then still fits into 256 pages. */
export const CHUNK_BYTES = 1024 * 1024 - 64;
const CHUNKS_PER_COMMIT = 4;

export function chunkCount(bytes: number): number {
  return Math.ceil(bytes / CHUNK_BYTES);
}

/** @returns SHA-256 of the bytes, in hex. Nothing refers to the chunks yet. */
export async function writeChunks(environment: Environment, table: TableName, prefix: Buffer, bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  const count = chunkCount(bytes.length);
  for (let first = 0; first < count; first += CHUNKS_PER_COMMIT) {
    const parts = Array.from({ length: Math.min(CHUNKS_PER_COMMIT, count - first) }, (_, i) => {
      const start = (first + i) * CHUNK_BYTES;
      return Buffer.from(bytes.subarray(start, start + CHUNK_BYTES));
    });
    for (const part of parts) hash.update(part);
    await environment.write(parts.length * CHUNK_BYTES, ({ put }) => {
      parts.forEach((part, i) => {
        put(table, chunkKey(prefix, first + i), part);
      });
    });
  }
  return hash.digest('hex');
}

/**
 * Reads parts back, a few per turn of the event loop.
 * @param get Reads one part, from a snapshot that stays the same throughout.
 * @param each Gets a view that is valid only during the call.
 * @returns SHA-256 of the parts, in hex; null when a part is missing.
 */
export async function readChunks(
  count: number,
  prefix: Buffer,
  get: (key: Buffer) => Uint8Array | undefined,
  each: (part: Uint8Array) => void,
): Promise<string | null> {
  const hash = createHash('sha256');
  for (let index = 0; index < count; index++) {
    if (index > 0 && index % CHUNKS_PER_COMMIT === 0) await new Promise((resolve) => setImmediate(resolve));
    const part = get(chunkKey(prefix, index));
    if (part === undefined) return null;
    hash.update(part);
    each(part);
  }
  return hash.digest('hex');
}

/** Runs `read` on one unchanging view of the tables, for as long as it awaits. */
export async function readSnapshot<T>(tables: Tables, read: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  const transaction = tables.heads.useReadTransaction();
  try {
    return await read({
      get: (table, key) => tables[table].get(key, { transaction }),
      range: (table, start, end) => tables[table].getRange({ start, ...(end === undefined ? {} : { end }), transaction }),
    });
  } finally {
    transaction.done();
  }
}

export interface Snapshot {
  get(table: TableName, key: Buffer): Buffer | undefined;
  /** `end` is exclusive. */
  range(table: TableName, start: Buffer, end: Buffer | undefined): Iterable<{ key: Buffer; value: Buffer }>;
}
