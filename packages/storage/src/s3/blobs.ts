/**
 * Blobs in a bucket of S3, or of any compatible server:
 *
 *   blobs/HASH/VERSION         a whole blob: S3 shows an object whole or not at all
 *   uploads/UPLOAD/OFFSET      a part of an upload, 12 digits, written only if there is none
 *
 * A put writes an object of a new version, and then removes those that it saw before; so a put and a removal, by any two
 * processes, work on different objects. Finishing an upload copies its parts into one object, through the relay, because
 * their SHA-256 has to be computed; a copy that was cut off is listed as not whole.
 */

import { createHash, randomBytes } from 'node:crypto';
import type { BlobListing, Blobs, BlobVersion, UploadListing } from '../blobs.ts';
import { createCalls } from '../calls.ts';
import {
  checkBlob,
  checkBlobQuery,
  checkHash,
  checkRange,
  checkUpload,
  checkUploadPart,
  checkWholeRead,
  damagedBlob,
  sha256Hex,
} from '../check-input.ts';
import type { Bucket, ListedObject } from './bucket.ts';

export interface S3Blobs extends Blobs {
  /** Waits for calls under way. Idempotent; later calls reject with `CLOSED`. */
  close(): Promise<void>;
}

/** S3's parts have 5 MiB at least, except the last, and there are 10,000 at most. */
const PART_BYTES = 8 * 1024 * 1024;
const OFFSET_DIGITS = 12;
/** Attempts of a read when puts of the blob overtake it. */
const MAX_ATTEMPTS = 5;
const PAGE = 1_000;
/** Sorts behind every version and offset. */
const LAST = '~';
const WHERE = 'the bucket';

export function createS3Blobs(bucket: Bucket): S3Blobs {
  const { tracked, close } = createCalls();
  return {
    putBlob: (hash, bytes) =>
      tracked(async () => {
        checkBlob(hash, bytes);
        await keep(bucket, hash, async (key) => {
          await bucket.put(key, bytes);
          return true;
        });
      }),

    getBlob: (hash) =>
      tracked(async () => {
        checkHash(hash);
        const bytes = await readLatest(bucket, hash, (size) => {
          checkWholeRead(size);
          return [0, size];
        });
        if (bytes !== null && sha256Hex(bytes) !== hash) throw damagedBlob(hash, WHERE);
        return bytes;
      }),

    sizeOfBlob: (hash) =>
      tracked(async () => {
        checkHash(hash);
        return (await objectsOf(bucket, hash))[0]?.bytes ?? null;
      }),

    readBlob: (hash, start, end) =>
      tracked(async () => {
        checkRange(hash, start, end);
        return readLatest(bucket, hash, (size) => [start, Math.min(end, size)]);
      }),

    listBlobs: (query) =>
      tracked(async () => {
        const { prefix, after } = checkBlobQuery(query);
        return listBlobs(bucket, prefix, after, query.limit);
      }),

    removeBlobs: (listed) =>
      tracked(async () => {
        for (const { hash } of listed) checkHash(hash);
        const removed = new Set<string>();
        for (const blob of listed) if (await removeBlob(bucket, blob)) removed.add(blob.hash);
        return [...removed];
      }),

    ...uploadCalls(bucket, tracked),
    close: () => close(() => Promise.resolve()),
  };
}

type UploadCalls = Pick<Blobs, 'writeUpload' | 'uploadedBytes' | 'finishUpload' | 'dropUpload' | 'listUploads'>;

