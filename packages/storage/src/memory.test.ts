/** The memory store keeps the same rules as the durable ones; it has nothing to open again. */

import { createMemoryStore } from './memory.ts';
import { storageContract } from './testing/storage-contract.ts';

storageContract('memory', async () => ({ store: createMemoryStore(), cleanup: async () => undefined }));
