/** Texts that any relay of a cluster has read recently. While Redis is away each relay uses a smaller cache of its own. */

import type { TextCache } from '../access/text-cache.ts';
import type { RedisCommands } from './commands.ts';

export interface RedisCacheOptions {
  /** Part of every key: letters and digits. */
  name: string;
  /** Milliseconds after which Redis forgets a text. */
  ttlMs: number;
  /** Used while Redis is away. */
  own: TextCache;
}

export function createRedisCache(redis: RedisCommands, { name, ttlMs, own }: RedisCacheOptions): TextCache {
  const counts = { hits: 0, misses: 0 };
  const keyOf = (key: string): string => redis.key(`cache:${name}`, key);
  const find = async (key: string): Promise<string | null> => {
    try {
      const [text] = await redis.transact([['get', keyOf(key)]]);
      return typeof text === 'string' ? text : null;
    } catch {
      return own.get(key); // the bus logs that Redis is away
    }
  };
  return {
    counts,
    async get(key) {
      const text = await find(key);
      counts[text === null ? 'misses' : 'hits'] += 1;
      return text;
    },
    async set(key, text) {
      try {
        await redis.transact([['set', keyOf(key), text, 'PX', ttlMs]]);
      } catch {
        await own.set(key, text); // the bus logs that Redis is away
      }
    },
  };
}
