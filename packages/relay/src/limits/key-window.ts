/**
 * Counts how often something happens under a key, such as connects from an address. A small port, so that nodes can
 * share their counts; in memory it is rate-limiter-flexible, whose other stores have the same calls.
 */

import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface KeyWindow {
  /** Counts one. @returns 0, or milliseconds to wait when the limit is exceeded. */
  take(key: string): Promise<number>;
}

/**
 * Counts within this process. A window begins with the first count of a key and is kept until it ends.
 * @param limit Limit under one key within `windowMs`.
 */
export function createMemoryKeyWindow(limit: number, windowMs: number): KeyWindow {
  const limiter = new RateLimiterMemory({ points: limit, duration: windowMs / 1_000 });
  return {
    async take(key) {
      try {
        await limiter.consume(key);
        return 0;
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        // The library ends windows by a timer but measures the rest by the wall clock, which may have been set back.
        return Math.min(windowMs, Math.max(1, error.msBeforeNext));
      }
    },
  };
}

/** Keys above which those without a count in the window are forgotten. */
const MAX_QUIET_KEYS = 10_000;

/**
 * Counts within this process, exactly: at every moment at most `limit` of the last `windowMs` under one key. A refused
 * one does not count. For small limits, since it remembers each time.
 *
 * @param now Milliseconds, only compared with each other.
 */
export function createSlidingKeyWindow(limit: number, windowMs: number, now: () => number): KeyWindow {
  const timesByKey = new Map<string, number[]>();
  return {
    take(key) {
      const nowMs = now();
      const times = (timesByKey.get(key) ?? []).filter((timeMs) => nowMs - timeMs < windowMs);
      const oldest = times[times.length - limit];
      if (oldest !== undefined) return Promise.resolve(windowMs - (nowMs - oldest));
      if (timesByKey.size >= MAX_QUIET_KEYS)
        for (const [other, its] of timesByKey) if (nowMs - (its.at(-1) ?? -Infinity) >= windowMs) timesByKey.delete(other);
      timesByKey.set(key, [...times, nowMs]);
      return Promise.resolve(0);
    },
  };
}
