/**
 * Work that comes in bursts: a few milliseconds of it in each turn of the event loop, in the order it came. Between two
 * turns the relay reads its other sockets.
 *
 *     add ──time left in this turn, none waits──▶ run at once
 *      └──otherwise──▶ queue ──next turn──▶ run until the turn's time is over ──▶ …
 */

import type { Environment } from '../ports/environment.ts';

/** Work of one turn begins until this much time has passed: half a frame of a screen. */
export const MAX_TURN_MS = 8;

export class Turns {
  readonly #environment: Pick<Environment, 'now' | 'schedule'>;
  #waiting: (() => void)[] = [];
  /** Time that work has taken in the present turn. */
  #workedMs = 0;
  #isScheduled = false;

  constructor(environment: Pick<Environment, 'now' | 'schedule'>) {
    this.#environment = environment;
  }

  /** @param work Must not throw. */
  add(work: () => void): void {
    this.#waiting.push(work);
    if (this.#waiting.length === 1) this.#run();
    this.#schedule();
  }

  #run(): void {
    const { now } = this.#environment;
    let done = 0;
    for (const work of this.#waiting) {
      if (this.#workedMs >= MAX_TURN_MS) break;
      const beganAtMs = now();
      work();
      done += 1;
      this.#workedMs += now() - beganAtMs;
    }
    this.#waiting = this.#waiting.slice(done);
  }

  /** Begins the next turn, also when nothing waits: the time taken counts for the present one alone. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#environment.schedule(() => {
      this.#isScheduled = false;
      this.#workedMs = 0;
      if (this.#waiting.length === 0) return;
      this.#run();
      this.#schedule();
    }, 0);
  }
}
