/** The memory store keeps the same rules as the durable ones; it cannot be opened again. */

import { createMemoryDisk, createMemoryStore } from './memory.ts';
import { sharedStorageContract } from './testing/shared-contract.ts';
import { storageContract } from './testing/storage-contract.ts';

storageContract('memory', async () => ({ store: createMemoryStore(), cleanup: async () => undefined }));

sharedStorageContract('memory', async () => {
  const disk = createMemoryDisk();
  return {
    stores: [createMemoryStore({ disk, writer: 'a' }), createMemoryStore({ disk, writer: 'b' })],
    cleanup: async () => undefined,
  };
});
