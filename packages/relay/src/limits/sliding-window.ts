/**
 * How much happened in the last `windowMs`: two counters, of which the older one counts in proportion to how much of it
 * the window still covers. Synchronous and without timers, since it is asked for every frame.
 *
 *         older            newer
 *     |------------|----------------|
 *           [======= window ====== now
 */

export class SlidingWindow {
  readonly #limit: number;
  readonly #windowMs: number;
  #startedAtMs: number;
  #older = 0;
  #newer = 0;

  /** @param limit Taken within `windowMs` without waiting; above 0. */
  constructor(limit: number, windowMs: number, nowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#startedAtMs = nowMs;
  }

  /**
   * Counts what has been done, however much it is.
   * @returns False when that is more than the limit: `waitMs` says until when.
   */
  add(nowMs: number, amount: number): boolean {
    const elapsedMs = this.#turn(nowMs);
    this.#newer += amount;
    return this.#newer + this.#older * (1 - elapsedMs / this.#windowMs) <= this.#limit;
  }

  /** @returns What the window holds. */
  amount(nowMs: number): number {
    const elapsedMs = this.#turn(nowMs);
    return this.#newer + this.#older * (1 - elapsedMs / this.#windowMs);
  }

  /** @returns Milliseconds until the window holds no more than the limit, or another one; 0 when it does. Less than two windows. */
  waitMs(nowMs: number, limit = this.#limit): number {
    const elapsedMs = this.#turn(nowMs);
    const windowMs = this.#windowMs;
    if (this.#newer > limit) return windowMs - elapsedMs + windowMs * (1 - limit / this.#newer);
    if (this.#newer + this.#older * (1 - elapsedMs / windowMs) <= limit) return 0;
    return windowMs * (1 - (limit - this.#newer) / this.#older) - elapsedMs;
  }

  /** @returns Milliseconds since the newer counter began. */
  #turn(nowMs: number): number {
    const elapsedMs = nowMs - this.#startedAtMs;
    if (elapsedMs < this.#windowMs) return elapsedMs;
    const windows = Math.floor(elapsedMs / this.#windowMs);
    this.#older = windows === 1 ? this.#newer : 0;
    this.#newer = 0;
    this.#startedAtMs += windows * this.#windowMs;
    return nowMs - this.#startedAtMs;
  }
}
