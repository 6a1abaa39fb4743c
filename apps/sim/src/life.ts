/**
 * The life of one process or page. When it is killed, its timers never fire and its promises never settle. Data that it had
 * handed to the disk or the wire may still arrive.
 */

import type { VirtualClock } from './clock.ts';

export class Life {
  isAlive = true;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  schedule(run: () => void, delayMs: number): () => void {
    return this.#clock.schedule(() => {
      if (this.isAlive) run();
    }, delayMs);
  }

  /** Schedules work of the machine for it, which runs even after its death. */
  outlive(run: (isAlive: boolean) => void, delayMs: number): void {
    this.#clock.schedule(() => run(this.isAlive), delayMs);
  }

  nowMs(): number {
    return this.#clock.now();
  }

  /** Never resolves if the life ends first. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.schedule(resolve, delayMs));
  }
}
