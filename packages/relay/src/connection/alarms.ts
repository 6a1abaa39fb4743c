/**
 * Alarms of all connections of a relay, with one timer: a timer for each of 10,000 connections costs more than the work
 * that they are set for. An alarm rings with all others of its slot, up to `slotMs` after its time and never before it.
 *
 *     set at    | a   b  |      c |  d     |
 *     ring              a,b       c        d
 *
 * After the process was busy or stopped, alarms may ring before answers that have arrived are read. So the timer waits
 * once more, but only every other time: on a relay that is always busy, alarms must ring too.
 */

import type { Environment } from '../ports/environment.ts';

export interface Sleeper {
  /** The time of its alarm has come. The alarm is off now. */
  rings(): void;
}

/** Four wake-ups a second at most. Late by this much, a recheck is still answered within the 15 s of RI9. */
export const ALARM_SLOT_MS = 250;
/** Later than this, answers may wait to be read; and it waits this long for them. */
const LATE_MS = 1_000;
/** Node's timers reach 24 days at most. */
const MAX_TIMER_MS = 60 * 60_000;

export class Alarms {
  readonly #environment: Pick<Environment, 'now' | 'schedule'>;
  readonly #slotMs: number;
  readonly #sleepersBySlot = new Map<number, Set<Sleeper>>();
  #cancel: (() => void) | null = null;
  /** Time of the timer; Infinity without one. */
  #timerAtMs = Infinity;
  #wasLate = false;

  constructor(environment: Pick<Environment, 'now' | 'schedule'>, slotMs = ALARM_SLOT_MS) {
    this.#environment = environment;
    this.#slotMs = slotMs;
  }

  /**
   * Sets an alarm, never for the present turn. A sleeper that has one turns it off first.
   * @returns The slot, for `turnOff`.
   */
  set(sleeper: Sleeper, atMs: number): number {
    const slot = Math.max(Math.ceil(atMs / this.#slotMs), Math.floor(this.#environment.now() / this.#slotMs) + 1);
    const sleepers = this.#sleepersBySlot.get(slot);
    if (sleepers === undefined) this.#sleepersBySlot.set(slot, new Set([sleeper]));
    else sleepers.add(sleeper);
    if (slot * this.#slotMs < this.#timerAtMs) this.#setTimer(slot * this.#slotMs);
    return slot;
  }

  /** Does nothing when the alarm has rung. */
  turnOff(sleeper: Sleeper, slot: number): void {
    const sleepers = this.#sleepersBySlot.get(slot);
    if (sleepers === undefined) return;
    sleepers.delete(sleeper);
    if (sleepers.size === 0) this.#sleepersBySlot.delete(slot);
    if (this.#sleepersBySlot.size === 0) this.#clearTimer();
  }

  #setTimer(atMs: number): void {
    this.#clearTimer();
    const nowMs = this.#environment.now();
    this.#timerAtMs = Math.min(atMs, nowMs + MAX_TIMER_MS);
    // At least 1: a timer that fires early must look again, but not in the same turn.
    this.#cancel = this.#environment.schedule(() => this.#timer(), Math.max(1, this.#timerAtMs - nowMs));
  }

  #clearTimer(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#timerAtMs = Infinity;
  }

  #timer(): void {
    const nowMs = this.#environment.now();
    this.#wasLate = nowMs - this.#timerAtMs > LATE_MS && !this.#wasLate;
    this.#cancel = null;
    this.#timerAtMs = Infinity;
    if (this.#wasLate) return this.#setTimer(nowMs + LATE_MS);
    try {
      for (const [slot, sleepers] of this.#sleepersBySlot) if (slot * this.#slotMs <= nowMs) this.#ring(slot, sleepers);
    } finally {
      // Also when a sleeper throws: the others still ring.
      let next = Infinity;
      for (const slot of this.#sleepersBySlot.keys()) next = Math.min(next, slot);
      if (next * this.#slotMs < this.#timerAtMs) this.#setTimer(next * this.#slotMs);
    }
  }

  #ring(slot: number, sleepers: Set<Sleeper>): void {
    for (const sleeper of sleepers) {
      sleepers.delete(sleeper);
      sleeper.rings();
    }
    this.#sleepersBySlot.delete(slot);
  }
}
