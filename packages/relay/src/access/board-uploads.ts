/**
 * Uploads of files in parts. What is held belongs to one board, one user and one hash, so no user can spoil another's.
 * Clients without a user share theirs: wrong bytes show in the hash, and the upload begins again. The whole length counts
 * toward the quotas from the first part on, so that a full quota refuses an upload before it is sent.
 *
 *     upload/BOARD/NAME    { hash, by, length, since }    NAME is the upload's name in the store
 *
 *     begin:   counts -> record -> bytes                         bytes have a record, and a record is counted
 *     finish:  the record goes -> blob and its record -> the bytes held go
 *     drop:    bytes -> record -> bytes -> counts                a part that crosses a drop goes, too
 *
 * The call that removes the record owns its counts. After a crash between two steps the counts may be too high, never too
 * low; bytes without a record are found by the sweep, or go on when their client comes back.
 */

import { createHash } from 'node:crypto';
import { StoreError, type Blobs, type Records, type Store } from '@wetink/storage';
import type { CompleteUpload, PutOutcome } from './blob-types.ts';
import { isRoomErased } from './erased-rooms.ts';
import { encodeFields, fieldsOf } from './picture-records.ts';
import type { BlobQuotas, QuotaRefusal } from './picture-quota.ts';
import { pagesOf } from './record-pages.ts';

export type UploadFailure = QuotaRefusal | 'blob_hash' | 'blob_too_large' | 'upload_length' | 'board_erased';

export type UploadOutcome =
  /** The board has the whole file. */
  | { kind: 'whole'; isNew: boolean }
  | { kind: 'held'; offset: number }
  /** Another number of bytes is held; nothing was written. */
  | { kind: 'elsewhere'; offset: number }
  | { kind: 'refused'; code: UploadFailure };

export type UploadState = { kind: 'whole' } | { kind: 'held'; offset: number; length: number };

/** One client's upload of one file. */
export interface UploadAddress {
  board: string;
  /** '' for clients without a user, which share an upload. */
  userId: string;
  hash: string;
}

export interface UploadPart {
  offset: number;
  /** Bytes of the whole file. */
  length: number;
  bytes: Uint8Array;
}

export interface BoardUploads {
  /** The last part makes the file a blob of the board. @throws {StoreError} */
  write(address: UploadAddress, part: UploadPart): Promise<UploadOutcome>;
  state(address: UploadAddress): Promise<UploadState>;
  /** Drops what is held. Idempotent. */
  drop(address: UploadAddress): Promise<void>;
  /** Drops all uploads of a board that was erased. Idempotent. */
  forget(board: string): Promise<void>;
  /** The bytes that each upload counts. */
  counts(): AsyncGenerator<{ board: string; userId: string; bytes: number }>;
  /** Drops uploads that were not continued for `UPLOAD_KEPT_MS`. @returns Number of dropped uploads. */
  sweep(isStopped: () => boolean): Promise<number>;
}

export interface BoardUploadsOptions {
  store: Blobs & Pick<Store, 'append'> & { records: Records };
  /** The board's files, as in board-blobs.ts. */
  blobs: {
    tell(board: string, hash: string): Promise<boolean>;
    putUpload(board: string, hash: string, upload: CompleteUpload): Promise<PutOutcome>;
  };
  quotas: BlobQuotas;
  maxFileBytes: number;
  /** ms since 1970. */
  wallClock(): number;
}

interface UploadRecord {
  key: string;
  version: number;
  userId: string;
  length: number;
  since: number;
}

/** A laptop that is closed in the evening goes on the next day; what is held counts toward quotas meanwhile. */
export const UPLOAD_KEPT_MS = 24 * 60 * 60_000;
/** Unfinished uploads of one board: a client sends a few at a time, and each takes a record and a file for a day. */
export const MAX_HELD = 200;
const PREFIX = 'upload/';
const PER_PAGE = 1_000;