function uploadCalls(bucket: Bucket, tracked: <T>(run: () => Promise<T>) => Promise<T>): UploadCalls {
  return {
    writeUpload: (upload, offset, bytes) =>
      tracked(async () => {
        checkUploadPart(upload, offset, bytes);
        const held = endOf(await partsOf(bucket, upload));
        if (held !== offset) return { isWritten: false, offset: held };
        // An upload of nothing has one object, which sorts before all parts.
        const name = bytes.length === 0 ? '-' : String(offset).padStart(OFFSET_DIGITS, '0');
        const isWritten = await bucket.put(`uploads/${upload}/${name}`, bytes, { isNew: bytes.length > 0 });
        return isWritten ? { isWritten, offset: offset + bytes.length } : { isWritten, offset: endOf(await partsOf(bucket, upload)) };
      }),

    uploadedBytes: (upload) =>
      tracked(async () => {
        checkUpload(upload);
        const parts = await partsOf(bucket, upload);
        return parts.length === 0 ? null : endOf(parts);
      }),

    finishUpload: (upload, hash) =>
      tracked(async () => {
        checkUpload(upload);
        checkHash(hash);
        const parts = await partsOf(bucket, upload);
        return parts.length === 0 ? false : keep(bucket, hash, (key) => copyParts(bucket, parts, key, hash));
      }),

    dropUpload: (upload) =>
      tracked(async () => {
        checkUpload(upload);
        const keys: string[] = [];
        // All objects, also those behind a gap, which `partsOf` leaves out.
        for await (const { key } of allOf(bucket, `uploads/${upload}/`, `uploads/${upload}/`)) keys.push(key);
        // From the end, so that a drop which is cut off leaves a shorter upload.
        for (const key of keys.reverse()) await bucket.remove(key);
      }),

    listUploads: (query) =>
      tracked(async () => {
        const { after } = checkBlobQuery(query);
        return listUploads(bucket, after, query.limit);
      }),
  };
}

/** Puts a new version in place of those that are there. @param write False: nothing was written. */
async function keep(bucket: Bucket, hash: string, write: (key: string) => Promise<boolean>): Promise<boolean> {
  const before = await objectsOf(bucket, hash);
  if (!(await write(`blobs/${hash}/${randomBytes(9).toString('hex')}`))) return false;
  for (const { key } of before) await bucket.remove(key);
  return true;
}

/** @param rangeOf Start and end within a blob of this size. @throws {StoreError} `CORRUPT`. */
async function readLatest(bucket: Bucket, hash: string, rangeOf: (size: number) => [number, number]): Promise<Uint8Array | null> {
  for (let attempt = 1; ; attempt++) {
    const [object] = await objectsOf(bucket, hash);
    if (object === undefined) return null;
    const [start, end] = rangeOf(object.bytes);
    if (start >= end) return new Uint8Array(0);
    const bytes = await bucket.get(object.key, start, end);
    if (bytes?.length === end - start) return bytes;
    if (bytes !== null || attempt === MAX_ATTEMPTS) throw damagedBlob(hash, WHERE); // null: replaced meanwhile
  }
}

/** @returns False when the parts have another hash: nothing was written. */
async function copyParts(bucket: Bucket, parts: readonly ListedObject[], key: string, hash: string): Promise<boolean> {
  const total = endOf(parts);
  const sum = createHash('sha256');
  const pieces = piecesOf(bucket, parts, sum);
  if (total <= PART_BYTES) {
    const bytes = (await pieces.next()).value ?? new Uint8Array(0);
    return sum.digest('hex') === hash && bucket.put(key, bytes);
  }
  const upload = await bucket.beginParts(key);
  try {
    const tags: string[] = [];
    for await (const piece of pieces) tags.push(await bucket.putPart(key, upload, tags.length + 1, piece));
    const isRight = sum.digest('hex') === hash;
    if (isRight) await bucket.endParts(key, upload, tags);
    else await bucket.abortParts(key, upload);
    return isRight;
  } catch (error) {
    await bucket.abortParts(key, upload).catch(() => undefined); // the first error says more; a listing names what is left
    throw error;
  }
}

