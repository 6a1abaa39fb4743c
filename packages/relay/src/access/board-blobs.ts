/**
 * Pictures of boards. The store keeps bytes under their hash, once for all boards. Records say which board has which
 * picture, and how many bytes its pictures take:
 *
 *     blob/BOARD/HASH      { type, bytes, by, since }
 *     blobs/BOARD          { bytes }: counted before the bytes are written, so a crash leaves too many, never too few
 *     picture/HASH/BOARD   which boards use a picture (picture-uses.ts)
 *
 * A client that may not see a board learns nothing by knowing a hash. With the last board that has a picture its bytes
 * go; the sweep (board-sweep.ts) finds what a crash leaves behind.
 */

import { createHash } from 'node:crypto';
import { StoreError, type BlobListing, type Records, type Store } from '@wetink/storage';
import { isRoomErased } from './erased-rooms.ts';
import { pictureOf, type Picture } from './images.ts';
import { createPictureBytes, inGroups, type PictureBytes, type PictureRecord } from './picture-bytes.ts';
import { createPictureUses, type PictureUses } from './picture-uses.ts';
import { pagesOf } from './record-pages.ts';

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
const PICTURES = 'blob/';
const COUNTS = 'blobs/';
const types: readonly Picture['type'][] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

export function isBlobHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

export function createBoardBlobs({ store, limits, wallClock }: BoardBlobsOptions): BoardBlobs {
  const { records } = store;
  const blobKey = (board: string, hash: string): string => `${PICTURES}${board}/${hash}`;
  const countKey = (board: string): string => `${COUNTS}${board}`;
  const pictures = async function* (prefix = PICTURES): AsyncGenerator<PictureRecord[]> {
    for await (const page of pagesOf(records, prefix))
      yield page.map(({ key, version }) => {
        const [board = '', hash = ''] = key.slice(PICTURES.length).split('/');
        return { key, version, board, hash };
      });
  };
  const uses = createPictureUses(records);
  const bytesOfPictures = createPictureBytes({ store, uses, pictures });

  /** @returns False when that would be too many bytes; null when other relays kept writing first. */
  const count = async (board: string, bytes: number): Promise<boolean | null> => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const record = await records.get(countKey(board));
      const sum = Math.max(0, (record === null ? 0 : numberIn(record.value, 'bytes')) + bytes);
      if (bytes > 0 && sum > limits.maxBoardBlobBytes) return false;
      if ((await records.put(countKey(board), encode({ bytes: sum }), record?.version ?? 0)) !== null) return true;
    }
    return null;
  };

  const isWhole = async (hash: string): Promise<boolean> => {
    try {
      return (await store.getBlob(hash)) !== null;
    } catch (error) {
      if (error instanceof StoreError && error.code === 'CORRUPT') return false;
      throw error;
    }
  };

  const forget = async (board: string): Promise<void> => {
    const ofBoard = blobKey(board, '');
    let gone: BlobListing[] = [];
    for await (const page of pictures(ofBoard)) {
      gone.push(
        ...(await bytesOfPictures.letGo(
          board,
          page.map(({ hash }) => hash),
        )),
      );
      if (gone.length < PICTURES_PER_REMOVAL) continue;
      await bytesOfPictures.removeUnused(gone);
      gone = [];
    }
    if (gone.length > 0) await bytesOfPictures.removeUnused(gone);
    // The board's own records go last, so that a call repeated after a crash finds what is left to do.
    for await (const page of pictures(ofBoard))
      await inGroups(page, REMOVED_AT_ONCE, async ({ key, version }) => void (await records.remove(key, version)));
    const record = await records.get(countKey(board));
    if (record !== null) await records.remove(record.key, record.version);
  };

  /** @param onWritten Called when this call wrote the record. @returns Why the board lacks the picture; null when it has it. */
  const keep = async (
    board: string,
    hash: string,
    bytes: Uint8Array,
    facts: object,
    onWritten: () => void,
  ): Promise<'busy' | 'board_erased' | null> => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const use = await uses.begin(hash, board);
      if (use === null) return 'busy';
      await store.putBlob(hash, bytes);
      if ((await records.put(blobKey(board, hash), encode(facts), 0)) !== null) onWritten();
      // The board was erased before the record was written, so the erasure missed it.
      if (await isRoomErased(store, board)) {
        await forget(board);
        return 'board_erased';
      }
      if (await uses.keep(hash, board, use)) return null;
    }
    return 'busy';
  };

  return {
    uses,
    bytes: bytesOfPictures,
    forget,

    async put(board, hash, bytes, userId) {
      if (bytes.length > limits.maxBlobBytes) return { ok: false, code: 'blob_too_large' };
      if (createHash('sha256').update(bytes).digest('hex') !== hash) return { ok: false, code: 'blob_hash' };
      const picture = pictureOf(bytes);
      if (picture === null) return { ok: false, code: 'blob_type' };
      if (picture.width * picture.height > limits.maxBlobPixels) return { ok: false, code: 'blob_pixels' };
      const isKnown = (await records.get(blobKey(board, hash))) !== null;
      if (isKnown && (await isWhole(hash))) return { ok: true, isNew: false };
      const isCounted = isKnown ? true : await count(board, bytes.length);
      if (isCounted !== true) return { ok: false, code: isCounted === false ? 'blob_quota' : 'busy' };
      let isMine = false;
      let failure: BlobFailure | null = null;
      try {
        const facts = { type: picture.type, bytes: bytes.length, by: userId, since: wallClock() };
        failure = await keep(board, hash, bytes, facts, () => (isMine = true));
      } finally {
        // The put failed, or a put of the same picture was faster; it counts once. An erased board's count is gone already.
        if (!isKnown && !isMine && failure !== 'board_erased') await count(board, -bytes.length);
      }
      return failure === null ? { ok: true, isNew: isMine } : { ok: false, code: failure };
    },

    async get(board, hash) {
      const record = await records.get(blobKey(board, hash));
      if (record === null) return null;
      const type = types.find((known) => known === fieldsOf(record.value)['type']);
      const bytes = await store.getBlob(hash);
      return type === undefined || bytes === null ? null : { type, bytes };
    },

    async *boards() {
      let last = '';
      for await (const page of pictures()) for (const { board } of page) if (board !== last) yield (last = board);
      for await (const page of pagesOf(records, COUNTS)) for (const { key } of page) yield key.slice(COUNTS.length);
    },

    has: async (board, hash) => (await records.get(blobKey(board, hash))) !== null,
  };
}

function encode(facts: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(facts));
}

/** @throws {Error} When it is not a valid record. */
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
