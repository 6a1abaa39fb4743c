/** Users who are online on any of the relays that share Redis. */

import { createMemoryOnlineIndex, ONLINE_KEPT_MS, type OnlineIndex } from '../access/online-index.ts';
import type { RedisCommands } from './commands.ts';
import type { Command } from './registry.ts';

export interface RedisOnlineOptions {
  /** This relay's name on the bus; its heartbeat is the key `node` of the same name. */
  node: string;
  /** ms since 1970; relays' clocks may differ by a minute. */
  wallClock(): number;
}

/**
 * Redis keeps a sorted set for each group: `NODE USER` by the time it was last written. An entry counts while its relay is alive,
 * so users of a relay that died are gone within its heartbeat.
 */
export function createRedisOnlineIndex(redis: RedisCommands, { node, wallClock }: RedisOnlineOptions): OnlineIndex {
  const own = createMemoryOnlineIndex();
  const keyOf = (group: string): string => redis.key('online', group);
  const run = async (commands: readonly Command[]): Promise<unknown[] | null> => {
    if (commands.length === 0) return [];
    try {
      return await redis.transact(commands);
    } catch {
      return null; // the bus logs that Redis is away; entries are written again
    }
  };
  const aliveNodes = async (nodes: readonly string[]): Promise<Set<string> | null> => {
    const replies = await run(nodes.map((name) => ['exists', redis.key('node', name)]));
    return replies === null ? null : new Set(nodes.filter((_, i) => replies[i] === 1));
  };
  return {
    async add(userId, groups) {
      await own.add(userId, groups);
      const nowMs = wallClock();
      await run(
        groups.flatMap((group): Command[] => [
          ['zadd', keyOf(group), nowMs, `${node} ${userId}`],
          ['zremrangebyscore', keyOf(group), '-inf', nowMs - ONLINE_KEPT_MS],
          ['pexpire', keyOf(group), ONLINE_KEPT_MS],
        ]),
      );
    },
    async remove(userId, groups) {
      await own.remove(userId, groups);
      await run(groups.map((group) => ['zrem', keyOf(group), `${node} ${userId}`]));
    },
    async of(groups, limit) {
      const { ids } = await own.of(groups, limit);
      const replies = await run(groups.map((group) => ['zrevrange', keyOf(group), 0, limit - 1]));
      const entries = (replies ?? []).flatMap((reply) => (Array.isArray(reply) ? reply.map(String) : [])).map(entryOf);
      const others = entries.filter((entry) => entry.node !== node && entry.userId !== '');
      const alive = await aliveNodes([...new Set(others.map((entry) => entry.node))]);
      for (const entry of others) if (alive?.has(entry.node) === true) ids.add(entry.userId);
      return { ids, isWhole: replies !== null && alive !== null };
    },
  };
}

function entryOf(text: string): { node: string; userId: string } {
  const at = text.indexOf(' ');
  return { node: text.slice(0, at), userId: text.slice(at + 1) };
}
