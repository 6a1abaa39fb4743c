/**
 * Pictures of boards. The store keeps bytes under their hash, once for all boards; records say which board has which, and
 * how many bytes that makes:
 *
 *     blob/BOARD/HASH      { type, bytes, by, since }
 *     blobs/BOARD          { bytes }: counted before the bytes are written, so a crash leaves too many, never too few
 *
 * Whoever may not see a board learns nothing by knowing a hash.
 */

import { createHash } from 'node:crypto';
import type { Records, Store } from '@wetink/storage';
import { pictureOf, type Picture } from './images.ts';

export interface BlobLimits {
  /** Of one picture. */
  maxBlobBytes: number;
  maxBlobPixels: number;
  /** Of all pictures of a board. */
  maxBoardBlobBytes: number;
}

export type BlobFailure = 'blob_hash' | 'blob_too_large' | 'blob_type' | 'blob_pixels' | 'blob_quota' | 'busy';

export interface StoredPicture {
  type: Picture['type'];
  bytes: Uint8Array;
}

export interface BoardBlobs {
  /** @param hash What the bytes should hash to. `isNew` false: the board had it. */
  put(
    board: string,
    hash: string,
    bytes: Uint8Array,
    userId: string,
  ): Promise<{ ok: true; isNew: boolean } | { ok: false; code: BlobFailure }>;
  /** Null when the board has no such picture. @throws {StoreError} */
  get(board: string, hash: string): Promise<StoredPicture | null>;
  /** Removes what says that the board has pictures. Idempotent. */
  forget(board: string): Promise<void>;
}

export interface BoardBlobsOptions {
  store: Pick<Store, 'putBlob' | 'getBlob'> & { records: Records };
  limits: BlobLimits;
  /** ms since 1970. */
  wallClock(): number;
}

const MAX_ATTEMPTS = 10;
const types: readonly Picture['type'][] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

export function isBlobHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

export function createBoardBlobs({ store, limits, wallClock }: BoardBlobsOptions): BoardBlobs {
  const { records } = store;
  const blobKey = (board: string, hash: string): string => `blob/${board}/${hash}`;
  const countKey = (board: string): string => `blobs/${board}`;

  /** @returns False when that would be too many bytes; null when others are faster all the time. */
  const count = async (board: string, bytes: number): Promise<boolean | null> => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const record = await records.get(countKey(board));
      const sum = Math.max(0, (record === null ? 0 : numberIn(record.value, 'bytes')) + bytes);
      if (bytes > 0 && sum > limits.maxBoardBlobBytes) return false;
      if ((await records.put(countKey(board), encode({ bytes: sum }), record?.version ?? 0)) !== null) return true;
    }
    return null;
  };

  return {
    async put(board, hash, bytes, userId) {
      if (bytes.length > limits.maxBlobBytes) return { ok: false, code: 'blob_too_large' };
      if (createHash('sha256').update(bytes).digest('hex') !== hash) return { ok: false, code: 'blob_hash' };
      const picture = pictureOf(bytes);
      if (picture === null) return { ok: false, code: 'blob_type' };
      if (picture.width * picture.height > limits.maxBlobPixels) return { ok: false, code: 'blob_pixels' };
      if ((await records.get(blobKey(board, hash))) !== null) return { ok: true, isNew: false };
      const isCounted = await count(board, bytes.length);
      if (isCounted !== true) return { ok: false, code: isCounted === false ? 'blob_quota' : 'busy' };
      let version: number | null = null;
      try {
        await store.putBlob(hash, bytes);
        const facts = { type: picture.type, bytes: bytes.length, by: userId, since: wallClock() };
        version = await records.put(blobKey(board, hash), encode(facts), 0);
      } finally {
        // It failed, or somebody was faster with the same picture, which is counted once.
        if (version === null) await count(board, -bytes.length);
      }
      return { ok: true, isNew: version !== null };
    },
    async get(board, hash) {
      const record = await records.get(blobKey(board, hash));
      if (record === null) return null;
      const type = types.find((known) => known === fieldsOf(record.value)['type']);
      const bytes = await store.getBlob(hash);
      return type === undefined || bytes === null ? null : { type, bytes };
    },
    async forget(board) {
      for (;;) {
        const page = await records.list({ prefix: blobKey(board, ''), limit: 1_000 });
        for (const { key, version } of page) await records.remove(key, version);
        if (page.length === 0) break;
      }
      const record = await records.get(countKey(board));
      if (record !== null) await records.remove(record.key, record.version);
    },
  };
}

function encode(facts: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(facts));
}

/** @throws {Error} When it is no record of ours. */
function fieldsOf(value: Uint8Array): Record<string, unknown> {
  const fields: unknown = JSON.parse(new TextDecoder().decode(value));
  if (typeof fields !== 'object' || fields === null) throw new Error('a record of a picture is damaged');
  return fields as Record<string, unknown>;
}

function numberIn(value: Uint8Array, name: string): number {
  const number = fieldsOf(value)[name];
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw new Error('a record of a picture is damaged');
  return number;
}
