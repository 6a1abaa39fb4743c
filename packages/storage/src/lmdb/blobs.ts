/**
 * Blobs by content: chunks under the hash, and behind them one record with the length, written last, which says that
 * all of it is there. A put that was cut off leaves chunks that the next put of the same bytes overwrites.
 */

import { sha256Hex } from '../check-input.ts';
import { StoreError } from '../errors.ts';
import { chunkCount, readChunks, readSnapshot, writeChunks } from './chunked.ts';
import type { Environment } from './environment.ts';
import { chunkKey } from './keys.ts';

const SIZE_INDEX = 0xffffffff;
const SIZE_BYTES = 6;

export async function writeBlob(environment: Environment, hash: string, bytes: Uint8Array): Promise<void> {
  const key = Buffer.from(hash, 'hex');
  const size = Buffer.alloc(SIZE_BYTES);
  size.writeUIntBE(bytes.length, 0, SIZE_BYTES);
  await writeChunks(environment, 'blobs', key, bytes);
  await environment.write(100, ({ put }) => {
    put('blobs', chunkKey(key, SIZE_INDEX), size);
  });
}

/** @throws {StoreError} `CORRUPT`. */
export function readBlob(environment: Environment, hash: string): Promise<Uint8Array | null> {
  const key = Buffer.from(hash, 'hex');
  return environment.read((tables) =>
    readSnapshot(tables, async ({ get }) => {
      const size = get('blobs', chunkKey(key, SIZE_INDEX));
      if (size === undefined) return null;
      const parts: Buffer[] = [];
      const count = chunkCount(size.readUIntBE(0, SIZE_BYTES));
      await readChunks(
        count,
        key,
        (chunk) => get('blobs', chunk),
        (part) => {
          parts.push(Buffer.from(part));
        },
      );
      const bytes = new Uint8Array(Buffer.concat(parts));
      if (sha256Hex(bytes) === hash) return bytes;
      throw new StoreError('CORRUPT', `Blob ${hash} is damaged. Put it again, or restore the data folder from a backup.`);
    }),
  );
}
