/**
 * Counts guesses by a key, such as an address. Past the limit every call of that key waits, so that a right guess among
 * wrong ones gets no answer either. Bounded: a wait is forgotten when it is over.
 */

import type { KeyWindow } from '../limits/key-window.ts';

export interface GuessLimitOptions {
  misses: KeyWindow;
  /** Milliseconds, only compared with each other. */
  now(): number;
  /** The window could not be read; the guess counts for nothing. */
  onFailed(error: unknown): void;
}

export interface GuessLimit {
  /** @returns ms that this key must wait; 0: it may call. */
  waitMs(key: string): number;
  /** Counts a guess. @returns ms that this key must wait from now on. */
  missed(key: string): Promise<number>;
}

const MAX_WAITING = 100_000;

export function createGuessLimit({ misses, now, onFailed }: GuessLimitOptions): GuessLimit {
  const waitsUntilMs = new Map<string, number>();
  const mustWait = (key: string, waitMs: number): void => {
    if (waitsUntilMs.size >= MAX_WAITING) for (const [other, untilMs] of waitsUntilMs) if (untilMs <= now()) waitsUntilMs.delete(other);
    if (waitsUntilMs.size < MAX_WAITING) waitsUntilMs.set(key, now() + waitMs);
  };
  return {
    waitMs(key) {
      const leftMs = (waitsUntilMs.get(key) ?? 0) - now();
      if (leftMs > 0) return leftMs;
      waitsUntilMs.delete(key);
      return 0;
    },
    async missed(key) {
      const waitMs = await misses.take(key).catch((error: unknown) => {
        onFailed(error);
        return 0;
      });
      if (waitMs > 0) mustWait(key, waitMs);
      return waitMs;
    },
  };
}
