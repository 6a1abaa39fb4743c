/**
 * Which of one person's steps came later, as the device knew that made them.
 *
 * Mostly the step keys say it, since a clock never falls behind what it has seen. It does not follow a time more than a
 * day ahead, though: after a clock that was wrong, or on a device whose clock is days behind, a new step gets a key older
 * than that of the step before it. Such a step says so in the root `later`: it, and what its session does after it, counts
 * as made at that time. Tags, paint order and what people are told go on using the time in the key.
 *
 *     later   step -> time   ms; of the last entry of a session that is not after the step
 */
import { isStep, stepSession, stepTime } from './keys.ts';
import type { Order } from './step-list.ts';
import type { SessionId, StepKey } from './types.ts';

/** A time that no later one has to exceed: far beyond every clock, and a whole number still has a successor. */
export const MAX_ORDER_TIME = 2 ** 52;

interface Floor {
  readonly from: StepKey;
  readonly time: number;
}

export class StepOrder implements Order {
  readonly #floors = new Map<SessionId, readonly Floor[]>();

  get isByKey(): boolean {
    return this.#floors.size === 0;
  }

  /** Milliseconds; not always a time on any clock. */
  timeOf(step: StepKey): number {
    let time = stepTime(step);
    if (this.isByKey) return time;
    for (const floor of this.#floors.get(stepSession(step)) ?? []) {
      if (floor.from > step) break;
      time = Math.max(stepTime(step), floor.time);
    }
    return time;
  }

  isBefore(a: StepKey, b: StepKey): boolean {
    if (this.isByKey) return a < b;
    const difference = this.timeOf(a) - this.timeOf(b);
    return difference === 0 ? a < b : difference < 0;
  }

  /** Takes in an entry of `later`. False when it says nothing new. */
  change(key: string, stored: unknown): boolean {
    if (!isStep(key)) return false;
    const session = stepSession(key);
    const before = this.#floors.get(session) ?? [];
    const others = before.filter((floor) => floor.from !== key);
    const time = Number.isSafeInteger(stored) && (stored as number) > 0 ? Math.min(stored as number, MAX_ORDER_TIME) : null;
    if (time === null && others.length === before.length) return false;
    const after = time === null ? others : [...others, { from: key, time }].sort((a, b) => (a.from < b.from ? -1 : 1));
    if (after.length === 0) this.#floors.delete(session);
    else this.#floors.set(session, after);
    return true;
  }
}
