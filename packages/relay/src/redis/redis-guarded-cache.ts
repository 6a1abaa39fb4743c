/**
 * Texts that relays make from something that changes, such as the newest messages of a chat. A relay that hears of a change
 * drops the text, which also makes worthless what others began to make before:
 *
 *     begin (reads the count of drops) -> make the text -> put, if the count is the same
 *     change -> drop: delete the text, raise the count
 *
 * Commands of one relay reach Redis in their order, so a relay that has dropped a text never finds it again. While Redis is
 * away nothing is found, and a drop is repeated until Redis has taken it.
 */

import type { Environment } from '../ports/environment.ts';
import type { RedisCommands } from './commands.ts';
import type { Command } from './registry.ts';

export interface GuardedCache {
  /** Null when there is none, or Redis is away. Never rejects. */
  get(key: string): Promise<string | null>;
  /** @returns What to give to `put` after making the text; null while Redis is away. Never rejects. */
  begin(key: string): Promise<string | null>;
  /** Puts nothing when a relay has dropped this text since `begun`. Never rejects. */
  put(key: string, text: string, begun: string): Promise<void>;
  /** The text is not true any more. Resolves once Redis knows, or is away. Never rejects. */
  drop(key: string): Promise<void>;
  /** Results of `get`, since the start. */
  readonly counts: { hits: number; misses: number };
  /** Ends what would be repeated. Final. */
  close(): void;
}

export interface GuardedCacheOptions {
  /** Part of every key: letters and digits. */
  name: string;
  /** Milliseconds after which Redis forgets a text. */
  ttlMs: number;
  environment: Pick<Environment, 'schedule' | 'random'>;
}

/** KEYS: the text, the count of drops. ARGV: the count at `begin`, the text, its lifetime in ms. */
const PUT = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;
/** The count outlives every text that was begun before: a relay makes one in seconds. */
const COUNT_LIVES = 2;
const MAX_FIRST_COUNT = 2 ** 40;
const RETRY_MS = 500;
/** Above this many, nothing at all is found until all are dropped. */
const MAX_UNDROPPED = 10_000;

export function createRedisGuardedCache(redis: RedisCommands, { name, ttlMs, environment }: GuardedCacheOptions): GuardedCache {
  const counts = { hits: 0, misses: 0 };
  const textKey = (key: string): string => redis.key(`guarded:${name}`, key);
  const countKey = (key: string): string => redis.key(`drops:${name}`, key);
  const countMs = COUNT_LIVES * ttlMs;
  /** After a Redis lost its counts they begin elsewhere, so that none that was read before is met again. */
  const beginCount = (key: string): Command => [
    'set',
    countKey(key),
    Math.floor(environment.random() * MAX_FIRST_COUNT),
    'NX',
    'PX',
    countMs,
  ];
  /** @returns Null while Redis is away, or refuses: the bus logs it. */
  const run = (commands: readonly Command[]): Promise<unknown[] | null> => redis.transact(commands).catch(() => null);
  const drops = createDrops({
    environment,
    trustedAfterMs: ttlMs,
    drop: async (key) =>
      (await run([['del', textKey(key)], beginCount(key), ['incrby', countKey(key), 1], ['pexpire', countKey(key), countMs]])) !== null,
  });

  return {
    counts,
    async get(key) {
      const [text] = drops.isDone(key) ? ((await run([['get', textKey(key)]])) ?? []) : [];
      const found = typeof text === 'string' && drops.isDone(key) ? text : null;
      counts[found === null ? 'misses' : 'hits'] += 1;
      return found;
    },
    async begin(key) {
      if (!drops.isDone(key)) return null;
      const [, count] = (await run([beginCount(key), ['get', countKey(key)]])) ?? [];
      return typeof count === 'string' ? count : null;
    },
    async put(key, text, begun) {
      if (drops.isDone(key)) await run([['eval', PUT, 2, textKey(key), countKey(key), begun, text, ttlMs]]);
    },
    drop: (key) => drops.drop(key),
    close: () => drops.close(),
  };
}

interface Drops {
  /** Redis has taken all drops of this key. */
  isDone(key: string): boolean;
  /** Never rejects. */
  drop(key: string): Promise<void>;
  close(): void;
}

interface DropsPorts {
  environment: Pick<Environment, 'schedule'>;
  /** @returns Whether Redis has taken it. */
  drop(key: string): Promise<boolean>;
  /** Milliseconds after which texts that were never dropped are gone. */
  trustedAfterMs: number;
}

/** Repeats drops until they are done. */
function createDrops({ environment, drop, trustedAfterMs }: DropsPorts): Drops {
  const undone = new Set<string>();
  let isOverflown = false;
  let isClosed = false;
  let cancel: (() => void) | null = null;
  let cancelTrust: (() => void) | null = null;
  const overflow = (): void => {
    // An outage before may be over for less than the lifetime of a text: this one counts from its own end.
    cancelTrust?.();
    cancelTrust = null;
    isOverflown = true;
  };
  const trustLater = (): void => {
    cancelTrust ??= environment.schedule(() => {
      cancelTrust = null;
      isOverflown = false;
    }, trustedAfterMs);
  };
  const later = (): void => {
    if (isClosed || cancel !== null) return;
    cancel = environment.schedule(() => {
      cancel = null;
      void again();
    }, RETRY_MS);
  };
  const again = async (): Promise<void> => {
    for (const key of [...undone]) {
      // First, or a drop that fails meanwhile would be forgotten with this one.
      undone.delete(key);
      if (await drop(key)) continue;
      undone.add(key);
      return later();
    }
    // Keys beyond the limit are not known: their texts expire.
    if (isOverflown && undone.size === 0) trustLater();
  };
  return {
    isDone: (key) => !isOverflown && !undone.has(key),
    async drop(key) {
      if (isClosed || (await drop(key))) return;
      if (undone.size < MAX_UNDROPPED) undone.add(key);
      else overflow();
      later();
    },
    close() {
      isClosed = true;
      cancel?.();
      cancelTrust?.();
    },
  };
}
