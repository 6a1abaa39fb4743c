/**
 * Opens the configured store, and the bus to other relays. Drivers are imported on demand: a single node loads neither
 * MongoDB's nor Redis's.
 */

import { resolve } from 'node:path';
import type { RedisBusHandle } from '@wetink/relay/redis';
import type { Store, StorageLogger } from '@wetink/storage';
import type { LmdbStore } from '@wetink/storage/lmdb';
import type { Config } from '../config/config.ts';
import { makeFolder } from './folders.ts';

export type OpenedStore = { kind: 'lmdb'; store: LmdbStore; folder: string } | { kind: 'mongodb'; store: Store };

type BackendLogger = StorageLogger & { debug(fields: object, message: string): void };

/** @throws {Error} With one sentence that says what to do. */
export async function openStore(config: Pick<Config, 'mongodb' | 'dataFolder'>, logger: BackendLogger): Promise<OpenedStore> {
  if (config.mongodb !== null) {
    const { openMongoStore } = await import('@wetink/storage/mongodb');
    const { uri, poolSize } = config.mongodb;
    return { kind: 'mongodb', store: await openMongoStore({ uri, ...(poolSize === null ? {} : { poolSize }), logger }) };
  }
  const { openLmdbStore } = await import('@wetink/storage/lmdb');
  const folder = resolve(config.dataFolder);
  await makeFolder(folder).catch((error: Error) => {
    throw new Error(`data folder ${folder} cannot be made: ${error.message}. Choose another with --data.`, { cause: error });
  });
  return { kind: 'lmdb', store: await openLmdbStore({ folder, logger }), folder };
}

/** An unreachable Redis is not an error: the relay logs it, serves its own clients, and joins the other relays later. */
export async function openBus(config: Config, logger: BackendLogger): Promise<RedisBusHandle | null> {
  if (config.redisUrl === null) return null;
  const { createRedisBus } = await import('@wetink/relay/redis');
  return createRedisBus({ url: config.redisUrl, logger });
}
