/**
 * A moment for work that nothing waits for: after a pause, when the page is idle.
 *
 *     wait ── quiet ──> idle ──> the task
 *       └── wait again, at any time: the pause begins anew
 */
import type { scheduleTimeout, whenIdle } from '../browser/timers.ts';

/** Longer than the pause between two strokes. */
const QUIET_MS = 2_500;

export interface QuietTimers {
  readonly schedule: typeof scheduleTimeout;
  readonly whenIdle: typeof whenIdle;
}

export class QuietMoment {
  readonly #timers: QuietTimers;
  #cancel: (() => void) | null = null;

  constructor(timers: QuietTimers) {
    this.#timers = timers;
  }
  /** A task has not begun. */
  get isAwaited(): boolean {
    return this.#cancel !== null;
  }
  /** One task at a time: another one that waits is dropped. */
  wait(task: () => void): void {
    this.cancel();
    this.#cancel = this.#timers.schedule(() => this.waitForIdle(task), QUIET_MS);
  }
  /** Without a pause before. */
  waitForIdle(task: () => void): void {
    this.#cancel = this.#timers.whenIdle(() => {
      this.#cancel = null;
      task();
    });
  }
  cancel(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
