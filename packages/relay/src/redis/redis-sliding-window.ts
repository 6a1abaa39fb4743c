/**
 * Counts how often something happens under a key, exactly and for all relays together: at every moment at most `limit` of the
 * last `windowMs`. A refused one does not count. While Redis is away each relay counts for itself.
 *
 * One script decides and counts, so that no other relay comes in between. It needs the right to run scripts; without it each
 * relay counts for itself too. Redis tells the time: the clocks of relays need not agree.
 */

import { createSlidingKeyWindow, type KeyWindow } from '../limits/key-window.ts';
import type { RedisCommands } from './commands.ts';
import type { RedisKeyWindowOptions } from './redis-key-window.ts';

/**
 * KEYS[1]: a list of the last `limit` times in ms, newest first, which expires with its newest. ARGV: limit, window in ms.
 * Returns ms to wait, or 0 when it counted one.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local oldest = redis.call('LINDEX', KEYS[1], ARGV[1] - 1)
if oldest then
  local left = oldest + ARGV[2] - now
  if left > ARGV[2] + 0 then redis.call('DEL', KEYS[1])
  elseif left > 0 then return left end
end
redis.call('LPUSH', KEYS[1], now)
redis.call('LTRIM', KEYS[1], 0, ARGV[1] - 1)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0`;

/** For small limits, since Redis keeps each time. */
export function createRedisSlidingWindow(redis: RedisCommands, options: RedisKeyWindowOptions): KeyWindow {
  const { name, limit, windowMs, elapsedMs = () => performance.now() } = options;
  const own = createSlidingKeyWindow(limit, windowMs, elapsedMs);
  return {
    async take(key) {
      let waitMs: unknown;
      try {
        [waitMs] = await redis.transact([['eval', TAKE, 1, `${redis.key('sliding', name)}:${key}`, limit, windowMs]]);
      } catch {
        return own.take(key); // the bus logs that Redis is away, or refuses
      }
      if (typeof waitMs !== 'number') throw new Error('Redis returned no time to wait');
      return Math.max(0, waitMs);
    },
  };
}
