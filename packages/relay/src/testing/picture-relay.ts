/** A relay's pictures and its sweep, on a store. */

import { createHash } from 'node:crypto';
import type { Store } from '@wetink/storage';
import { expect } from 'vitest';
import { createBoardBlobs, type BoardBlobs } from '../access/board-blobs.ts';
import { createBoardSweep, LEFT_ALONE_MS, type BoardSweep, type SweepReport } from '../access/board-sweep.ts';
import type { ReadUses } from '../access/unused-blobs.ts';
import { defaultLimits } from '../limits/limits.ts';

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const UNUSED_MS = 30 * 24 * 60 * 60_000;

export interface PictureRelayOptions {
  readUses?: ReadUses;
  keptMs?: number;
  onRemoved?(board: string, count: number, bytes: number): void;
  /** ms since 1970. */
  wallClock?(): number;
}

export class PictureRelay {
  readonly store: Store;
  readonly blobs: BoardBlobs;
  readonly errors: unknown[] = [];
  readonly #sweep: BoardSweep;
  #nowMs = 0;

  /** @param options Without them, nothing counts as unused. */
  constructor(store: Store, { readUses, keptMs = UNUSED_MS, onRemoved, wallClock = () => 1_000 }: PictureRelayOptions = {}) {
    this.store = store;
    this.blobs = createBoardBlobs({ store, limits: defaultLimits, wallClock });
    const onError = (error: unknown): void => void this.errors.push(error);
    const forget = async (board: string): Promise<void> => {
      await this.blobs.forget(board);
      const record = await store.records.get(`board/${board}`);
      if (record !== null) await store.records.remove(record.key, record.version);
    };
    this.#sweep = createBoardSweep({
      store,
      blobs: this.blobs,
      ...(readUses === undefined
        ? {}
        : { unused: this.blobs.unused({ store, readUses, keptMs, onError, ...(onRemoved === undefined ? {} : { onRemoved }) }) }),
      forget,
      onError,
      now: () => this.#nowMs,
    });
  }

  put(board: string, bytes: Uint8Array): ReturnType<BoardBlobs['put']> {
    return this.blobs.put(board, hashOf(bytes), bytes, 'ana');
  }

  async has(board: string, bytes: Uint8Array): Promise<boolean> {
    const found = await this.blobs.get(board, hashOf(bytes));
    return found !== null && hashOf(found.bytes) === hashOf(bytes);
  }

  async erase(board: string): Promise<void> {
    await this.store.remove(board);
    await this.blobs.forget(board);
  }

  sweep(laterMs = 0): Promise<SweepReport> {
    this.#nowMs += laterMs;
    return this.#sweep.run();
  }

  /** Sweeps until nothing is left: two sweeps for work that may be under way, two for what those leave. */
  async sweepAll(): Promise<void> {
    for (let i = 0; i < 4; i++) await this.sweep(LEFT_ALONE_MS);
    expect(this.errors).toEqual([]);
  }
}
