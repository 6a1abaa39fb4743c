/**
 * A hybrid logical clock (Kulkarni et al. 2014) in whole milliseconds: never behind a time it has seen, never behind the
 * wall clock, and never the same value twice. So a step made with knowledge of another sorts after it, even when this
 * device's clock is an hour slow.
 */
import { MAX_STEP_TIME } from '../document/keys.ts';

/** A time further ahead than this comes from a broken clock, and following it would break all clocks. */
const MAX_AHEAD_MS = 24 * 60 * 60 * 1000;

export class StepClock {
  readonly #now: () => number;
  #latest = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds, whole. */
  wall(): number {
    return Math.max(0, Math.floor(this.#now()));
  }

  /** Time that the next step will be later than. */
  latest(): number {
    return Math.max(this.#latest, this.wall());
  }

  see(time: number): void {
    if (time > this.#latest && time <= this.wall() + MAX_AHEAD_MS) this.#latest = time;
  }

  tick(): number {
    this.#latest = Math.min(MAX_STEP_TIME, Math.max(this.#latest + 1, this.wall()));
    return this.#latest;
  }
}
