/**
 * Blobs by content: chunks under the hash, and after them one record, written last, which says that the blob is whole:
 *
 *   u48 length | version     9 random bytes, new with each put; absent in blobs put before there were versions
 *
 * A put that was cut off leaves chunks without that record. The next put of the same bytes overwrites them, and a
 * listing names them so that they can be removed. Puts and removals of one hash take turns.
 */

import { randomBytes } from 'node:crypto';
import type { Calls } from '../calls.ts';
import { checkBlob, checkBlobQuery, checkHash, sha256Hex } from '../check-input.ts';
import { StoreError } from '../errors.ts';
import type { BlobListing, Blobs, BlobVersion } from '../port.ts';
import { chunkCount, readChunks, readSnapshot, writeChunks } from './chunked.ts';
import { COMPACTION_OWED, type Compactor } from './compactor.ts';
import type { Environment } from './environment.ts';
import { behindPrefix, chunkKey } from './keys.ts';
import type { Tables } from './tables.ts';

const SIZE_INDEX = 0xffffffff;
const SIZE_BYTES = 6;
const VERSION_BYTES = 9;
const HASH_BYTES = 32;
/** Version of a blob put before there were versions, and of a broken put. No random version is as short. */
const NO_VERSION = 'none';
const CUT_OFF = 'part';
/** Removals that share their commits. */
const REMOVALS_AT_ONCE = 200;

/** @param compactor Rewrites the file after a removal. */
export function createLmdbBlobs(environment: Environment, { tracked, inTurn }: Calls, compactor: Compactor): Blobs {
  return {
    putBlob: (hash, bytes) =>
      tracked(async () => {
        checkBlob(hash, bytes);
        await inTurn(turnOf(hash), () => writeBlob(environment, hash, bytes));
      }),

    getBlob: (hash) =>
      tracked(async () => {
        checkHash(hash);
        return readBlob(environment, hash);
      }),

    listBlobs: (query) =>
      tracked(async () => {
        const { prefix, after } = checkBlobQuery(query);
        return listBlobs(environment, prefix, after, query.limit);
      }),

    removeBlobs: (listed) =>
      tracked(async () => {
        for (const { hash } of listed) checkHash(hash);
        const removed: string[] = [];
        for (let at = 0; at < listed.length; at += REMOVALS_AT_ONCE) {
          const some = listed.slice(at, at + REMOVALS_AT_ONCE);
          const are = await Promise.all(some.map((blob) => inTurn(turnOf(blob.hash), () => removeBlob(environment, blob))));
          removed.push(...some.filter((_, i) => are[i] === true).map(({ hash }) => hash));
        }
        if (removed.length > 0) await compactor.afterErase();
        return removed;
      }),
  };
}

/** Key of a blob's turn among the turns of rooms. A room with this name would only have to wait. */
function turnOf(hash: string): string {
  return `blob ${hash}`;
}

async function writeBlob(environment: Environment, hash: string, bytes: Uint8Array): Promise<void> {
  const key = Buffer.from(hash, 'hex');
  const size = Buffer.alloc(SIZE_BYTES);
  size.writeUIntBE(bytes.length, 0, SIZE_BYTES);
  await writeChunks(environment, 'blobs', key, bytes);
  await environment.write(100, ({ put }) => {
    put('blobs', chunkKey(key, SIZE_INDEX), Buffer.concat([size, randomBytes(VERSION_BYTES)]));
  });
}

/** @throws {StoreError} `CORRUPT`. */
function readBlob(environment: Environment, hash: string): Promise<Uint8Array | null> {
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

/** @param prefix, after Hex digits of hashes. */
function listBlobs(environment: Environment, prefix: string, after: string, limit: number): Promise<BlobListing[]> {
  const end = behindHashes(prefix);
  return environment.read(async ({ blobs }) => {
    const found: BlobListing[] = [];
    let start =
      after >= prefix && after.length === 2 * HASH_BYTES ? behindPrefix(firstHash(after)) : firstHash(after >= prefix ? after : prefix);
    while (start !== undefined && found.length < limit) {
      const [next] = [...blobs.getKeys({ start, limit: 1 })];
      if (next === undefined || (end !== undefined && Buffer.compare(next, end) >= 0)) break;
      const key = Buffer.from(next.subarray(0, HASH_BYTES));
      found.push({ hash: key.toString('hex'), ...stateOf(blobs.get(chunkKey(key, SIZE_INDEX))) });
      start = behindPrefix(key);
    }
    return found;
  });
}

/** @returns Whether something was removed. */
async function removeBlob(environment: Environment, { hash, version }: BlobVersion): Promise<boolean> {
  const key = Buffer.from(hash, 'hex');
  const keys = await environment.read(async ({ blobs }) => {
    const own = chunkKeysOf(blobs, key);
    return own.length > 0 && stateOf(blobs.get(chunkKey(key, SIZE_INDEX))).version === version ? own : [];
  });
  if (keys.length === 0) return false;
  // One commit: the blob is whole or gone.
  await environment.write(keys.length * 100, ({ remove, put }) => {
    for (const own of keys) remove('blobs', own);
    put('marks', COMPACTION_OWED, Buffer.alloc(0));
  });
  return true;
}

function chunkKeysOf(blobs: Tables['blobs'], key: Buffer): Buffer[] {
  const end = behindPrefix(key);
  return [...blobs.getKeys({ start: key, ...(end === undefined ? {} : { end }) })].map((own) => Buffer.from(own));
}

function stateOf(record: Buffer | undefined): Omit<BlobListing, 'hash'> {
  if (record === undefined) return { bytes: 0, version: CUT_OFF, isWhole: false };
  const version = record.length < SIZE_BYTES + VERSION_BYTES ? NO_VERSION : record.subarray(SIZE_BYTES).toString('base64url');
  return { bytes: record.readUIntBE(0, SIZE_BYTES), version, isWhole: true };
}

/** The first hash that begins with these digits. */
function firstHash(digits: string): Buffer {
  return Buffer.from(digits.padEnd(2 * HASH_BYTES, '0'), 'hex');
}

/** The first hash after all that begin with these digits; undefined when there is none. */
function behindHashes(digits: string): Buffer | undefined {
  const kept = digits.replace(/f+$/, '');
  if (kept === '') return undefined;
  const last = Number.parseInt(kept.slice(-1), 16) + 1;
  return firstHash(kept.slice(0, -1) + last.toString(16));
}
