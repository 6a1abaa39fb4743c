/**
 * Changes of one room that wait for its next tick. A room that was idle ticks at the end of the turn, so a lone writer
 * waits for nothing. A busy one takes all that came since the last tick together, which costs one transaction, one frame
 * and one row for all of them.
 */

import type { Inspected } from '../document/room-document.ts';
import type { Seat } from '../member/seat.ts';
import type { Environment } from '../ports/environment.ts';

/** A change that was checked on arrival. */
export interface ReceivedChange {
  seat: Seat;
  inspected: Inspected;
  /** The message's number on its connection, for its ack. */
  count: number;
  /** `sync-step-2`: the answer to a SyncStep1. */
  type: 'update' | 'sync-step-2';
}

/** Between two ticks of a room: one frame of a screen, which a person does not notice. */
const PAUSE_MS = 16;
/** While the event loop is late: larger batches cost less, and what people then see is late in any case. */
const MAX_LATE_PAUSE_MS = 40;
/** Timers of a loop that keeps up are late by up to this. */
const USUALLY_LATE_MS = 2;
/** A tick comes at once when more than this waits: half of what one frame carries (`softSendBytes` is 256 KiB). */
const MAX_BYTES = 128 * 1024;

export class Inbox {
  readonly #environment: Environment;
  readonly #onTick: () => void;
  #changes: ReceivedChange[] = [];
  #bytes = 0;
  #tickedAtMs = -Infinity;
  /** Lateness of the last tick's timer. */
  #lateMs = 0;
  #cancelTick: (() => void) | null = null;

  constructor(environment: Environment, onTick: () => void) {
    this.#environment = environment;
    this.#onTick = onTick;
  }

  get isEmpty(): boolean {
    return this.#changes.length === 0;
  }

  /** True while the event loop does not keep up with its timers. */
  get isLate(): boolean {
    return this.#lateMs > USUALLY_LATE_MS;
  }

  /** @returns True when more than `MAX_BYTES` wait: then the tick comes now. */
  push(change: ReceivedChange): boolean {
    this.#changes.push(change);
    this.#bytes += change.inspected.update.length;
    this.#schedule();
    return this.#bytes > MAX_BYTES;
  }

  /** All that waits, in the order it came. The next pause begins now. */
  take(): ReceivedChange[] {
    const changes = this.#changes;
    this.#changes = [];
    this.#bytes = 0;
    this.#tickedAtMs = this.#environment.now();
    this.#cancelTick?.();
    this.#cancelTick = null;
    return changes;
  }

  /** Puts changes that could not be handled back, before those that came since. What waits then gets a tick. */
  giveBack(changes: readonly ReceivedChange[]): void {
    this.#changes = [...changes, ...this.#changes];
    for (const { inspected } of changes) this.#bytes += inspected.update.length;
    if (!this.isEmpty) this.#schedule();
  }

  /** Drops everything. Final. */
  close(): void {
    this.take();
  }

  /** Longer with the lateness of the last tick. */
  #pauseMs(): number {
    return Math.min(MAX_LATE_PAUSE_MS, PAUSE_MS + 2 * Math.max(0, this.#lateMs - USUALLY_LATE_MS));
  }

  #schedule(): void {
    if (this.#cancelTick !== null) return;
    const nowMs = this.#environment.now();
    const waitMs = Math.max(0, this.#tickedAtMs + this.#pauseMs() - nowMs);
    this.#cancelTick = this.#environment.schedule(() => {
      this.#cancelTick = null;
      this.#lateMs = this.#environment.now() - nowMs - waitMs;
      this.#onTick();
    }, waitMs);
  }
}
