/** The MongoDB store against the contracts, over the wire: one server for this file, one database per test. */

import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { openMongoStore } from './mongodb.ts';
import { sharedStorageContract } from './testing/shared-contract.ts';
import { findMongo, startMongo, type RunningMongo } from './testing/start-mongo.ts';
import { storageContract } from './testing/storage-contract.ts';

const isThere = findMongo() !== null;

describe.skipIf(!isThere)(`on a MongoDB${isThere ? '' : ' (not run: none found, see scripts/mongo.mjs)'}`, () => {
  let server: RunningMongo;
  beforeAll(async () => {
    server = await startMongo();
  }, 90_000);
  afterAll(() => server.stop());

  const drop = async (database: string): Promise<void> => {
    const client = new MongoClient(server.uri);
    await client.db(database).dropDatabase();
    await client.close();
  };
  const fresh = (): string => `wetink_test_${randomBytes(6).toString('hex')}`;

  storageContract('mongodb', async () => {
    const database = fresh();
    let store = await openMongoStore({ uri: server.uri, database });
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await openMongoStore({ uri: server.uri, database });
        return store;
      },
      cleanup: () => drop(database),
    };
  });

  sharedStorageContract('mongodb', async () => {
    const database = fresh();
    const open = (): ReturnType<typeof openMongoStore> => openMongoStore({ uri: server.uri, database });
    return { stores: [await open(), await open()], cleanup: () => drop(database) };
  });
});