/** The bytes of an upload in pieces of `PART_BYTES`, the last one shorter; they end where a part is missing. */
async function* piecesOf(
  bucket: Bucket,
  parts: readonly ListedObject[],
  sum: { update(bytes: Uint8Array): unknown },
): AsyncGenerator<Uint8Array, undefined> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for (const { key, bytes: size } of parts) {
    const part = await bucket.get(key, 0, size);
    if (part === null) break; // dropped meanwhile: the hash shows it
    sum.update(part);
    held.push(part);
    heldBytes += part.length;
    while (heldBytes > PART_BYTES) {
      const all = Buffer.concat(held);
      yield new Uint8Array(all.subarray(0, PART_BYTES));
      [held, heldBytes] = [[all.subarray(PART_BYTES)], heldBytes - PART_BYTES];
    }
  }
  yield new Uint8Array(Buffer.concat(held));
}

/** The versions of a blob: one, unless puts of it cross or one was cut off before it removed the others. */
function objectsOf(bucket: Bucket, hash: string): Promise<ListedObject[]> {
  return bucket.list({ prefix: `blobs/${hash}/` });
}

/** An upload's parts in order, up to one that is missing. */
async function partsOf(bucket: Bucket, upload: string): Promise<ListedObject[]> {
  const parts: ListedObject[] = [];
  for await (const object of allOf(bucket, `uploads/${upload}/`, `uploads/${upload}/`)) {
    const start = Number(object.key.split('/')[2] === '-' ? 0 : object.key.split('/')[2]);
    if (start === endOf(parts)) parts.push(object);
  }
  return parts;
}

function endOf(parts: readonly ListedObject[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function* allOf(bucket: Bucket, prefix: string, from: string): AsyncGenerator<ListedObject> {
  for (let after = from; ;) {
    const page = await bucket.list({ prefix, after, limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.key;
  }
}

async function listBlobs(bucket: Bucket, prefix: string, after: string, limit: number): Promise<BlobListing[]> {
  const listings = new Map<string, BlobListing[]>();
  const ownOf = (key: string): { own: BlobListing[]; hash: string; version: string } => {
    const [, hash = '', version = ''] = key.split('/');
    const own = listings.get(hash) ?? [];
    listings.set(hash, own);
    return { own, hash, version };
  };
  const from = `blobs/${after}${after.length === 64 ? `/${LAST}` : ''}`;
  for await (const { key, bytes } of allOf(bucket, `blobs/${prefix}`, from)) {
    if (!listings.has(key.split('/')[1] ?? '') && listings.size === limit) break;
    const { own, hash, version } = ownOf(key);
    // The first of two versions is the blob, as for readers; the other is left of puts that crossed.
    const isWhole = own.length === 0;
    own.push({ hash, version, bytes: isWhole ? bytes : 0, isWhole });
  }
  for (const { key } of await bucket.begun(`blobs/${prefix}`)) {
    if (key <= from) continue;
    const { own, hash, version } = ownOf(key);
    own.push({ hash, version, bytes: 0, isWhole: false });
  }
  const hashes = [...listings.keys()].sort().slice(0, limit);
  return hashes.flatMap((hash) => listings.get(hash) ?? []);
}

/** @returns Whether something was removed. */
async function removeBlob(bucket: Bucket, { hash, version }: BlobVersion): Promise<boolean> {
  const key = `blobs/${hash}/${version}`;
  const isThere = (await objectsOf(bucket, hash)).some((object) => object.key === key);
  if (isThere) await bucket.remove(key);
  const begun = (await bucket.begun(key)).filter((upload) => upload.key === key);
  for (const { upload } of begun) await bucket.abortParts(key, upload);
  return isThere || begun.length > 0;
}

async function listUploads(bucket: Bucket, after: string, limit: number): Promise<UploadListing[]> {
  const found = new Map<string, UploadListing>();
  for await (const { key, bytes, updatedAt } of allOf(bucket, 'uploads/', `uploads/${after}${after === '' ? '' : `/${LAST}`}`)) {
    const [, upload = ''] = key.split('/');
    if (!found.has(upload) && found.size === limit) break;
    const listing = found.get(upload) ?? { upload, bytes: 0, updatedAt: 0 };
    found.set(upload, { upload, bytes: listing.bytes + bytes, updatedAt: Math.max(listing.updatedAt, updatedAt) });
  }
  return [...found.values()];
}
