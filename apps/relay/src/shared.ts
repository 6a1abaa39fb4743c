/**
 * Counters and caches that relays share through Redis, or that a single relay keeps for itself. None of it is the record of
 * anything, and all of it expires.
 */

import { createMemoryKeyWindow, type KeyWindow } from '@wetink/relay';
import { createMemoryCache, SEEN_AGAIN_MS, type TextCache } from '@wetink/relay/access';
import { createTickets, type TicketOffice } from '@wetink/relay/identity';
import type { RedisBusHandle } from '@wetink/relay/redis';

export interface Shared {
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

/** @param bus Null: a single relay. The code for Redis is loaded only with a bus. */
export async function createShared(bus: Pick<RedisBusHandle, 'commands'> | null, now: () => number): Promise<Shared> {
  if (bus === null)
    return {
      tickets: createTickets(),
      userCache: createMemoryCache({ ttlMs: SEEN_AGAIN_MS, maxEntries: MAX_CACHED_USERS, now }),
      window: (_name, limit, windowMs) => createMemoryKeyWindow(limit, windowMs),
    };
  const { createRedisCache, createRedisKeyWindow, createRedisTickets } = await import('@wetink/relay/redis');
  const own = createMemoryCache({ ttlMs: OWN_CACHE_TTL_MS, maxEntries: MAX_CACHED_USERS, now });
  return {
    tickets: createRedisTickets(bus.commands),
    userCache: createRedisCache(bus.commands, { name: 'user', ttlMs: SEEN_AGAIN_MS, own }),
    window: (name, limit, windowMs) => createRedisKeyWindow(bus.commands, { name, limit, windowMs }),
  };
}
