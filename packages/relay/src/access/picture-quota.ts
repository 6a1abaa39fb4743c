/**
 * How many bytes the pictures and files of each board take, and those of each user on all boards. Counted before the bytes
 * are written, so a crash leaves too many, never too few, until the recount (blob-recount.ts).
 *
 *     blobs/BOARD       { bytes }
 *     userblobs/USER    { bytes }      a user without an id has none
 */

import type { Records } from '@wetink/storage';
import { encodeFields, fieldsOf } from './picture-records.ts';
import { pagesOf } from './record-pages.ts';

const BOARDS = 'blobs/';
const USERS = 'userblobs/';
const MAX_ATTEMPTS = 10;

export type CountKind = 'board' | 'user';

export interface CountedBytes {
  bytes: number;
  /** Version of the count's record. */
  version: number;
}

export type QuotaRefusal = 'blob_quota' | 'user_quota' | 'busy';

export interface QuotaLimits {
  /** Limit of all pictures and files of a board. */
  maxBoardBlobBytes: number;
  /** Limit of all that one user put on boards. */
  maxUserBlobBytes: number;
}

export class BlobQuotas {
  readonly #boards: Counts;
  readonly #users: Counts;

  constructor(records: Records, limits: QuotaLimits) {
    this.#boards = new Counts(records, BOARDS, limits.maxBoardBlobBytes);
    this.#users = new Counts(records, USERS, limits.maxUserBlobBytes);
  }

  /** Counts bytes that are about to be put. @returns Why they may not be; null when they are counted. */
  async take(board: string, userId: string, bytes: number): Promise<QuotaRefusal | null> {
    const ofBoard = await this.#boards.take(board, bytes);
    if (ofBoard !== null) return ofBoard === 'full' ? 'blob_quota' : 'busy';
    if (userId === '') return null;
    const ofUser = await this.#users.take(userId, bytes);
    if (ofUser === null) return null;
    await this.#boards.giveBack(board, bytes);
    return ofUser === 'full' ? 'user_quota' : 'busy';
  }

  /** Counts bytes that the store holds already, also beyond the limits. */
  async takeHeld(board: string, userId: string, bytes: number): Promise<'busy' | null> {
    if (!(await this.#boards.add(board, bytes))) return 'busy';
    if (userId === '' || (await this.#users.add(userId, bytes))) return null;
    await this.#boards.giveBack(board, bytes);
    return 'busy';
  }

  /** Undoes `take`. A count stays too high when other relays kept writing first. */
  async giveBack(board: string, userId: string, bytes: number): Promise<void> {
    await this.#boards.giveBack(board, bytes);
    await this.giveBackUser(userId, bytes);
  }

  /** Undoes the user's part of `take`, when the board's count goes as a whole. */
  async giveBackUser(userId: string, bytes: number): Promise<void> {
    if (userId !== '') await this.#users.giveBack(userId, bytes);
  }

  async counted(board: string, userId: string): Promise<{ boardBytes: number; userBytes: number }> {
    const [boardBytes, userBytes] = await Promise.all([this.#boards.of(board), userId === '' ? 0 : this.#users.of(userId)]);
    return { boardBytes, userBytes };
  }

  /** Removes the count of a board. */
  forget(board: string): Promise<void> {
    return this.#boards.forget(board);
  }

  /** Boards with a count. */
  async *boards(): AsyncGenerator<string> {
    for await (const { id } of this.#boards.all('')) yield id;
  }

  /** For the recount: all counts of boards or users behind an id. */
  all(kind: CountKind, after: string): AsyncGenerator<CountedBytes & { id: string }> {
    return this.#of(kind).all(after);
  }

  /** Sets a count that was too high or too low. @returns False when it was changed since it was read. */
  correct(kind: CountKind, id: string, version: number, bytes: number): Promise<boolean> {
    return this.#of(kind).correct(id, version, bytes);
  }

  #of(kind: CountKind): Counts {
    return kind === 'board' ? this.#boards : this.#users;
  }
}

/** One count for each id. */
class Counts {
  readonly #records: Records;
  readonly #prefix: string;
  readonly #maxBytes: number;

  constructor(records: Records, prefix: string, maxBytes: number) {
    this.#records = records;
    this.#prefix = prefix;
    this.#maxBytes = maxBytes;
  }

  async take(id: string, bytes: number): Promise<'full' | 'busy' | null> {
    return this.#change(id, (counted) => (counted + bytes > this.#maxBytes ? null : counted + bytes));
  }

  /** @returns False when other relays kept writing first. */
  async add(id: string, bytes: number): Promise<boolean> {
    return (await this.#change(id, (counted) => counted + bytes)) === null;
  }

  async giveBack(id: string, bytes: number): Promise<void> {
    await this.#change(id, (counted) => counted - bytes);
  }

  async of(id: string): Promise<number> {
    const record = await this.#records.get(this.#prefix + id);
    return record === null ? 0 : bytesIn(record.value);
  }

  async forget(id: string): Promise<void> {
    const record = await this.#records.get(this.#prefix + id);
    if (record !== null) await this.#records.remove(record.key, record.version);
  }

  async *all(after: string): AsyncGenerator<CountedBytes & { id: string }> {
    for await (const page of pagesOf(this.#records, this.#prefix, after === '' ? '' : this.#prefix + after))
      for (const { key, version, value } of page) yield { id: key.slice(this.#prefix.length), bytes: bytesIn(value), version };
  }

  correct(id: string, version: number, bytes: number): Promise<boolean> {
    return this.#write(this.#prefix + id, bytes, version);
  }

  /** @param next The new count, or null when there may be no such count. */
  async #change(id: string, next: (counted: number) => number | null): Promise<'full' | 'busy' | null> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const record = await this.#records.get(this.#prefix + id);
      const counted = next(record === null ? 0 : bytesIn(record.value));
      if (counted === null) return 'full';
      if (await this.#write(this.#prefix + id, Math.max(0, counted), record?.version ?? 0)) return null;
    }
    return 'busy';
  }

  /** A count of 0 is no record. @returns False when another call was faster. */
  async #write(key: string, bytes: number, version: number): Promise<boolean> {
    if (bytes > 0) return (await this.#records.put(key, encodeFields({ bytes }), version)) !== null;
    return version === 0 || this.#records.remove(key, version);
  }
}

function bytesIn(value: Uint8Array): number {
  const { bytes } = fieldsOf(value);
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes)) throw new Error('a record of a picture is damaged');
  return bytes;
}
