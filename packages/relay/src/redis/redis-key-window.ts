/**
 * How often something happens under a key, counted by all relays together: rate-limiter-flexible's RateLimiterRedis over
 * the bus's command connection. While Redis is away each relay counts for itself.
 *
 * The library would count in a Lua script; the same three commands in a transaction need no right to run scripts.
 */

import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { takeFrom, type KeyWindow } from '../rate/key-window.ts';
import type { RedisCommands } from './commands.ts';

export interface RedisKeyWindowOptions {
  /** What is counted; letters and digits: a part of every key. */
  name: string;
  /** Taken under one key within `windowMs`, on all relays together. */
  limit: number;
  /** Whole seconds. */
  windowMs: number;
}

/** @throws {RangeError} The window is not a whole number of seconds. */
export function createRedisKeyWindow(redis: RedisCommands, { name, limit, windowMs }: RedisKeyWindowOptions): KeyWindow {
  if (!(windowMs >= 1_000 && windowMs % 1_000 === 0)) throw new RangeError('windowMs must be whole seconds, in milliseconds.');
  const duration = windowMs / 1_000;
  const limiter = new RateLimiterRedis({
    storeClient: { rlflxIncr: ([key, points, seconds]: [string, string, string]) => increment(redis, key, points, seconds) },
    // All but the key itself.
    keyPrefix: redis.key('window', name),
    points: limit,
    duration,
    // Who is over it is told so without asking Redis again.
    inMemoryBlockOnConsumed: limit + 1,
    insuranceLimiter: new RateLimiterMemory({ points: limit, duration }),
  });
  return { take: (key) => takeFrom(limiter, key) };
}

/** @returns How many there are now, and after how many ms the window ends. */
async function increment(redis: RedisCommands, key: string, points: string, seconds: string): Promise<[number, number]> {
  const [, count, msLeft] = await redis.transact([
    ['set', key, 0, 'EX', seconds, 'NX'],
    ['incrby', key, points],
    ['pttl', key],
  ]);
  if (typeof count !== 'number' || typeof msLeft !== 'number') throw new Error('Redis does not count as it should');
  return [count, msLeft];
}
