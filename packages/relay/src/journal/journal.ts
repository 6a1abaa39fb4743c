/**
 * The causally closed log of one room: one ordered queue with group commit.
 *
 *     push -> queue -> [batch being written] -> durable          a failed batch is retried, first and unchanged
 *
 * Invariant: the durable entries are a prefix of the pushed ones. So nothing that builds on an entry is on disk, or
 * acknowledged, before that entry is. (One update that members saw and the store lost hides everything built on it.)
 */

import { joinPositions, type Position } from '@wetink/storage';
import type { Environment } from '../ports/environment.ts';
import type { RelayLimits } from '../limits/limits.ts';

export interface JournalPort {
  /** Resolves when durable. */
  append(updates: readonly Uint8Array[]): Promise<Position>;
  /** `durableSeq` has grown. */
  onDurable(): void;
  /** A write failed for the `failures`-th time in a row. Return false to give up: the queue is dropped. */
  onFailure(error: unknown, failures: number): boolean;
  /** A write went in after failures. */
  onRecovered(): void;
}

export class Journal {
  readonly #port: JournalPort;
  readonly #environment: Environment;
  readonly #limits: RelayLimits;
  #queue: Uint8Array[] = [];
  #unsavedBytes = 0;
  #lastSeq = 0;
  #durableSeq = 0;
  #position: Position;
  #failures = 0;
  /** Null while no write is under way. */
  #writingSinceMs: number | null = null;
  #isClosed = false;
  #cancelTimer: (() => void) | null = null;
  #idleWaiters: (() => void)[] = [];
  #durableWaiters: { seq: number; resolve: (isDurable: boolean) => void }[] = [];

  constructor(position: Position, port: JournalPort, environment: Environment, limits: RelayLimits) {
    this.#position = position;
    this.#port = port;
    this.#environment = environment;
    this.#limits = limits;
  }

  /** Number of the entry pushed last; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Entries 1..durableSeq are on disk. */
  get durableSeq(): number {
    return this.#durableSeq;
  }

  /** Covers every durable entry, and everything else the document is known to contain. */
  get position(): Position {
    return this.#position;
  }

  /** The document now also contains these rows of other nodes. */
  contains(position: Position): void {
    this.#position = joinPositions(this.#position, position);
  }

  get unsavedBytes(): number {
    return this.#unsavedBytes;
  }

  get failures(): number {
    return this.#failures;
  }

  /** True when too much waits, or too many writes failed in a row, to take another change. */
  get isStuck(): boolean {
    return this.#failures >= this.#limits.refuseAfterFailures || this.#unsavedBytes > this.#limits.maxUnsavedBytes;
  }

  /** True when a write takes so long that members should hear of it. */
  isLate(nowMs: number): boolean {
    return this.#writingSinceMs !== null && nowMs - this.#writingSinceMs > this.#limits.lateWriteMs;
  }

  get isIdle(): boolean {
    return this.#queue.length === 0;
  }

  /** Entries not known to be durable, in order. */
  unsaved(): readonly Uint8Array[] {
    return this.#queue.slice();
  }

  push(update: Uint8Array): number {
    this.#lastSeq += 1;
    this.#queue.push(update);
    this.#unsavedBytes += update.length;
    // Deferred once, so that all changes read from the sockets in this turn share one write.
    if (this.#writingSinceMs === null && this.#cancelTimer === null) this.#startAfter(0);
    return this.#lastSeq;
  }

  /** Begins to write what waits for the end of the turn. A write under way, and a pause after a failure, go on. */
  flush(): void {
    if (this.#failures > 0 || this.#cancelTimer === null) return;
    this.#cancelTimer();
    this.#cancelTimer = null;
    void this.#write();
  }

  /** Resolves when nothing waits, or when the journal is closed. */
  whenIdle(): Promise<void> {
    if (this.isIdle || this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => this.#idleWaiters.push(resolve));
  }

  /** Resolves with true when entry `seq` is durable, with false when the journal is closed before. */
  whenDurable(seq: number): Promise<boolean> {
    if (this.#durableSeq >= seq) return Promise.resolve(true);
    if (this.#isClosed) return Promise.resolve(false);
    return new Promise((resolve) => this.#durableWaiters.push({ seq, resolve }));
  }

  /** Writes nothing more. Drops waiting entries, which were never acknowledged. Final. */
  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#queue = [];
    this.#unsavedBytes = 0;
    this.#wakeIdle();
    for (const { resolve } of this.#durableWaiters.splice(0)) resolve(false);
  }

  #startAfter(delayMs: number): void {
    this.#cancelTimer = this.#environment.schedule(() => {
      this.#cancelTimer = null;
      void this.#write();
    }, delayMs);
  }

  async #write(): Promise<void> {
    if (this.#isClosed || this.#writingSinceMs !== null || this.#queue.length === 0) return;
    this.#writingSinceMs = this.#environment.now();
    const batch = this.#nextBatch();
    try {
      this.contains(await this.#port.append(batch));
    } catch (error) {
      this.#writingSinceMs = null;
      this.#failed(error);
      return;
    }
    this.#writingSinceMs = null;
    if (this.#isClosed) return;
    for (const update of this.#queue.splice(0, batch.length)) this.#unsavedBytes -= update.length;
    this.#durableSeq += batch.length;
    this.#wakeDurable();
    const isRecovered = this.#failures > 0;
    this.#failures = 0;
    if (this.#queue.length > 0) this.#startAfter(0);
    else this.#wakeIdle();
    this.#port.onDurable();
    if (isRecovered) this.#port.onRecovered();
  }

  /** The head of the queue within the bounds of a batch, at least one entry. */
  #nextBatch(): Uint8Array[] {
    const batch: Uint8Array[] = [];
    let bytes = 0;
    for (const update of this.#queue) {
      if (batch.length > 0 && (batch.length === this.#limits.maxBatchRows || bytes + update.length > this.#limits.maxBatchBytes)) break;
      batch.push(update);
      bytes += update.length;
    }
    return batch;
  }

  #failed(error: unknown): void {
    if (this.#isClosed) return;
    this.#failures += 1;
    if (!this.#port.onFailure(error, this.#failures)) {
      this.close();
      return;
    }
    const ceilingMs = Math.min(this.#limits.retryMaxMs, this.#limits.retryBaseMs * 2 ** Math.min(this.#failures - 1, 20));
    this.#startAfter(ceilingMs * (0.5 + this.#environment.random() / 2));
  }

  #wakeDurable(): void {
    if (this.#durableWaiters.length === 0) return;
    const waiters = this.#durableWaiters;
    this.#durableWaiters = waiters.filter(({ seq }) => seq > this.#durableSeq);
    for (const { seq, resolve } of waiters) if (seq <= this.#durableSeq) resolve(true);
  }

  #wakeIdle(): void {
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const wake of waiters) wake();
  }
}
