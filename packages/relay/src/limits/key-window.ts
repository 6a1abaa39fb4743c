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