export function createBoardUploads(options: BoardUploadsOptions): BoardUploads {
  const { store, blobs, maxFileBytes, wallClock } = options;
  const { records } = store;

  const isWhole = async (board: string, hash: string): Promise<boolean> => (await blobs.tell(board, hash)) && isReadable(store, hash);

  const finish = async (address: UploadAddress, record: UploadRecord): Promise<UploadOutcome> => {
    const { board, userId, hash } = address;
    const upload = nameOf(address);
    if (!(await records.remove(record.key, record.version))) return { kind: 'refused', code: 'busy' };
    const outcome = await blobs.putUpload(board, hash, { upload, bytes: record.length, userId });
    if (!outcome.ok && outcome.code === 'busy') return { kind: 'refused', code: 'busy' };
    await store.dropUpload(upload);
    if (outcome.ok) return { kind: 'whole', isNew: outcome.isNew };
    if (outcome.code === 'board_erased') return { kind: 'refused', code: 'board_erased' };
    // Another call may have finished and dropped the upload in between.
    return (await isWhole(board, hash)) ? { kind: 'whole', isNew: false } : { kind: 'refused', code: 'blob_hash' };
  };

  const dropRecord = (board: string, upload: string, record: UploadRecord | null): Promise<void> =>
    dropUpload(options, board, upload, record);

  /** Whole through another upload: the caller's own is of no use. Without a record it may be one that another call finishes. */
  const dropOwn = async (address: UploadAddress): Promise<void> => {
    const record = await recordOf(records, keyOf(address));
    if (record !== null) await dropRecord(address.board, nameOf(address), record);
  };

  return {
    async write(address, { offset, length, bytes }) {
      const { board, hash } = address;
      if (length > maxFileBytes) return { kind: 'refused', code: 'blob_too_large' };
      if (offset + bytes.length > length) return { kind: 'refused', code: 'upload_length' };
      if (await isWhole(board, hash)) {
        await dropOwn(address);
        return { kind: 'whole', isNew: false };
      }
      const record = await begin(options, address, length);
      if (typeof record === 'string') return { kind: 'refused', code: record };
      const written = await store.writeUpload(nameOf(address), offset, bytes);
      if (!written.isWritten) {
        // All bytes are held: a relay died, or the store failed, before they became a blob.
        if (written.offset === length) return finish(address, record);
        if (written.offset < length) return { kind: 'elsewhere', offset: written.offset };
        await store.dropUpload(nameOf(address)); // left of an upload of another length, whose record a crash took
        return { kind: 'elsewhere', offset: 0 };
      }
      // The upload was dropped between the record and the bytes, so nobody would drop these.
      if (bytes.length > 0 && (await recordOf(records, record.key)) === null) {
        await store.dropUpload(nameOf(address));
        return { kind: 'refused', code: 'busy' };
      }
      return written.offset < length ? { kind: 'held', offset: written.offset } : finish(address, record);
    },

    async state(address) {
      if (await isWhole(address.board, address.hash)) {
        await dropOwn(address);
        return { kind: 'whole' };
      }
      const offset = (await store.uploadedBytes(nameOf(address))) ?? 0;
      const record = await recordOf(records, keyOf(address));
      return { kind: 'held', offset, length: record?.length ?? offset };
    },

    drop: async (address) => dropRecord(address.board, nameOf(address), await recordOf(records, keyOf(address))),

    async forget(board) {
      for await (const page of pagesOf(records, `${PREFIX}${board}/`))
        for (const { key, version, value } of page) await dropRecord(board, key.split('/')[2] ?? '', recordFrom(key, version, value));
    },

    counts: () => countsOf(records),

    sweep: (isStopped) => sweepUploads({ store, endedAt: wallClock() - UPLOAD_KEPT_MS, dropRecord, isStopped }),
  };
}

async function* countsOf(records: Records): AsyncGenerator<{ board: string; userId: string; bytes: number }> {
  for await (const page of pagesOf(records, PREFIX))
    for (const { key, version, value } of page) {
      const { userId, length } = recordFrom(key, version, value);
      yield { board: key.split('/')[1] ?? '', userId, bytes: length };
    }
}

async function dropUpload(
  { store, quotas }: Pick<BoardUploadsOptions, 'store' | 'quotas'>,
  board: string,
  upload: string,
  record: UploadRecord | null,
): Promise<void> {
  await store.dropUpload(upload);
  if (record === null || !(await store.records.remove(record.key, record.version))) return;
  await store.dropUpload(upload); // a part that was being written
  await quotas.giveBack(board, record.userId, record.length);
}

