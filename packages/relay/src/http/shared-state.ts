/**
 * Counters and caches that relays share through Redis, or that a single relay keeps for itself. None of it is the record of
 * anything, and all of it expires.
 */

import { createMemoryCache, type TextCache } from '../access/text-cache.ts';
import { SEEN_AGAIN_MS } from '../access/users.ts';
import { createTickets, type TicketOffice } from '../identity/tickets.ts';
import { createMemoryKeyWindow, type KeyWindow } from '../limits/key-window.ts';
import type { RedisCommands } from '../redis/commands.ts';
import { createRedisCache } from '../redis/redis-cache.ts';
import { createRedisKeyWindow } from '../redis/redis-key-window.ts';
import { createRedisTickets } from '../redis/redis-tickets.ts';

export interface SharedState {
  tickets: TicketOffice;
  /** Names and pictures of users. */
  userCache: TextCache;
  /** @param name Letters and digits; names the counter. @param windowMs A multiple of 1,000. */
  window(name: string, limit: number, windowMs: number): KeyWindow;
}

/** About 3 MB. */
const MAX_CACHED_USERS = 10_000;
/** Short, because while Redis is down a relay does not hear of changes to its own cache. */
const OWN_CACHE_TTL_MS = 60_000;

/** @param bus Made by `createRedisBus`; null: a single relay. @param now Milliseconds, only compared with each other. */
export function createSharedState(bus: { commands: RedisCommands } | null, now: () => number): SharedState {
  if (bus === null)
    return {
      tickets: createTickets(),
      userCache: createMemoryCache({ ttlMs: SEEN_AGAIN_MS, maxEntries: MAX_CACHED_USERS, now }),
      window: (_name, limit, windowMs) => createMemoryKeyWindow(limit, windowMs),
    };
  const own = createMemoryCache({ ttlMs: OWN_CACHE_TTL_MS, maxEntries: MAX_CACHED_USERS, now });
  return {
    tickets: createRedisTickets(bus.commands),
    userCache: createRedisCache(bus.commands, { name: 'user', ttlMs: SEEN_AGAIN_MS, own }),
    window: (name, limit, windowMs) => createRedisKeyWindow(bus.commands, { name, limit, windowMs }),
  };
}
