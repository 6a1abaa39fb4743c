/**
 * Decides which document messages of a connection are durable. Pure.
 *
 * Message n is settled when everything it changed is in the journal and on disk; since acks are cumulative, `ack n`
 * is given only when 1..n all are. A message with missing predecessors blocks those behind it until its hole is filled.
 */

import type { Need } from '../document/need.ts';

interface Entry {
  count: number;
  /** Journal entry that must be durable; null while `need` is not met. */
  seq: number | null;
  need: Need | null;
  sinceMs: number;
}

export class Acks {
  #count = 0;
  #acked = 0;
  #entries: Entry[] = [];
  #unmet = 0;

  /** Numbers the next document message, from 1. */
  next(): number {
    this.#count += 1;
    return this.#count;
  }

  get count(): number {
    return this.#count;
  }

  get hasUnmetNeed(): boolean {
    return this.#unmet > 0;
  }

  /** Arrival time of the oldest message that still misses predecessors, or null. */
  get unmetSinceMs(): number | null {
    return this.#entries.find((entry) => entry.seq === null)?.sinceMs ?? null;
  }

  /** Message `count` is covered by journal entry `seq` and everything before it. Called in order of `count`. */
  settle(count: number, seq: number): void {
    this.#entries.push({ count, seq, need: null, sinceMs: 0 });
  }

  /** Message `count` waits for what it builds on. Called in order of `count`. */
  wait(count: number, need: Need, nowMs: number): void {
    this.#entries.push({ count, seq: null, need, sinceMs: nowMs });
    this.#unmet += 1;
  }

  /** The document has grown: messages whose needs are met are covered by journal entry `seq`. */
  meet(isMet: (need: Need) => boolean, seq: number): void {
    if (this.#unmet === 0) return;
    for (const entry of this.#entries) {
      if (entry.need === null || !isMet(entry.need)) continue;
      entry.need = null;
      entry.seq = seq;
      this.#unmet -= 1;
    }
  }

  /** Everything up to journal entry `durableSeq` is durable. Returns the count to acknowledge, or null when nothing new is. */
  advance(durableSeq: number): number | null {
    let settled = 0;
    for (const entry of this.#entries) {
      if (entry.seq === null || entry.seq > durableSeq) break;
      this.#acked = entry.count;
      settled += 1;
    }
    if (settled === 0) return null;
    // A new array when it is empty: the old one keeps the room that it had grown to.
    if (settled === this.#entries.length) this.#entries = [];
    else this.#entries.splice(0, settled);
    return this.#acked;
  }
}
