/**
 * What a relay counts and remembers beside its documents: over Redis for all relays together, or for itself when it is
 * alone. Either way nothing of it is the truth, and all of it ends by itself.
 */

import { createMemoryKeyWindow, type KeyWindow } from '@wetink/relay';
import { createMemoryCache, SEEN_AGAIN_MS, type TextCache } from '@wetink/relay/access';
import { createTickets, type TicketOffice } from '@wetink/relay/identity';
import type { RedisBusHandle } from '@wetink/relay/redis';

export interface Shared {
  tickets: TicketOffice;
  /** What is shown of people. */
  userCache: TextCache;
  /** @param name Of what is counted: letters and digits. @param windowMs Whole seconds. */
  window(name: string, limit: number, windowMs: number): KeyWindow;
}

/** About 3 MB. */
const MAX_CACHED_USERS = 10_000;
/** A relay's own while Redis is away: nobody tells it of changes, so not for long. */
const OWN_CACHE_TTL_MS = 60_000;

/** @param bus Null: a single relay. Redis's part is loaded only with one. */
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
