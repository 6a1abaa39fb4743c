/** The settings of a bus over Redis: the options of `createRedisBus`, read and with every default filled in. */

import type { ConnectionOptions } from 'node:tls';
import type { Environment } from '../ports/environment.ts';
import type { Logger } from '../ports/logger.ts';
import type { RedisAddress } from './redis-url.ts';

export interface RedisBusSettings {
  address: RedisAddress;
  tls?: ConnectionOptions | undefined;
  node: string;
  keyPrefix: string;
  heartbeatMs: number;
  timeoutMs: number;
  maxOutboxBytes: number;
  logger: Logger;
  environment: Environment;
}
