/**
 * Pictures and files of boards. The store keeps bytes under their hash, once for all boards. Records say which board has
 * which, and how many bytes they take:
 *
 *     blob/BOARD/HASH                    which pictures and files a board has (picture-records.ts)
 *     blobs/BOARD, userblobs/USER        how many bytes they take (picture-quota.ts)
 *     picture/HASH/BOARD                 which boards use which bytes (picture-uses.ts)
 *     upload/BOARD/NAME                  uploads that are not whole (board-uploads.ts)
 *     unused/BOARD                       when the document was last searched for what it no longer needs (unused-blobs.ts)
 *
 * A client that may not see a board learns nothing by knowing a hash. With the last board that has a blob its bytes go;
 * the sweep (board-sweep.ts) finds what a crash leaves behind.
 */

import { createHash } from 'node:crypto';
import { StoreError, type BlobListing, type Blobs, type Records, type Store } from '@wetink/storage';
import type { CompleteUpload, PutOutcome } from './blob-types.ts';
import { createBoardUploads, type BoardUploads } from './board-uploads.ts';
import { createBlobRecount, type BlobRecount } from './blob-recount.ts';
import { isRoomErased } from './erased-rooms.ts';
import { pictureOf } from './images.ts';
import { createPictureBytes, inGroups, type PictureBytes } from './picture-bytes.ts';
import { BlobQuotas, type QuotaLimits } from './picture-quota.ts';
import { FILE_TYPE, PictureRecords, userCountOf, type BlobType } from './picture-records.ts';
import { createPictureUses, type PictureUses } from './picture-uses.ts';
import { pagesOf } from './record-pages.ts';
import { createUnusedBlobs, UNUSED, type UnusedBlobs, type UnusedBlobsOptions } from './unused-blobs.ts';

export interface BlobLimits extends QuotaLimits {
  /** Limit of one picture. */
  maxBlobBytes: number;
  maxBlobPixels: number;
  /** Limit of one file. */
  maxFileBytes: number;
}

export interface StoredPicture {
  type: BlobType;
  bytes: Uint8Array;
}

/** A picture or file, whose bytes are read when they are needed. */
export interface OpenBlob {
  type: BlobType;
  size: number;
  /** Bytes `start` to `end` (exclusive). @throws {StoreError} Also when the blob was removed meanwhile. */
  read(start: number, end: number): Promise<Uint8Array>;
}

export interface BoardBlobs {
  /** @param hash Hash that the bytes must have. `isNew` false: the board had it already. */
  put(board: string, hash: string, bytes: Uint8Array, userId: string): Promise<PutOutcome>;
  /** Null when the board has no such picture or file. @throws {StoreError} */
  get(board: string, hash: string): Promise<StoredPicture | null>;
  /** As `get`, without reading the bytes. @throws {StoreError} */
  open(board: string, hash: string): Promise<OpenBlob | null>;
  /**
   * Makes an upload of the store a blob of the board; its bytes are in the counts already, and leave them again unless the
   * blob is new. The upload stays.
   */
  putUpload(board: string, hash: string, upload: CompleteUpload): Promise<PutOutcome>;
  /** Uploads that are not whole. */
  readonly uploads: BoardUploads;
  readonly quotas: BlobQuotas;
  /**
   * Removes an erased board's records of pictures, and the bytes of pictures that no other board has. Idempotent;
   * repeated after a crash, it finishes the rest.
   */
  forget(board: string): Promise<void>;
  /** For the sweep. */
  readonly uses: PictureUses;
  readonly bytes: Pick<PictureBytes, 'removeUnused'>;
  /** Boards that have records of pictures; a board may come twice. */
  boards(): AsyncGenerator<string>;
  /** Whether the board has the picture. */
  has(board: string, hash: string): Promise<boolean>;
  /** As `has`, for an answer to a client: the picture no longer counts as unused. */
  tell(board: string, hash: string): Promise<boolean>;
  /** The search for pictures and files that the board's document no longer needs. */
  unused(options: Pick<UnusedBlobsOptions, 'store' | 'readUses' | 'keptMs' | 'onRemoved' | 'onError'>): UnusedBlobs;
  readonly recount: BlobRecount;
}

export interface BoardBlobsOptions {
  store: Blobs & Pick<Store, 'append'> & { records: Records };
  limits: BlobLimits;
  /** ms since 1970. */
  wallClock(): number;
}

