/**
 * The store of documents, as a relay needs it. Bytes in, bytes out: a store knows nothing of Yjs.
 *
 *   journal    1 2 3 4 5 | 6 7 8          rows in the order they were appended, never changed
 *   checkpoint covers 5 -+                a whole document that contains rows 1 to 5
 *   load       = checkpoint + rows 6 7 8
 *
 * The rules that every store keeps are numbered in SPEC.md and executable as `storageContract`
 * (`@wetink/storage/testing`).
 */

import type { Blobs } from './blobs.ts';
import type { Records } from './records.ts';

/**
 * How far a room's journal is known: for each writer the number of its last row. A writer is one process that appends;
 * a store that only one process can open has one. It is a version vector because rows of several writers have no common
 * order: `{ a: 3, b: 7 }` means rows 1 to 3 of a and 1 to 7 of b, and none of c. `{}` is before the first row. Compare
 * only positions of one room, with `isCovered`; the names of writers are up to the store.
 */
export type Position = Readonly<Record<string, number>>;

export interface StoredRoom {
  /** The newest whole document; null when there is none yet, or `since` covers it. The caller owns the bytes. */
  checkpoint: Uint8Array | null;
  /** Rows that neither the checkpoint nor `since` covers, each writer's in order. The caller owns the bytes. */
  updates: Uint8Array[];
  /** Covers everything read, and `since`. Pass it to `checkpoint` once these updates are part of the document. */
  position: Position;
  /** Number of times the room was erased. */
  epoch: number;
  /** The room was erased: nothing to load, and `append` rejects with `ERASED`. */
  isErased: boolean;
  /** Broken or missing records that were left out. 0 in a healthy store; worth an alarm otherwise. */
  quarantined: number;
  /** Bytes of the checkpoint and the updates together. */
  bytes: number;
}

/**
 * - `written`: the document is stored, and replaces the rows it covers.
 * - `covered`: the present checkpoint covers as much or more; nothing changed.
 * - `behind`: the present one, another writer's, covers rows that this one lacks; nothing changed. `load` them, put
 *   them into the document and try again.
 */
export type CheckpointOutcome = 'written' | 'covered' | 'behind';

export interface RoomListing {
  room: string;
  /** Bytes of the checkpoint and the rows after it. */
  bytes: number;
  /** Time of the last append or checkpoint, ms since 1970 by the store's clock. */
  updatedAt: number;
}

export interface Store extends Blobs {
  /** Several processes can write it at once. Relays that share a bus must share such a store. */
  readonly isShared: boolean;

  /** Small facts beside documents, such as who owns a board. */
  readonly records: Records;

  /**
   * Adds rows to a room's journal, all or none, in this order.
   *
   * @param updates Copied before the call returns, at most 8 MiB each.
   * @returns This writer's position, `{ [writer]: its last row }`, once every row is on disk. Only then may the caller
   * acknowledge the updates.
   * @throws {StoreError} `ERASED`, `TOO_LARGE`, `FULL`, `NOT_WRITABLE`, `CORRUPT`, `CLOSED`, `INVALID`. After a rejection nothing may be acknowledged.
   */
  append(room: string, updates: readonly Uint8Array[]): Promise<Position>;

  /**
   * Reads a room. A room never written is `{ checkpoint: null, updates: [], position: {}, … }`.
   *
   * @param since Position that the caller has already: only newer rows are read.
   * A broken row is left out and counted in `quarantined`.
   * @throws {StoreError} `CORRUPT` when the rest would not be the document: a damaged board must never look like an
   * empty one.
   */
  load(room: string, since?: Position): Promise<StoredRoom>;

  /**
   * Puts a whole document in place of the rows it contains.
   *
   * Writes `state`, reads it back and compares, and only then deletes rows. Rows after `covers` stay. A checkpoint that
   * covers less than the present one changes nothing, so two at once do no harm.
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
   * A durable write that changes nothing readable and, once resolved, takes no space. Rejects exactly when an append of
   * the same size would. Calls during a probe of the same size may share it.
   *
   * @param bytes Bytes to write at least; at most `maxProbeBytes`. Default: a size that is realistic for the store.
   */
  probe(bytes?: number): Promise<void>;

  /** Waits for writes under way, then closes files and frees locks. Idempotent; later calls reject with `CLOSED`. */
  close(): Promise<void>;
}

/** The part of pino's interface that stores use. */
export interface StorageLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