/** Whether the store has the blob up to its last byte: a file that was lost or cut off can be sent again. */
async function isReadable(store: Pick<Blobs, 'sizeOfBlob' | 'readBlob'>, hash: string): Promise<boolean> {
  try {
    const size = await store.sizeOfBlob(hash);
    return size !== null && (size === 0 || (await store.readBlob(hash, size - 1, size))?.length === 1);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'CORRUPT') return false;
    throw error;
  }
}

/** @returns The upload's record, made if there is none. */
async function begin(
  { store, quotas, wallClock }: BoardUploadsOptions,
  address: UploadAddress,
  length: number,
): Promise<UploadRecord | UploadFailure> {
  const { records } = store;
  const { board, userId, hash } = address;
  const found = await recordOf(records, keyOf(address));
  if (found !== null) return found.length === length ? found : 'upload_length';
  if (await isRoomErased(store, board)) return 'board_erased';
  if ((await records.list({ prefix: `${PREFIX}${board}/`, limit: MAX_HELD })).length === MAX_HELD) return 'busy';
  // All bytes are held: a relay died while it finished the upload, and they are counted still. The recount corrects that.
  const isHeld = (await store.uploadedBytes(nameOf(address))) === length;
  const refusal = isHeld ? await quotas.takeHeld(board, userId, length) : await quotas.take(board, userId, length);
  if (refusal !== null) return refusal;
  const facts = { hash, by: userId, length, since: wallClock() };
  const version = await records.put(keyOf(address), encodeFields(facts), 0);
  if (version !== null) return { key: keyOf(address), version, userId, length, since: facts.since };
  await quotas.giveBack(board, userId, length); // another call was faster
  return 'busy';
}

interface UploadSweepOptions {
  store: BoardUploadsOptions['store'];
  /** ms since 1970: an upload whose last write was before it is dropped. */
  endedAt: number;
  dropRecord(board: string, upload: string, record: UploadRecord): Promise<void>;
  isStopped(): boolean;
}

/** @returns Number of dropped uploads. */
async function sweepUploads({ store, endedAt, dropRecord, isStopped }: UploadSweepOptions): Promise<number> {
  let dropped = 0;
  const held = new Map<string, number>();
  for await (const { upload, updatedAt } of uploadsOf(store)) held.set(upload, updatedAt);
  for await (const page of pagesOf(store.records, PREFIX))
    for (const { key, version, value } of page) {
      if (isStopped()) return dropped;
      const [, board = '', upload = ''] = key.split('/');
      const record = recordFrom(key, version, value);
      const lastAt = Math.max(record.since, held.get(upload) ?? 0);
      held.delete(upload);
      if (lastAt > endedAt) continue;
      await dropRecord(board, upload, record);
      dropped += 1;
    }
  // Bytes without a record: a crash came in between, or the upload is finished at this moment.
  for (const [upload, updatedAt] of held) {
    if (isStopped() || updatedAt > endedAt) continue;
    await store.dropUpload(upload);
    dropped += 1;
  }
  return dropped;
}

/** The upload's name in the store: no name of a board or user has to be a name of a file. */
function nameOf({ board, userId, hash }: UploadAddress): string {
  return createHash('sha256')
    .update(JSON.stringify([board, userId, hash]))
    .digest('hex');
}

function keyOf(address: UploadAddress): string {
  return `${PREFIX}${address.board}/${nameOf(address)}`;
}

async function recordOf(records: Records, key: string): Promise<UploadRecord | null> {
  const record = await records.get(key);
  return record === null ? null : recordFrom(key, record.version, record.value);
}

/** @throws {Error} When it is not a valid record. */
function recordFrom(key: string, version: number, value: Uint8Array): UploadRecord {
  const { by, length, since } = fieldsOf(value);
  if (typeof by !== 'string' || typeof length !== 'number' || typeof since !== 'number')
    throw new Error('the record of an upload is damaged');
  return { key, version, userId: by, length, since };
}

async function* uploadsOf(store: Pick<Blobs, 'listUploads'>): AsyncGenerator<{ upload: string; updatedAt: number }> {
  for (let after = ''; ;) {
    const page = await store.listUploads({ ...(after === '' ? {} : { after }), limit: PER_PAGE });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.upload;
  }
}
