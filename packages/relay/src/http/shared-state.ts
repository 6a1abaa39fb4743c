/**
 * Counters and caches that relays share through Redis, or that a single relay keeps for itself. None of it is the record of
 * anything, and all of it expires.
 */

import { createMemoryCache, type TextCache } from '../access/text-cache.ts';
import { createMemoryOnlineIndex, type OnlineIndex } from '../access/online-index.ts';
import { SEEN_AGAIN_MS } from '../access/users.ts';
import { createTickets, type TicketOffice } from '../identity/tickets.ts';
import { createMemoryKeyWindow, createSlidingKeyWindow, type KeyWindow } from '../limits/key-window.ts';
import type { RedisCommands } from '../redis/commands.ts';
import { createRedisCache } from '../redis/redis-cache.ts';
import { createRedisKeyWindow } from '../redis/redis-key-window.ts';
import { createRedisOnlineIndex } from '../redis/redis-online-index.ts';
import { createRedisSlidingWindow } from '../redis/redis-sliding-window.ts';
import { createRedisTickets } from '../redis/redis-tickets.ts';

export interface SharedState {
  tickets: TicketOffice;
  /** Names and pictures of users. */
  userCache: TextCache;
  /** Users who are online. */
  online: OnlineIndex;
  /** @param name Letters and digits; names the counter. @param windowMs A multiple of 1,000. */
  window(name: string, limit: number, windowMs: number): KeyWindow;
  /** As `window`, for small limits that a person meets: at every moment the last `windowMs` count. */
  slidingWindow(name: string, limit: number, windowMs: number): KeyWindow;
}

/** About 3 MB. */
const MAX_CACHED_USERS = 10_000;
/** Short, because while Redis is down a relay does not hear of changes to its own cache. */
const OWN_CACHE_TTL_MS = 60_000;

/** @param bus Made by `createRedisBus`; null: a single relay. @param now Milliseconds, only compared with each other. */
export function createSharedState(bus: { commands: RedisCommands; node: string } | null, now: () => number): SharedState {
  if (bus === null)
    return {
      tickets: createTickets(),
      userCache: createMemoryCache({ ttlMs: SEEN_AGAIN_MS, maxEntries: MAX_CACHED_USERS, now }),
      online: createMemoryOnlineIndex(),
      window: (_name, limit, windowMs) => createMemoryKeyWindow(limit, windowMs),
      slidingWindow: (_name, limit, windowMs) => createSlidingKeyWindow(limit, windowMs, now),
    };
  const window: SharedState['window'] = (name, limit, windowMs) => createRedisKeyWindow(bus.commands, { name, limit, windowMs });
  const own = createMemoryCache({ ttlMs: OWN_CACHE_TTL_MS, maxEntries: MAX_CACHED_USERS, now });
  return {
    tickets: createRedisTickets(bus.commands),
    userCache: createRedisCache(bus.commands, { name: 'user', ttlMs: SEEN_AGAIN_MS, own }),
    online: createRedisOnlineIndex(bus.commands, { node: bus.node, wallClock: Date.now }),
    window,
    slidingWindow: (name, limit, windowMs) => createRedisSlidingWindow(bus.commands, { name, limit, windowMs, elapsedMs: now }),
  };
}
