/**
 * Blobs by content: a file in GridFS (grid-files.ts), and a head in the collection `blobs`, written last, which says that
 * the blob is whole and names its file:
 *
 *   blobs         <hash>            { size, version, isFile }      swapped whole; a removal names the version
 *   blobs.chunks  <hash>:<version>                                 written once, under a version that only this put has
 *
 * So a put and a removal at the same time, by any two processes, work on different files. A put that was cut off leaves
 * chunks that no head names; a listing names them so that they can be removed. Blobs put before they were files have
 * pieces in `blobs`: `<hash>:<version>:<i>`, and before there were versions `<hash>:<i>`.
 */

import { randomBytes } from 'node:crypto';
import type { Filter } from 'mongodb';
import type { BlobListing, Blobs, BlobVersion } from '../blobs.ts';
import type { Calls } from '../calls.ts';
import { checkBlob, checkBlobQuery, checkHash, checkRange, checkUpload, checkWholeRead, damagedBlob, sha256Hex } from '../check-input.ts';
import { StoreError } from '../errors.ts';
import { isDuplicate, type BlobDocument, type Database } from './database.ts';
import { createGridFiles, type GridFiles } from './grid-files.ts';
import { createMongoUploads } from './uploads.ts';

const PIECE_BYTES = 8 * 1024 * 1024;
const HASH_DIGITS = 64;
/** The version of a blob without one. No random version is as short. */
const NO_VERSION = 'none';
/** Ids read in one query. */
const IDS_AT_ONCE = 1_000;
/** Attempts of a read when puts of the blob overtake it. */
const MAX_ATTEMPTS = 5;
/** Attempts of a put when other puts are first. Each time another put of the same bytes has succeeded. */
const MAX_SWAPS = 50;
const REMOVALS_AT_ONCE = 8;
/** Length of a random version in base64url: longer than any number of a piece. */
const VERSION_LETTERS = 12;

/**
 * @param tracked Runs a call that `close` waits for, and turns its errors into StoreErrors.
 * @param now ms since 1970.
 */
export function createMongoBlobs(database: Database, tracked: Calls['tracked'], now: () => number): Blobs {
  const files = createGridFiles(database);
  const blobs = new MongoBlobs(database, files);
  const uploads = createMongoUploads(database, tracked, now);
  return {
    putBlob: (hash, bytes) =>
      tracked(async () => {
        checkBlob(hash, bytes);
        await blobs.keep(hash, once(bytes));
      }),

    getBlob: (hash) =>
      tracked(async () => {
        checkHash(hash);
        return blobs.getWhole(hash);
      }),

    sizeOfBlob: (hash) =>
      tracked(async () => {
        checkHash(hash);
        return (await database.blobs.findOne({ _id: hash }))?.size ?? null;
      }),

    readBlob: (hash, start, end) =>
      tracked(async () => {
        checkRange(hash, start, end);
        return blobs.read(hash, start, end);
      }),

    listBlobs: (query) =>
      tracked(async () => {
        const { prefix, after } = checkBlobQuery(query);
        return listBlobs(database, files, { prefix, after, limit: query.limit });
      }),

    removeBlobs: (listed) =>
      tracked(async () => {
        for (const { hash } of listed) checkHash(hash);
        return blobs.removeAll(listed);
      }),

    finishUpload: (upload, hash) =>
      tracked(async () => {
        checkUpload(upload);
        checkHash(hash);
        const parts = await uploads.parts(upload);
        return parts === null ? false : blobs.keep(hash, parts);
      }),

    ...uploads.calls,
  };
}

class MongoBlobs {
  readonly #database: Database;
  readonly #files: GridFiles;

  constructor(database: Database, files: GridFiles) {
    this.#database = database;
    this.#files = files;
  }

