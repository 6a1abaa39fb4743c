/**
 * Blobs by content: pieces of 8 MiB, and a head, written last, which says that the blob is whole and names its pieces:
 *
 *   <hash>                 { size, version }      swapped whole; a removal names the version
 *   <hash>:<version>:<i>   { bytes }              inserted once, under a version that only this put has
 *
 * So a put and a removal at the same time, by any two processes, work on different pieces. A put that was cut off
 * leaves pieces that no head names; a listing names them so that they can be removed. Blobs put before there were
 * versions have their pieces under `<hash>:<i>`.
 */

import { randomBytes } from 'node:crypto';
import { Binary, type Filter } from 'mongodb';
import type { Calls } from '../calls.ts';
import { checkBlob, checkBlobQuery, checkHash, sha256Hex } from '../check-input.ts';
import { StoreError } from '../errors.ts';
import type { BlobListing, Blobs, BlobVersion } from '../port.ts';
import { isDuplicate, type BlobDocument, type Database } from './database.ts';

const PIECE_BYTES = 8 * 1024 * 1024;
const HASH_DIGITS = 64;
/** The version of a blob without one. No random version is as short. */
const NO_VERSION = 'none';
/** Ids read in one query. A blob of the largest size has nine. */
const IDS_AT_ONCE = 1_000;
/** Attempts of a read when puts of the blob overtake it, and of a put when another put is first. */
const MAX_ATTEMPTS = 5;
const REMOVALS_AT_ONCE = 8;

/** @param tracked Runs a call that `close` waits for, and turns its errors into StoreErrors. */
export function createMongoBlobs(database: Database, tracked: Calls['tracked']): Blobs {
  return {
    putBlob: (hash, bytes) =>
      tracked(async () => {
        checkBlob(hash, bytes);
        await writeBlob(database, hash, bytes);
      }),

    getBlob: (hash) =>
      tracked(async () => {
        checkHash(hash);
        return readBlob(database, hash);
      }),

    listBlobs: (query) =>
      tracked(async () => {
        const { prefix, after } = checkBlobQuery(query);
        return listBlobs(database, prefix, after, query.limit);
      }),

    removeBlobs: (listed) =>
      tracked(async () => {
        for (const { hash } of listed) checkHash(hash);
        return removeBlobs(database, listed);
      }),
  };
}

async function writeBlob(database: Database, hash: string, bytes: Uint8Array): Promise<void> {
  const { blobs } = database;
  const version = randomBytes(9).toString('base64url');
  for (let i = 0; i * PIECE_BYTES < bytes.length; i++) {
    const piece = new Binary(bytes.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES));
    await blobs.insertOne({ _id: pieceId(hash, version, i), size: null, bytes: piece });
  }
  const before = await swapHead(database, { _id: hash, size: bytes.length, bytes: null, version });
  if (before !== null) await deletePieces(database, hash, versionOf(before));
}

/** @returns The head that was there before. */
async function swapHead({ blobs }: Database, head: BlobDocument): Promise<BlobDocument | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await blobs.findOneAndReplace({ _id: head._id }, head, { upsert: true, returnDocument: 'before' });
    } catch (error) {
      if (!isDuplicate(error) || attempt === MAX_ATTEMPTS) throw error; // else two puts made the first head at once
    }
  }
}

/** @throws {StoreError} `CORRUPT`. */
async function readBlob({ blobs }: Database, hash: string): Promise<Uint8Array | null> {
  for (let attempt = 1; ; attempt++) {
    const head = await blobs.findOne({ _id: hash });
    if (head === null) return null;
    const size = head.size ?? 0;
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += PIECE_BYTES) {
      const piece = (await blobs.findOne({ _id: pieceId(hash, versionOf(head), at / PIECE_BYTES) }))?.bytes?.value();
      if (piece !== undefined && at + piece.length <= size) bytes.set(piece, at);
    }
    if (sha256Hex(bytes) === hash) return bytes;
    const now = await blobs.findOne({ _id: hash });
    const isSame = now !== null && versionOf(now) === versionOf(head);
    if (isSame || attempt === MAX_ATTEMPTS)
      throw new StoreError('CORRUPT', `Blob ${hash} is damaged. Put it again, or restore the database from a backup.`);
  }
}

