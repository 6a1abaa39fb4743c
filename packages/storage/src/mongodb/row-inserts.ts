/**
 * Inserts rows until a majority confirms them. An insert whose answer was lost is sent again unchanged; "duplicate" then
 * means success, but only when a majority has the same bytes under the number.
 */

import { MongoBulkWriteError } from 'mongodb';
import { StoreError } from '../errors.ts';
import type { Database } from './database.ts';
import type { RowDocument } from './documents.ts';
import { ensureHead } from './heads.ts';
import { isTransient } from './mongo-errors.ts';

/** Limit of one insert. MongoDB takes 48 MB and 100,000 rows a message; smaller ones bound memory and others' waits. */
export const MAX_INSERT_BYTES = 32 * 1024 * 1024;
const RETRY_AFTER_MS = 200;

export interface RetryOptions {
  /** Milliseconds of a clock that never goes back, even when the system clock is set. */
  elapsedMs(): number;
  retryForMs: number;
  sleep(ms: number): Promise<void>;
}

export class RowInserts {
  readonly #database: Database;
  readonly #retry: RetryOptions;

  constructor(database: Database, retry: RetryOptions) {
    this.#database = database;
    this.#retry = retry;
  }

  async insert(rows: RowDocument[]): Promise<void> {
    for (const part of splitIntoInserts(rows)) await this.#insertPart(part);
  }

  /** Erased rooms among these. New rooms get their head here, so that `list` finds them. */
  erasedAmong(rooms: string[], now: () => number): Promise<Set<string>> {
    return this.#retrying(async () => {
      const found = await this.#database.heads.find({ _id: { $in: rooms } }, { projection: { isErased: 1 } }).toArray();
      const isErasedByRoom = new Map(found.map(({ _id, isErased }) => [_id, isErased]));
      for (const room of rooms)
        if (!isErasedByRoom.has(room)) isErasedByRoom.set(room, (await ensureHead(this.#database, room, now())).isErased);
      return new Set(rooms.filter((room) => isErasedByRoom.get(room) === true));
    });
  }

  /** Deletes rows that reached a room after it was erased. If that fails, the next start finds them. */
  async delete(rows: RowDocument[]): Promise<void> {
    await this.#retrying(() => this.#database.journal.deleteMany({ _id: { $in: rows.map(({ _id }) => _id) } }));
  }

  async #insertPart(rows: RowDocument[]): Promise<void> {
    let rest = rows;
    await this.#retrying(async () => {
      while (rest.length > 0) {
        try {
          await this.#database.journal.insertMany(rest, { ordered: true });
          rest = [];
        } catch (error) {
          const [refused] = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
          if (refused?.code !== 11000) throw error;
          const twin = rest[refused.index];
          if (twin === undefined) throw error;
          await this.#checkTwin(twin);
          rest = rest.slice(refused.index + 1);
        }
      }
    });
  }

  /** Checks that the row stored under this number, as a majority has it, is this row. */
  async #checkTwin({ room, epoch, node, seq, updates }: RowDocument): Promise<void> {
    const stored = await this.#database.journal.findOne({ room, epoch, node, seq });
    if (stored === null) throw new StoreError('UNREACHABLE', 'A row was written, but no majority of the servers confirms it yet.');
    const isSame =
      stored.updates.length === updates.length &&
      stored.updates.every((update, i) => Buffer.compare(update.value(), updates[i]?.value() ?? new Uint8Array(1)) === 0);
    if (isSame) return;
    throw new StoreError(
      'NOT_WRITABLE',
      `Row ${seq} of "${node}" in room "${room}" is there already with other bytes: another process writes under this name. Nothing was overwritten. Restart the relay: it takes a new name.`,
    );
  }

  async #retrying<T>(run: () => Promise<T>): Promise<T> {
    const { elapsedMs, retryForMs, sleep } = this.#retry;
    const deadline = elapsedMs() + retryForMs;
    for (;;) {
      try {
        return await run();
      } catch (error) {
        const isWorthIt = isTransient(error) || (error instanceof StoreError && error.code === 'UNREACHABLE');
        if (!isWorthIt || elapsedMs() >= deadline) throw error;
        await sleep(RETRY_AFTER_MS);
      }
    }
  }
}

/** Inserts of at most `MAX_INSERT_BYTES`; a larger row gets one of its own. */
export function splitIntoInserts(rows: RowDocument[]): RowDocument[][] {
  const result: RowDocument[][] = [];
  let bytes = Infinity;
  for (const row of rows) {
    if (bytes + row.bytes > MAX_INSERT_BYTES) {
      result.push([]);
      bytes = 0;
    }
    result.at(-1)?.push(row);
    bytes += row.bytes;
  }
  return result;
}
