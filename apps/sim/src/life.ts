/**
 * One life of a process or a page. When it dies, its timers never ring and its promises never settle: a kill, not a
 * goodbye. What it had given to the disk or the wire is theirs.
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

  /** What the machine does for it, whether or not it is alive by then. */
  outlive(run: (isAlive: boolean) => void, delayMs: number): void {
    this.#clock.schedule(() => run(this.isAlive), delayMs);
  }

  nowMs(): number {
    return this.#clock.now();
  }

  /** Never resolves when the life ends first. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.schedule(resolve, delayMs));
  }
}