const MAX_ATTEMPTS = 10;
const REMOVED_AT_ONCE = 50;
/** Pictures whose bytes go in one call of the store, after which LMDB rewrites its file. */
const PICTURES_PER_REMOVAL = 10_000;

export function isBlobHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

export function createBoardBlobs(options: BoardBlobsOptions): BoardBlobs {
  return new StoredBoardBlobs(options);
}

interface CountedPut {
  bytes: number;
  userId: string;
  /** The bytes are in the counts of the board and the user. */
  isCounted: boolean;
}

/** Makes the bytes a blob of the store. @returns Its type; null when the bytes have another hash. */
type PutBytes = () => Promise<BlobType | null>;

class StoredBoardBlobs implements BoardBlobs {
  readonly uses: PictureUses;
  readonly bytes: PictureBytes;
  readonly uploads: BoardUploads;
  readonly quotas: BlobQuotas;
  readonly recount: BlobRecount;
  readonly #options: BoardBlobsOptions;
  readonly #pictures: PictureRecords;

  constructor(options: BoardBlobsOptions) {
    const { store, limits, wallClock } = options;
    this.#options = options;
    this.#pictures = new PictureRecords(store.records);
    this.quotas = new BlobQuotas(store.records, limits);
    this.uses = createPictureUses(store.records);
    this.bytes = createPictureBytes({ store, uses: this.uses, pictures: () => this.#pictures.pages() });
    this.uploads = createBoardUploads({ store, blobs: this, quotas: this.quotas, maxFileBytes: limits.maxFileBytes, wallClock });
    this.recount = createBlobRecount({ pictures: this.#pictures, quotas: this.quotas, uploads: this.uploads });
  }

  async put(board: string, hash: string, bytes: Uint8Array, userId: string): Promise<PutOutcome> {
    const { limits, store } = this.#options;
    if (bytes.length > limits.maxBlobBytes) return { ok: false, code: 'blob_too_large' };
    if (createHash('sha256').update(bytes).digest('hex') !== hash) return { ok: false, code: 'blob_hash' };
    const picture = pictureOf(bytes);
    if (picture === null) return { ok: false, code: 'blob_type' };
    if (picture.width * picture.height > limits.maxBlobPixels) return { ok: false, code: 'blob_pixels' };
    const isKnown = await this.tell(board, hash);
    if (isKnown && (await this.#isWhole(hash))) return { ok: true, isNew: false };
    const refusal = isKnown ? null : await this.quotas.take(board, userId, bytes.length);
    if (refusal !== null) return { ok: false, code: refusal };
    return this.#keep(board, hash, { bytes: bytes.length, userId, isCounted: !isKnown }, async () => {
      await store.putBlob(hash, bytes);
      return picture.type;
    });
  }

  async putUpload(board: string, hash: string, { upload, bytes, userId }: CompleteUpload): Promise<PutOutcome> {
    const { store, limits } = this.#options;
    return this.#keep(board, hash, { bytes, userId, isCounted: true }, async () => {
      if (!(await store.finishUpload(upload, hash))) return null;
      const picture = bytes <= limits.maxBlobBytes ? pictureOf((await store.getBlob(hash)) ?? new Uint8Array()) : null;
      return picture !== null && picture.width * picture.height <= limits.maxBlobPixels ? picture.type : FILE_TYPE;
    });
  }

  async get(board: string, hash: string): Promise<StoredPicture | null> {
    const type = await this.#typeOf(board, hash);
    const bytes = type === null ? null : await this.#options.store.getBlob(hash);
    return type === null || bytes === null ? null : { type, bytes };
  }

  async open(board: string, hash: string): Promise<OpenBlob | null> {
    const { store } = this.#options;
    const type = await this.#typeOf(board, hash);
    const size = type === null ? null : await store.sizeOfBlob(hash);
    if (type === null || size === null) return null;
    return {
      type,
      size,
      async read(start, end) {
        const bytes = await store.readBlob(hash, start, end);
        if (bytes === null) throw new StoreError('CORRUPT', `Blob ${hash} was removed while it was read.`);
        return bytes;
      },
    };
  }

  has(board: string, hash: string): Promise<boolean> {
    return this.#pictures.has(board, hash);
  }

  async tell(board: string, hash: string): Promise<boolean> {
    return (await this.#pictures.tell(board, hash, this.#options.wallClock())) !== null;
  }

  unused(options: Pick<UnusedBlobsOptions, 'store' | 'readUses' | 'keptMs' | 'onRemoved' | 'onError'>): UnusedBlobs {
    const { uses, bytes, quotas } = this;
    return createUnusedBlobs({ ...options, uses, bytes, quotas, pictures: this.#pictures, wallClock: this.#options.wallClock });
  }

  async *boards(): AsyncGenerator<string> {
    let last = '';
    for await (const page of this.#pictures.pages()) for (const { board } of page) if (board !== last) yield (last = board);
    yield* this.quotas.boards();
    for await (const page of pagesOf(this.#options.store.records, UNUSED)) for (const { key } of page) yield key.slice(UNUSED.length);
  }

  async forget(board: string): Promise<void> {
    let gone: BlobListing[] = [];
    for await (const page of this.#pictures.pages(board)) {
      const hashes = page.map(({ hash }) => hash);
      gone.push(...(await this.bytes.letGo(board, hashes)));
      if (gone.length < PICTURES_PER_REMOVAL) continue;
      await this.bytes.removeUnused(gone);
      gone = [];
    }
    if (gone.length > 0) await this.bytes.removeUnused(gone);
    // The board's own records go last, so that a call repeated after a crash finds what is left to do.
    for await (const page of this.#pictures.pages(board))
      await inGroups(page, REMOVED_AT_ONCE, async (record) => {
        const count = (await this.#pictures.remove(record)) ? userCountOf(record) : null;
        if (count !== null) await this.quotas.giveBackUser(count.userId, count.bytes);
      });
    await this.uploads.forget(board);
    await this.quotas.forget(board);
    const { records } = this.#options.store;
    const check = await records.get(UNUSED + board);
    if (check !== null) await records.remove(check.key, check.version);
  }

  /** Gives the board the bytes. They leave the counts again unless this call writes the board's record. */
  async #keep(board: string, hash: string, put: CountedPut, putBytes: PutBytes): Promise<PutOutcome> {
    const written = { isMine: false };
    let outcome: PutOutcome | null = null;
    try {
      outcome = await this.#write(board, hash, put, putBytes, written);
      return outcome;
    } finally {
      const isErased = outcome?.ok === false && outcome.code === 'board_erased';
      // The put failed, or another put of the same bytes was faster. An erased board's count is gone already.
      if (put.isCounted && !written.isMine) {
        if (isErased) await this.quotas.giveBackUser(put.userId, put.bytes);
        else await this.quotas.giveBack(board, put.userId, put.bytes);
      }
    }
  }

  /** Writes bytes and records in the order that picture-uses.ts explains. @param written Says whether the record is this call's. */
  async #write(
    board: string,
    hash: string,
    { bytes, userId, isCounted }: CountedPut,
    putBytes: PutBytes,
    written: { isMine: boolean },
  ): Promise<PutOutcome> {
    const { store, wallClock } = this.#options;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const use = await this.uses.begin(hash, board);
      if (use === null) return { ok: false, code: 'busy' };
      const type = await putBytes();
      // The sweep settles the use that began.
      if (type === null) return { ok: false, code: 'blob_hash' };
      const ofUser = isCounted && userId !== '' ? { ofUser: true } : {};
      if (await this.#pictures.add(board, hash, { type, bytes, by: userId, since: wallClock(), ...ofUser })) written.isMine = true;
      else if (!(await this.tell(board, hash))) continue; // removed as unused at this moment
      // The board was erased before the record was written, so the erasure missed it.
      if (await isRoomErased(store, board)) {
        await this.forget(board);
        return { ok: false, code: 'board_erased' };
      }
      if (await this.uses.keep(hash, board, use)) return { ok: true, isNew: written.isMine };
    }
    return { ok: false, code: 'busy' };
  }

  async #typeOf(board: string, hash: string): Promise<BlobType | null> {
    const type = await this.#told(board, hash);
    return type === 'unknown' ? null : type;
  }

  /** A client gets its picture even when the store takes no writes: the mark then stays, and the next answer takes it away. */
  async #told(board: string, hash: string): Promise<BlobType | 'unknown' | null> {
    try {
      return await this.#pictures.tell(board, hash, this.#options.wallClock());
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return this.#pictures.typeOf(board, hash);
    }
  }

  async #isWhole(hash: string): Promise<boolean> {
    try {
      return (await this.#options.store.getBlob(hash)) !== null;
    } catch (error) {
      if (error instanceof StoreError && error.code === 'CORRUPT') return false;
      throw error;
    }
  }
}
