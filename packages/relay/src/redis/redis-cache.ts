/** Texts that any relay of a cluster has read a moment ago. While Redis is away each relay has a smaller one of its own. */

import type { TextCache } from '../access/text-cache.ts';
import type { RedisCommands } from './commands.ts';

export interface RedisCacheOptions {
  /** Letters and digits: a part of every key. */
  name: string;
  /** After which Redis forgets a text. */
  ttlMs: number;
  /** For as long as Redis is away. */
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
      return own.get(key); // the bus says that Redis is away
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
        await own.set(key, text); // the bus says that Redis is away
      }
    },
  };
}
