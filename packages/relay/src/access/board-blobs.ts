/**
 * Pictures of boards. The store keeps bytes under their hash, once for all boards. Records say which board has which
 * picture, and how many bytes its pictures take:
 *
 *     blob/BOARD/HASH      which pictures a board has (picture-records.ts)
 *     blobs/BOARD          how many bytes they take (picture-quota.ts)
 *     picture/HASH/BOARD   which boards use a picture (picture-uses.ts)
 *
 * A client that may not see a board learns nothing by knowing a hash. With the last board that has a picture its bytes
 * go; the sweep (board-sweep.ts) finds what a crash leaves behind.
 */

import { createHash } from 'node:crypto';
import { StoreError, type BlobListing, type Records, type Store } from '@wetink/storage';
import { isRoomErased } from './erased-rooms.ts';
import { pictureOf, type Picture } from './images.ts';
import { createPictureBytes, inGroups, type PictureBytes } from './picture-bytes.ts';
import { PictureQuota } from './picture-quota.ts';
import { PictureRecords, type PictureFacts } from './picture-records.ts';
import { createPictureUses, type PictureUses } from './picture-uses.ts';

export interface BlobLimits {
  /** Limit of one picture. */
  maxBlobBytes: number;
  maxBlobPixels: number;
  /** Limit of all pictures of a board. */
  maxBoardBlobBytes: number;
}

export type BlobFailure = 'blob_hash' | 'blob_too_large' | 'blob_type' | 'blob_pixels' | 'blob_quota' | 'board_erased' | 'busy';

export interface StoredPicture {
  type: Picture['type'];
  bytes: Uint8Array;
}

export interface BoardBlobs {
  /** @param hash Hash that the bytes must have. `isNew` false: the board had it already. */
  put(
    board: string,
    hash: string,
    bytes: Uint8Array,
    userId: string,
  ): Promise<{ ok: true; isNew: boolean } | { ok: false; code: BlobFailure }>;
  /** Null when the board has no such picture. @throws {StoreError} */
  get(board: string, hash: string): Promise<StoredPicture | null>;
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
}

export interface BoardBlobsOptions {
  store: Pick<Store, 'putBlob' | 'getBlob' | 'listBlobs' | 'removeBlobs' | 'append'> & { records: Records };
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

class StoredBoardBlobs implements BoardBlobs {
  readonly uses: PictureUses;
  readonly bytes: PictureBytes;
  readonly #options: BoardBlobsOptions;
  readonly #pictures: PictureRecords;
  readonly #quota: PictureQuota;

  constructor(options: BoardBlobsOptions) {
    const { store, limits } = options;
    this.#options = options;
    this.#pictures = new PictureRecords(store.records);
    this.#quota = new PictureQuota(store.records, limits.maxBoardBlobBytes);
    this.uses = createPictureUses(store.records);
    this.bytes = createPictureBytes({ store, uses: this.uses, pictures: () => this.#pictures.pages() });
  }

  async put(board: string, hash: string, bytes: Uint8Array, userId: string): ReturnType<BoardBlobs['put']> {
    const { limits, wallClock } = this.#options;
    if (bytes.length > limits.maxBlobBytes) return { ok: false, code: 'blob_too_large' };
    if (createHash('sha256').update(bytes).digest('hex') !== hash) return { ok: false, code: 'blob_hash' };
    const picture = pictureOf(bytes);
    if (picture === null) return { ok: false, code: 'blob_type' };
    if (picture.width * picture.height > limits.maxBlobPixels) return { ok: false, code: 'blob_pixels' };
    const isKnown = await this.has(board, hash);
    if (isKnown && (await this.#isWhole(hash))) return { ok: true, isNew: false };
    const refusal = isKnown ? null : await this.#quota.take(board, bytes.length);
    if (refusal !== null) return { ok: false, code: refusal };
    let isMine = false;
    let failure: BlobFailure | null = null;
    try {
      const facts = { type: picture.type, bytes: bytes.length, by: userId, since: wallClock() };
      failure = await this.#keep(board, hash, bytes, facts, () => (isMine = true));
    } finally {
      // The put failed, or a put of the same picture was faster; it counts once. An erased board's count is gone already.
      if (!isKnown && !isMine && failure !== 'board_erased') await this.#quota.giveBack(board, bytes.length);
    }
    return failure === null ? { ok: true, isNew: isMine } : { ok: false, code: failure };
  }

  async get(board: string, hash: string): Promise<StoredPicture | null> {
    const type = await this.#pictures.typeOf(board, hash);
    const bytes = type === null ? null : await this.#options.store.getBlob(hash);
    return type === null || bytes === null ? null : { type, bytes };
  }

  has(board: string, hash: string): Promise<boolean> {
    return this.#pictures.has(board, hash);
  }

  async *boards(): AsyncGenerator<string> {
    let last = '';
    for await (const page of this.#pictures.pages()) for (const { board } of page) if (board !== last) yield (last = board);
    yield* this.#quota.boards();
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
    for await (const page of this.#pictures.pages(board)) await inGroups(page, REMOVED_AT_ONCE, (record) => this.#pictures.remove(record));
    await this.#quota.forget(board);
  }

  /** @param onWritten Called when this call wrote the record. @returns Why the board lacks the picture; null when it has it. */
  async #keep(
    board: string,
    hash: string,
    bytes: Uint8Array,
    facts: PictureFacts,
    onWritten: () => void,
  ): Promise<'busy' | 'board_erased' | null> {
    const { store } = this.#options;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const use = await this.uses.begin(hash, board);
      if (use === null) return 'busy';
      await store.putBlob(hash, bytes);
      if (await this.#pictures.add(board, hash, facts)) onWritten();
      // The board was erased before the record was written, so the erasure missed it.
      if (await isRoomErased(store, board)) {
        await this.forget(board);
        return 'board_erased';
      }
      if (await this.uses.keep(hash, board, use)) return null;
    }
    return 'busy';
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