  /** @returns False when the pieces have another hash: nothing was changed. */
  async keep(hash: string, pieces: AsyncIterable<Uint8Array>): Promise<boolean> {
    const version = randomBytes(9).toString('base64url');
    const size = await this.#files.write(fileId(hash, version), pieces, hash);
    if (size === null) return false;
    const before = await swapHead(this.#database, { _id: hash, size, bytes: null, version, isFile: true });
    if (before !== null) await this.#deleteBytes(hash, versionOf(before));
    return true;
  }

  /** @throws {StoreError} `CORRUPT`, `TOO_LARGE`. */
  async getWhole(hash: string): Promise<Uint8Array | null> {
    return this.#ofOneVersion(hash, async (head) => {
      const size = head.size ?? 0;
      checkWholeRead(size);
      const bytes = await this.#range(head, 0, size);
      return bytes !== null && sha256Hex(bytes) === hash ? bytes : null;
    });
  }

  /** @throws {StoreError} `CORRUPT`. */
  async read(hash: string, start: number, end: number): Promise<Uint8Array | null> {
    return this.#ofOneVersion(hash, (head) => this.#range(head, start, Math.min(end, head.size ?? 0)));
  }

  async removeAll(listed: readonly BlobVersion[]): Promise<string[]> {
    const removed = new Set<string>();
    for (let at = 0; at < listed.length; at += REMOVALS_AT_ONCE)
      await Promise.all(
        listed.slice(at, at + REMOVALS_AT_ONCE).map(async (blob) => {
          if (await this.#remove(blob)) removed.add(blob.hash);
        }),
      );
    return [...removed];
  }

  /** Reads again when a put replaces the blob meanwhile. @param read Null: bytes are missing or damaged. */
  async #ofOneVersion(hash: string, read: (head: BlobDocument) => Promise<Uint8Array | null>): Promise<Uint8Array | null> {
    const { blobs } = this.#database;
    for (let attempt = 1; ; attempt++) {
      const head = await blobs.findOne({ _id: hash });
      if (head === null) return null;
      const bytes = await read(head);
      if (bytes !== null) return bytes;
      const now = await blobs.findOne({ _id: hash });
      const isSame = now !== null && versionOf(now) === versionOf(head);
      if (isSame || attempt === MAX_ATTEMPTS) throw damagedBlob(hash, 'the database');
    }
  }

  /** Null when bytes are missing. */
  async #range(head: BlobDocument, start: number, end: number): Promise<Uint8Array | null> {
    if (start >= end) return new Uint8Array(0);
    const version = versionOf(head);
    const bytes =
      head.isFile === true ? await this.#files.read(fileId(head._id, version), start, end) : await this.#pieces(head, start, end);
    return bytes.length === end - start ? bytes : null;
  }

  async #pieces(head: BlobDocument, start: number, end: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(end - start);
    let at = start;
    while (at < end) {
      const i = Math.floor(at / PIECE_BYTES);
      const piece = (await this.#database.blobs.findOne({ _id: pieceId(head._id, versionOf(head), i) }))?.bytes?.value();
      const part = piece?.subarray(at - i * PIECE_BYTES, end - i * PIECE_BYTES);
      if (part === undefined || part.length === 0) break;
      bytes.set(part, at - start);
      at += part.length;
    }
    return bytes.subarray(0, at - start);
  }

  async #remove({ hash, version }: BlobVersion): Promise<boolean> {
    const { deletedCount } = await this.#database.blobs.deleteOne(ofVersion(hash, version));
    // The head first: from then on no version names these bytes, and a put takes another version.
    return deletedCount + (await this.#deleteBytes(hash, version)) > 0;
  }

  /** @returns Number of removed documents. */
  async #deleteBytes(hash: string, version: string): Promise<number> {
    const pieces = await deletePieces(this.#database, hash, version);
    return pieces + (version === NO_VERSION ? 0 : await this.#files.remove(fileId(hash, version)));
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/**
 * Puts a head in the place of the one that is read first, so that each head has exactly one successor, which removes its
 * bytes. An upsert would do the same in one call, but two at once need not both learn of the head that they replaced.
 *
 * @returns The head that was there before.
 */
async function swapHead({ blobs }: Database, head: BlobDocument): Promise<BlobDocument | null> {
  for (let attempt = 1; ; attempt++) {
    const before = await blobs.findOne({ _id: head._id });
    if (before === null ? await isFirst(blobs, head) : await hasReplaced(blobs, before, head)) return before;
    if (attempt === MAX_SWAPS)
      throw new StoreError('UNREACHABLE', `Other relays put blob ${head._id} ${MAX_SWAPS} times meanwhile. Try again.`);
  }
}

async function isFirst(blobs: Database['blobs'], head: BlobDocument): Promise<boolean> {
  try {
    await blobs.insertOne(head);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

async function hasReplaced(blobs: Database['blobs'], before: BlobDocument, head: BlobDocument): Promise<boolean> {
  return (await blobs.replaceOne(ofVersion(head._id, versionOf(before)), head)).matchedCount === 1;
}

function ofVersion(hash: string, version: string): Filter<BlobDocument> {
  return version === NO_VERSION ? { _id: hash, version: { $exists: false } } : { _id: hash, version };
}

interface BlobQuery {
  /** Hex digits of hashes. */
  prefix: string;
  after: string;
  /** Number of hashes. */
  limit: number;
}

async function listBlobs(database: Database, files: GridFiles, query: BlobQuery): Promise<BlobListing[]> {
  // ':' follows the hash in ids of its bytes, and ';' follows ':'.
  const { prefix, after, limit } = query;
  const start = after < prefix ? prefix : after.length === HASH_DIGITS ? `${after};` : after;
  const versionsByHash = await versionsIn(query, start, (from) => documentIds(database, from));
  for (const [hash, versions] of await versionsIn(query, start, (from) => files.ids(from, IDS_AT_ONCE)))
    versionsByHash.set(hash, new Set([...(versionsByHash.get(hash) ?? []), ...versions]));
  // Each of the two has its first hashes here, so the first of both are those of all.
  const hashes = [...versionsByHash.keys()].sort().slice(0, limit);
  return withHeads(database, hashes, versionsByHash);
}

async function documentIds({ blobs }: Pick<Database, 'blobs'>, start: string): Promise<string[]> {
  const found = await blobs.find({ _id: { $gte: start } }, { projection: { _id: 1 }, sort: { _id: 1 }, limit: IDS_AT_ONCE }).toArray();
  return found.map(({ _id }) => _id);
}

/** The first hashes among these ids, each with the versions of its bytes. @param idsFrom The next ids, `IDS_AT_ONCE`. */
async function versionsIn(
  { prefix, limit }: BlobQuery,
  start: string,
  idsFrom: (start: string) => Promise<string[]>,
): Promise<Map<string, Set<string>>> {
  const versionsByHash = new Map<string, Set<string>>();
  for (let from = start; ;) {
    const ids = await idsFrom(from);
    for (const id of ids) {
      const hash = id.slice(0, HASH_DIGITS);
      const isWanted = hash.startsWith(prefix) && (versionsByHash.has(hash) || versionsByHash.size < limit);
      if (!isWanted) return versionsByHash;
      const versions = versionsByHash.get(hash) ?? new Set();
      versionsByHash.set(hash, versions);
      if (id.length > HASH_DIGITS) versions.add(versionOfPiece(id));
    }
    const last = ids.at(-1);
    if (last === undefined || ids.length < IDS_AT_ONCE) return versionsByHash;
    from = `${last}\u0000`;
  }
}

async function withHeads(
  { blobs }: Pick<Database, 'blobs'>,
  hashes: readonly string[],
  versionsByHash: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<BlobListing[]> {
  const heads = await blobs.find({ _id: { $in: [...hashes] } }).toArray();
  const headByHash = new Map(heads.map((head) => [head._id, head]));
  return hashes.flatMap((hash): BlobListing[] => {
    const head = headByHash.get(hash);
    const whole = head === undefined ? [] : [{ hash, bytes: head.size ?? 0, version: versionOf(head), isWhole: true }];
    const cutOff = [...(versionsByHash.get(hash) ?? [])].filter((version) => version !== whole[0]?.version);
    return [...whole, ...cutOff.map((version) => ({ hash, bytes: 0, version, isWhole: false }))];
  });
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

/** @param id `hash:version` of a file, `hash:version:i` or `hash:i` of a piece. */
function versionOfPiece(id: string): string {
  const [, version = NO_VERSION, i] = id.split(':');
  return i === undefined && version.length < VERSION_LETTERS ? NO_VERSION : version;
}

function fileId(hash: string, version: string): string {
  return `${hash}:${version}`;
}
