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
export async function openStore(config: Pick<Config, 'mongodb' | 'dataFolder' | 'blobs'>, logger: BackendLogger): Promise<OpenedStore> {
  const opened = await openDocuments(config, logger);
  if (config.blobs === null) return opened;
  try {
    const { openS3Blobs, withBlobs } = await import('@wetink/storage/s3');
    const blobs = await openS3Blobs(config.blobs);
    return opened.kind === 'lmdb'
      ? { ...opened, store: withBlobs(opened.store, blobs) }
      : { ...opened, store: withBlobs(opened.store, blobs) };
  } catch (error) {
    await opened.store.close();
    throw error;
  }
}

async function openDocuments(config: Pick<Config, 'mongodb' | 'dataFolder'>, logger: BackendLogger): Promise<OpenedStore> {
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
