/**
 * What a relay needs of a place that keeps documents. Bytes in, bytes out: a store knows nothing of Yjs.
 *
 *   journal    1 2 3 4 5 | 6 7 8          rows in the order they were appended, never changed
 *   checkpoint covers 5 -+                a whole document that contains rows 1 to 5
 *   load       = checkpoint + rows 6 7 8
 *
 * The rules every store keeps are numbered in SPEC.md and executable as `storageContract` (`@wetink/storage/testing`).
 */

import type { Records } from './records.ts';

/**
 * How far a room's journal is known: per writer the number of its last row. A writer is one process that appends; a
 * store that only one process can open has one. It is a version vector since rows of several writers have no common
 * order: `{ a: 3, b: 7 }` says rows 1 to 3 of a and 1 to 7 of b, and nothing of what c wrote. `{}` before the first
 * row. Only compare positions of one room, with `isCovered`; what writers are called is the store's affair.
 */
export type Position = Readonly<Record<string, number>>;

export interface StoredRoom {
  /** The newest whole document; null when there is none yet, or `since` covers it. The caller owns the bytes. */
  checkpoint: Uint8Array | null;
  /** Rows that neither the checkpoint nor `since` covers; those of one writer in its order. The caller owns the bytes. */
  updates: Uint8Array[];
  /** Covers all that was read, and `since`. Pass it to `checkpoint` once these updates are part of the document. */
  position: Position;
  /** How many times the room was erased. */
  epoch: number;
  /** The room was removed: nothing to load, and `append` rejects with `ERASED`. */
  isErased: boolean;
  /** Broken or missing records that were left out. 0 in a healthy store; worth an alarm otherwise. */
  quarantined: number;
  /** Of the checkpoint and the updates together. */
  bytes: number;
}

/**
 * - `written`: the document is kept, and takes the place of the rows it covers.
 * - `covered`: the present checkpoint covers as much or more; nothing changed.
 * - `behind`: the present one, another writer's, covers rows that this one lacks; nothing changed. `load` what was
 *   missed, put it into the document and try again.
 */
export type CheckpointOutcome = 'written' | 'covered' | 'behind';

export interface RoomListing {
  room: string;
  /** Of the checkpoint and the rows after it. */
  bytes: number;
  /** Of the last append or checkpoint, ms since 1970 by the store's clock. */
  updatedAt: number;
}

/** A blob as one put left it. */
export interface BlobVersion {
  hash: string;
  /** Another with each put, also of bytes that are there already. Only compared. */
  version: string;
}

export interface BlobListing extends BlobVersion {
  /** 0 when it is not whole. */
  bytes: number;
  /** False: what a put left that was cut off, or is under way. `getBlob` does not know it. */
  isWhole: boolean;
}

export interface Store {
  /** Several processes can write it at once. Relays that share a bus must share such a store. */
  readonly isShared: boolean;

  /** Small facts beside documents, such as who owns a board. */
  readonly records: Records;

  /**
   * Adds rows to a room's journal, all or none, in this order.
   *
   * @param updates Copied before the call returns, at most 8 MiB each.
   * @returns This writer's position, `{ [writer]: its last row }`, once every row is on disk. Only then may anybody be
   *   told "saved".
   * @throws {StoreError} `ERASED`, `TOO_LARGE`, `FULL`, `NOT_WRITABLE`, `CORRUPT`, `CLOSED`, `INVALID`. After a rejection nothing may be acknowledged.
   */
  append(room: string, updates: readonly Uint8Array[]): Promise<Position>;

  /**
   * Reads a room. One never written is `{ checkpoint: null, updates: [], position: {}, … }`.
   *
   * @param since What the caller has already: only what is new since then is read.
   * A broken row is left out and counted in `quarantined`.
   * @throws {StoreError} `CORRUPT` when what is left would not be the document: a damaged board must never look like an empty one.
   */
  load(room: string, since?: Position): Promise<StoredRoom>;

  /**
   * Puts a whole document in place of the rows it contains.
   *
   * Writes `state`, reads it back and compares, and only then lets go of rows. Rows after `covers` stay.
   * A checkpoint that covers less than the present one changes nothing, so two at once do no harm.
   *
   * @param covers Positions that `load` and `append` returned, joined, whose rows are all part of `state`.
   * @throws {StoreError} As `append`; `INVALID` when `covers` is past the journal's end.
   */
  checkpoint(room: string, state: Uint8Array, covers: Position): Promise<CheckpointOutcome>;

  /**
   * Rooms that exist, in the byte order of their UTF-8 names. Erased rooms are not listed.
   * @param query `after`: a name to start behind (the last one of the page before). `limit`: 1 to 1,000.
   */
  list(query: { prefix?: string; after?: string; limit: number }): Promise<RoomListing[]>;

  /**
   * Erases a room for good. Its name stays taken: `append` rejects with `ERASED` from now on, so a client
   * that was offline cannot bring the room back. Erasing twice, or a room never written, is fine.
   */
  remove(room: string): Promise<void>;

  /**
   * Keeps bytes under their own hash. Doing so twice is fine.
   * @param hash SHA-256 of `bytes`, 64 lower-case hex digits.
   * @throws {StoreError} `CORRUPT` when the bytes have another hash.
   */
  putBlob(hash: string, bytes: Uint8Array): Promise<void>;

  /** @returns The bytes, checked against the hash; null when never put. The caller owns them. */
  getBlob(hash: string): Promise<Uint8Array | null>;

  /**
   * Blobs, and beside them what is left of puts that were cut off, in the order of their hashes.
   * @param query `prefix`, `after`: hex digits of a hash. `limit`: how many different hashes, 1 to 1,000.
   */
  listBlobs(query: { prefix?: string; after?: string; limit: number }): Promise<BlobListing[]>;

  /**
   * Takes away blobs as they were listed: one that was put again since, by anybody, stays whole. So who looks at a listing
   * first, and then for whoever needs the blob, cannot take it from one who says so before putting it.
   *
   * @returns The hashes of which something was taken away, durably: no byte of it is kept, but where the store says otherwise.
   */
  removeBlobs(blobs: readonly BlobVersion[]): Promise<string[]>;

  /**
   * A durable write that changes nothing anybody reads and, once resolved, takes no space. Rejects exactly when an append
   * of as many bytes would. Calls that come while one of the same size is under way may share it.
   *
   * @param bytes At least this many are written; at most `maxProbeBytes`. Default: what the store finds realistic.
   */
  probe(bytes?: number): Promise<void>;

  /** Waits for writes under way, then lets go of files and locks. Idempotent; anything after it rejects with `CLOSED`. */
  close(): Promise<void>;
}

/** pino's shape. */
export interface StorageLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
