/**
 * The records of blobs in the data file. One of them, written last, says that a blob is whole and where its bytes are:
 *
 *   u48 length | version | 1     9 random bytes, new with each put; the bytes are a file of that version (blob-folder.ts)
 *   u48 length | version         the bytes are chunks in the data file: put before blobs were files
 *   u48 length                   the same, put before there were versions
 *
 * Chunks without that record are left of a put that was cut off.
 */

import type { BlobListing } from '../blobs.ts';
import { damagedBlob } from '../check-input.ts';
import type { BlobFile } from './blob-folder.ts';
import { CHUNK_BYTES, readSnapshot } from './chunked.ts';
import type { Environment } from './environment.ts';
import { behindPrefix, chunkKey } from './keys.ts';
import type { Tables } from './tables.ts';

export interface BlobRecord {
  bytes: number;
  /** As it is listed. */
  version: string;
  /** Null: the bytes are in the data file. */
  file: BlobFile | null;
}

export const VERSION_BYTES = 9;
const RECORD_INDEX = 0xffffffff;
const SIZE_BYTES = 6;
const HASH_BYTES = 32;
const IN_A_FILE = 1;
/** Version of a blob put before there were versions, and of a broken put. No random version is as short. */
const NO_VERSION = 'none';
const CUT_OFF = 'part';
const WHERE = 'the data folder';

export function recordKey(hash: string): Buffer {
  return chunkKey(Buffer.from(hash, 'hex'), RECORD_INDEX);
}

export function encodeFileRecord(bytes: number, version: Buffer): Buffer {
  const size = Buffer.alloc(SIZE_BYTES);
  size.writeUIntBE(bytes, 0, SIZE_BYTES);
  return Buffer.concat([size, version, Buffer.from([IN_A_FILE])]);
}

/** Null when the blob is not whole. */
export function readRecord({ blobs }: Pick<Tables, 'blobs'>, hash: string): BlobRecord | null {
  const record = blobs.get(recordKey(hash));
  if (record === undefined) return null;
  const version = record.subarray(SIZE_BYTES, SIZE_BYTES + VERSION_BYTES);
  const isFile = record.length > SIZE_BYTES + VERSION_BYTES;
  return {
    bytes: record.readUIntBE(0, SIZE_BYTES),
    version: version.length < VERSION_BYTES ? NO_VERSION : version.toString('base64url'),
    file: isFile ? { hash, version: version.toString('hex') } : null,
  };
}

/** Keys and file that a removal of this version removes; null when there is another version. */
export function recordsOfVersion(
  tables: Pick<Tables, 'blobs'>,
  hash: string,
  version: string,
): { keys: Buffer[]; file: BlobFile | null } | null {
  const keys = keysOf(tables, hash);
  const record = readRecord(tables, hash);
  if (keys.length === 0 || (record?.version ?? CUT_OFF) !== version) return null;
  return { keys, file: record?.file ?? null };
}

/** Keys of chunks, and of the record. */
export function keysOf({ blobs }: Pick<Tables, 'blobs'>, hash: string): Buffer[] {
  const start = Buffer.from(hash, 'hex');
  const end = behindPrefix(start);
  return [...blobs.getKeys({ start, ...(end === undefined ? {} : { end }) })].map((own) => Buffer.from(own));
}

/** Reads bytes `start` to `end` of a blob whose bytes are in the data file. @throws {StoreError} `CORRUPT`. */
export function readChunkRange(environment: Environment, hash: string, start: number, end: number): Promise<Uint8Array> {
  const key = Buffer.from(hash, 'hex');
  return environment.read((tables) =>
    readSnapshot(tables, async ({ get }) => {
      const bytes = new Uint8Array(end - start);
      for (let at = start; at < end;) {
        const index = Math.floor(at / CHUNK_BYTES);
        const part = get('blobs', chunkKey(key, index))?.subarray(at - index * CHUNK_BYTES, end - index * CHUNK_BYTES);
        if (part === undefined || part.length === 0) throw damagedBlob(hash, WHERE);
        bytes.set(part, at - start);
        at += part.length;
      }
      return bytes;
    }),
  );
}

/** @param prefix, after Hex digits of hashes. */
export function listRecords(environment: Environment, prefix: string, after: string, limit: number): Promise<BlobListing[]> {
  const end = behindHashes(prefix);
  return environment.read(async ({ blobs }) => {
    const found: BlobListing[] = [];
    let start =
      after >= prefix && after.length === 2 * HASH_BYTES ? behindPrefix(firstHash(after)) : firstHash(after >= prefix ? after : prefix);
    while (start !== undefined && found.length < limit) {
      const [next] = [...blobs.getKeys({ start, limit: 1 })];
      if (next === undefined || (end !== undefined && Buffer.compare(next, end) >= 0)) break;
      const key = Buffer.from(next.subarray(0, HASH_BYTES));
      const hash = key.toString('hex');
      const record = readRecord({ blobs }, hash);
      if (record === null) found.push({ hash, bytes: 0, version: CUT_OFF, isWhole: false });
      else found.push({ hash, bytes: record.bytes, version: record.version, isWhole: true });
      start = behindPrefix(key);
    }
    return found;
  });
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
