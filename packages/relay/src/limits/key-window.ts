/**
 * How often something happens under a key, such as connects from an address. A small port, so that nodes can share what
 * they have counted; in memory it is rate-limiter-flexible, whose other stores have the same calls.
 */

import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface KeyWindow {
  /** Counts one. @returns 0, or milliseconds to wait when that was more than may be. */
  take(key: string): Promise<number>;
}

/**
 * Of this process. Windows begin with the first of a key, and are kept until they end.
 * @param limit Taken under one key within `windowMs`.
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
        // It ends windows by a timer, and says how long they last by the clock on the wall, which may have been set back.
        return Math.min(windowMs, Math.max(1, error.msBeforeNext));
      }
    },
  };
}
