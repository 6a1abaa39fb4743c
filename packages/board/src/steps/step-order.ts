/**
 * The order of steps and marks, as known to the device that made them: a logical clock (Lamport 1978) over all people.
 *
 * Mostly the times in step keys give this order, since a clock never falls behind a time it has seen. But a clock does not
 * follow a time more than a day ahead: after a wrong clock, or on a device whose clock is days behind, a new step gets a
 * key older than that of a step its device knew. Such a step records in the root `later` by how much its session's clock
 * is behind. The entry counts for it and for later steps of the session, so a page mostly needs one. A mark carries its
 * own time in this order. Tags, paint order and reports to people still use the time in the key.
 *
 *     later   step -> ms to be added to the time in its key, and in those of its session's later steps
 */
import { MAX_ORDER_TIME } from '../limits.ts';
import { isStep, stepSession, stepTime } from '../document/keys.ts';
import type { Order } from './step-list.ts';
import type { SessionId, StepKey } from '../types.ts';

interface Shift {
  readonly from: StepKey;
  readonly ms: number;
}

export class StepOrder implements Order {
  readonly #shifts = new Map<SessionId, readonly Shift[]>();
  #latest = 0;

  get isByKey(): boolean {
    return this.#shifts.size === 0;
  }

  /** Time of a step in this order: milliseconds, but not of a wall clock. */
  timeOf(step: StepKey): number {
    const time = stepTime(step);
    if (this.#shifts.size === 0) return time;
    let ms = 0;
    for (const shift of this.#shifts.get(stepSession(step)) ?? []) {
      if (shift.from > step) break;
      ({ ms } = shift);
    }
    return Math.min(time + ms, MAX_ORDER_TIME);
  }

  isBefore(a: StepKey, b: StepKey): boolean {
    if (this.#shifts.size === 0) return a < b;
    const difference = this.timeOf(a) - this.timeOf(b);
    return difference === 0 ? a < b : difference < 0;
  }

  /** @param time Time of a step or mark in the document. */
  see(time: number): void {
    if (time > this.#latest) this.#latest = time;
  }

  /** The current time of the order, given a clock at `at`. */
  now(at: number): number {
    return Math.max(at, this.#latest);
  }

  /** The time of a mark set now, given a clock at `at`. */
  next(at: number): number {
    return Math.min(Math.max(at, this.#latest + 1), MAX_ORDER_TIME);
  }

  /** Ms that `step`, about to be made, must add to the time in its key. Null when the entries of its session suffice. */
  shiftOf(step: StepKey): number | null {
    if (this.timeOf(step) > this.#latest || this.#latest >= MAX_ORDER_TIME) return null;
    return this.#latest + 1 - stepTime(step);
  }

  /** Takes in an entry of `later`. Returns false when it changes nothing. */
  change(key: string, stored: unknown): boolean {
    if (!isStep(key)) return false;
    const session = stepSession(key);
    const before = this.#shifts.get(session) ?? [];
    const others = before.filter((shift) => shift.from !== key);
    const ms = Number.isSafeInteger(stored) && (stored as number) > 0 ? Math.min(stored as number, MAX_ORDER_TIME) : null;
    if (ms === null && others.length === before.length) return false;
    const after = ms === null ? others : [...others, { from: key, ms }].sort((a, b) => (a.from < b.from ? -1 : 1));
    if (after.length === 0) this.#shifts.delete(session);
    else this.#shifts.set(session, after);
    return true;
  }
}