/** @param prefix, after Hex digits of hashes. @param limit Number of hashes. */
async function listBlobs({ blobs }: Database, prefix: string, after: string, limit: number): Promise<BlobListing[]> {
  /** Versions that have pieces, by hash. */
  const versionsByHash = new Map<string, Set<string>>();
  // ':' follows the hash in ids of its pieces, and ';' follows ':'.
  for (let start = after < prefix ? prefix : after.length === HASH_DIGITS ? `${after};` : after; ;) {
    const ids = await blobs.find({ _id: { $gte: start } }, { projection: { _id: 1 }, sort: { _id: 1 }, limit: IDS_AT_ONCE }).toArray();
    for (const { _id } of ids) {
      const hash = _id.slice(0, HASH_DIGITS);
      const isWanted = hash.startsWith(prefix) && (versionsByHash.has(hash) || versionsByHash.size < limit);
      if (!isWanted) return withHeads({ blobs }, versionsByHash);
      const versions = versionsByHash.get(hash) ?? new Set();
      versionsByHash.set(hash, versions);
      if (_id.length > HASH_DIGITS) versions.add(versionOfPiece(_id));
    }
    const last = ids.at(-1);
    if (last === undefined || ids.length < IDS_AT_ONCE) return withHeads({ blobs }, versionsByHash);
    start = `${last._id}\u0000`;
  }
}

async function withHeads({ blobs }: Pick<Database, 'blobs'>, versionsByHash: Map<string, Set<string>>): Promise<BlobListing[]> {
  const heads = await blobs.find({ _id: { $in: [...versionsByHash.keys()] } }).toArray();
  const headByHash = new Map(heads.map((head) => [head._id, head]));
  return [...versionsByHash].flatMap(([hash, versions]): BlobListing[] => {
    const head = headByHash.get(hash);
    const whole = head === undefined ? [] : [{ hash, bytes: head.size ?? 0, version: versionOf(head), isWhole: true }];
    const cutOff = [...versions].filter((version) => version !== whole[0]?.version);
    return [...whole, ...cutOff.map((version) => ({ hash, bytes: 0, version, isWhole: false }))];
  });
}

/** @returns Hashes of which something was removed. */
async function removeBlobs(database: Database, listed: readonly BlobVersion[]): Promise<string[]> {
  const removed = new Set<string>();
  for (let at = 0; at < listed.length; at += REMOVALS_AT_ONCE)
    await Promise.all(
      listed.slice(at, at + REMOVALS_AT_ONCE).map(async (blob) => {
        if (await removeBlob(database, blob)) removed.add(blob.hash);
      }),
    );
  return [...removed];
}

async function removeBlob(database: Database, { hash, version }: BlobVersion): Promise<boolean> {
  const ofVersion: Filter<BlobDocument> = version === NO_VERSION ? { _id: hash, version: { $exists: false } } : { _id: hash, version };
  const { deletedCount } = await database.blobs.deleteOne(ofVersion);
  // The head first: from then on no version names these pieces, and a put takes another version.
  const pieces = await deletePieces(database, hash, version);
  return deletedCount + pieces > 0;
}

async function deletePieces({ blobs }: Database, hash: string, version: string): Promise<number> {
  const prefix = version === NO_VERSION ? `${hash}:` : `${hash}:${version}:`;
  const ids = await blobs.find({ _id: { $gte: prefix, $lt: `${prefix};` } }, { projection: { _id: 1 } }).toArray();
  const own = ids.map(({ _id }) => _id).filter((id) => versionOfPiece(id) === version);
  if (own.length === 0) return 0;
  return (await blobs.deleteMany({ _id: { $in: own } })).deletedCount;
}

function versionOf({ version }: BlobDocument): string {
  return version ?? NO_VERSION;
}

function pieceId(hash: string, version: string, i: number): string {
  return version === NO_VERSION ? `${hash}:${i}` : `${hash}:${version}:${i}`;
}

function versionOfPiece(id: string): string {
  const [, version, i] = id.split(':');
  return i === undefined || version === undefined ? NO_VERSION : version;
}
