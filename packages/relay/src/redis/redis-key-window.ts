/**
 * Counts how often something happens under a key, for all relays together, on the bus's command connection. While Redis
 * is away each relay counts for itself. Three commands in a transaction need no right to run scripts.
 *
 * Waits are measured by this process's monotonic clock: a wall clock, here or where Redis runs, may be set.
 */

import { createMemoryKeyWindow, type KeyWindow } from '../limits/key-window.ts';
import type { RedisCommands } from './commands.ts';

export interface RedisKeyWindowOptions {
  /** Name of the counted events, a part of every key: letters and digits. */
  name: string;
  /** Limit under one key within `windowMs`, for all relays together. */
  limit: number;
  /** Whole seconds, in milliseconds. */
  windowMs: number;
  /** Milliseconds of a clock that never goes back. Default: the process's. */
  elapsedMs?: () => number;
}

/** Limit of remembered keys that are over theirs. Above it, ended windows are forgotten first, then the oldest. */
const MAX_OVER = 10_000;

/** @throws {RangeError} The window is not a whole number of seconds. */
export function createRedisKeyWindow(redis: RedisCommands, options: RedisKeyWindowOptions): KeyWindow {
  const { name, limit, windowMs, elapsedMs = () => performance.now() } = options;
  if (!(windowMs >= 1_000 && windowMs % 1_000 === 0)) throw new RangeError('windowMs must be whole seconds, in milliseconds.');
  const own = createMemoryKeyWindow(limit, windowMs);
  /** Keys over their limit; refused without asking Redis again. */
  const overUntilMs = new Map<string, number>();
  const keyOf = (key: string): string => `${redis.key('window', name)}:${key}`;

  return {
    async take(key) {
      const nowMs = elapsedMs();
      const leftMs = (overUntilMs.get(key) ?? 0) - nowMs;
      if (leftMs > 0) return leftMs;
      overUntilMs.delete(key);
      let counted: Counted;
      try {
        counted = await increment(redis, keyOf(key), windowMs);
      } catch {
        return own.take(key); // the bus logs that Redis is away
      }
      if (counted.count <= limit) return 0;
      const waitMs = Math.min(windowMs, Math.max(1, counted.msLeft));
      if (overUntilMs.size >= MAX_OVER) forgetSome(overUntilMs, nowMs);
      overUntilMs.set(key, nowMs + waitMs);
      return waitMs;
    },
  };
}

interface Counted {
  /** Present count. */
  count: number;
  /** Milliseconds until the window ends, by the clock of Redis. */
  msLeft: number;
}

async function increment(redis: RedisCommands, key: string, windowMs: number): Promise<Counted> {
  const [, count, msLeft] = await redis.transact([
    ['set', key, 0, 'EX', windowMs / 1_000, 'NX'],
    ['incrby', key, 1],
    ['pttl', key],
  ]);
  if (typeof count !== 'number' || typeof msLeft !== 'number') throw new Error('Redis returned no count');
  if (msLeft <= windowMs) return { count, msLeft };
  // The clock of Redis was set back: the window would end much later, so a new one begins.
  await redis.transact([['set', key, 1, 'EX', windowMs / 1_000]]);
  return { count: 1, msLeft: windowMs };
}

function forgetSome(overUntilMs: Map<string, number>, nowMs: number): void {
  for (const [key, untilMs] of overUntilMs) if (untilMs <= nowMs || overUntilMs.size >= MAX_OVER) overUntilMs.delete(key);
}
