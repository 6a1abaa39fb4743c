/** Drops that Redis did not take, on a clock of their own. With a real Redis: shared.redis.test.ts. */

import { expect, it } from 'vitest';
import { virtualTime } from '../testing/virtual-time.ts';
import type { RedisCommands } from './commands.ts';
import { createRedisGuardedCache } from './redis-guarded-cache.ts';

const TTL_MS = 300_000;
/** More than are remembered one by one. */
const TOO_MANY = 10_001;

it('[RB22] after more drops than can be remembered nothing is found for the lifetime of a text, and again after a second outage within that time', async () => {
  const time = virtualTime();
  let isAway = false;
  const commands: RedisCommands = {
    key: (kind, name) => `${kind}:${name}`,
    transact: (list) => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(list.map(() => 'a text'))),
  };
  const cache = createRedisGuardedCache(commands, { name: 'newest', ttlMs: TTL_MS, environment: time });
  const outage = async (): Promise<void> => {
    isAway = true;
    await Promise.all(Array.from({ length: TOO_MANY }, (_, i) => cache.drop(`k${i}`)));
    isAway = false;
    await time.advance(1_000);
  };
  expect(await cache.get('other')).toBe('a text');
  await outage();
  expect(await cache.get('other')).toBeNull();
  await time.advance(TTL_MS - 10_000);
  await outage();
  await time.advance(TTL_MS - 10_000);
  expect(await cache.get('other')).toBeNull();
  await time.advance(20_000);
  expect(await cache.get('other')).toBe('a text');
  cache.close();
});
