/**
 * The bus over Redis, for relays that share a store: `createRedisBus`. Its rules are in SPEC.md, section Redis.
 *
 * Redis carries hints and is never the truth: while Redis is down, relays go on serving their own clients, and catch up
 * through the store when it returns.
 */

import { randomBytes } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';
import type { Bus } from '../bus/bus.ts';
import { systemEnvironment, type Environment } from '../ports/environment.ts';
import { silentLogger, type Logger } from '../ports/logger.ts';
import type { RedisCommands } from './commands.ts';
import { NODE_PATTERN } from './envelope.ts';
import type { RedisBusStatus } from './bus-status.ts';
import { RedisBus } from './redis-bus.ts';
import { parseRedisUrl } from './redis-url.ts';

export { BusDownError } from './bus-down-error.ts';
export type { RedisBusStatus } from './bus-status.ts';
export { RedisUrlError } from './redis-url.ts';
export type { RedisCommands } from './commands.ts';
export { createRedisCache } from './redis-cache.ts';
export type { RedisCacheOptions } from './redis-cache.ts';
export { createRedisGuardedCache } from './redis-guarded-cache.ts';
export type { GuardedCache, GuardedCacheOptions } from './redis-guarded-cache.ts';
export { createRedisKeyWindow } from './redis-key-window.ts';
export type { RedisKeyWindowOptions } from './redis-key-window.ts';
export { createRedisSlidingWindow } from './redis-sliding-window.ts';
export { createRedisTickets } from './redis-tickets.ts';
export type { RedisTicketsOptions } from './redis-tickets.ts';

export interface RedisBusOptions {
  /**
   * `redis://user:password@host:6379/0`, or `rediss://` for TLS. Several nodes of a Redis Cluster are separated by
   * commas; user and password of the first hold for the others.
   */
  url: string;
  logger?: Logger;
  /** This process's name on the bus. Default: a random one. */
  node?: string;
  /** Keys begin with `{keyPrefix}:`, channels with `keyPrefix:`. Letters, digits, - and _. */
  keyPrefix?: string;
  /** Milliseconds between two heartbeats. Others notice a dead node after 3 to 5 of them, a dead link after 4 to 5. */
  heartbeatMs?: number;
  /** Milliseconds allowed for one connection attempt and for one command of the registry. */
  timeoutMs?: number;
  /** Limit of bytes on their way to Redis. Messages above it are dropped, so a stalled Redis costs no more memory. */
  maxOutboxBytes?: number;
  /** TLS options for `rediss://`: ca, cert, key and the like. */
  tls?: ConnectionOptions;
  environment?: Environment;
}

export interface RedisBusHandle extends Bus {
  status(): RedisBusStatus;
  /** Commands for what relays share beside messages: `createRedisCache`, `createRedisGuardedCache`, `createRedisTickets`, `createRedisKeyWindow`, `createRedisSlidingWindow`. */
  readonly commands: RedisCommands;
}

const MIB = 1024 * 1024;
const KEY_PREFIX_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Resolves after the first attempt to connect. A Redis that cannot be reached is logged once, with what to do about it;
 * the bus tries again, at most 2 s apart, until it is closed.
 *
 * @throws {RedisUrlError} The URL cannot be read.
 * @throws {RangeError} Another option is out of bounds.
 */
export async function createRedisBus(options: RedisBusOptions): Promise<RedisBusHandle> {
  const settings = {
    address: parseRedisUrl(options.url),
    tls: options.tls,
    node: options.node ?? randomBytes(10).toString('hex'),
    keyPrefix: options.keyPrefix ?? 'wetink',
    heartbeatMs: options.heartbeatMs ?? 2_000,
    timeoutMs: options.timeoutMs ?? 4_000,
    maxOutboxBytes: options.maxOutboxBytes ?? 32 * MIB,
    logger: options.logger ?? silentLogger,
    environment: options.environment ?? systemEnvironment,
  };
  if (!NODE_PATTERN.test(settings.node)) throw new RangeError('node must be 1 to 32 letters and digits.');
  if (!KEY_PREFIX_PATTERN.test(settings.keyPrefix)) throw new RangeError('keyPrefix must be 1 to 64 letters, digits, - and _.');
  for (const name of ['heartbeatMs', 'timeoutMs', 'maxOutboxBytes'] as const)
    if (!(settings[name] > 0 && Number.isFinite(settings[name]))) throw new RangeError(`${name} must be a positive number.`);
  const bus = new RedisBus(settings);
  await bus.start();
  return bus;
}
