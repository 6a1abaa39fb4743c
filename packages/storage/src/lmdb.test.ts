/** The LMDB store against the contract; the folder is closed and opened again for every rule about durability. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore } from './lmdb.ts';
import { storageContract } from './testing/storage-contract.ts';

storageContract('lmdb', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-store-'));
  let store = await openLmdbStore({ folder });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openLmdbStore({ folder });
      return store;
    },
    cleanup: () => rm(folder, { recursive: true, force: true }),
  };
});
