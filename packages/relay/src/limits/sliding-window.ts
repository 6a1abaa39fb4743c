/**
 * Amount in the last `windowMs`: two counters, of which the older one counts by the part of it that the window still
 * covers. Synchronous and without timers, since it is used for every frame.
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

  /** @param limit Amount that may be taken within `windowMs` without waiting; above 0. */
  constructor(limit: number, windowMs: number, nowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    // Whole: a fraction would be an object in memory, and each connection has four windows.
    this.#startedAtMs = Math.floor(nowMs);
  }

  /**
   * Adds an amount, however large.
   * @returns False when the window holds more than the limit; `waitMs` says how long.
   */
  add(nowMs: number, amount: number): boolean {
    const elapsedMs = this.#turn(nowMs);
    this.#newer += amount;
    return this.#newer + this.#older * (1 - elapsedMs / this.#windowMs) <= this.#limit;
  }

  /** @returns The amount in the window. */
  amount(nowMs: number): number {
    const elapsedMs = this.#turn(nowMs);
    return this.#newer + this.#older * (1 - elapsedMs / this.#windowMs);
  }

  /** @returns Milliseconds until the window holds at most `limit`; 0 when it does. Less than two windows. */
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
