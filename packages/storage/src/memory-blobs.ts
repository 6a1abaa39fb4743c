/** Blobs in memory, lost when the process ends. Several over one map behave as several processes over one store. */

import { randomBytes } from 'node:crypto';
import { checkBlob, checkBlobQuery, checkHash } from './check-input.ts';
import type { MemoryCall } from './memory-call.ts';
import type { Blobs } from './port.ts';

export interface MemoryBlob {
  bytes: Uint8Array;
  version: string;
}

export function createMemoryBlobs(blobsByHash: Map<string, MemoryBlob>, call: MemoryCall): Blobs {
  return {
    putBlob: (hash, bytes) =>
      call(() => {
        checkBlob(hash, bytes);
        blobsByHash.set(hash, { bytes: bytes.slice(), version: randomBytes(9).toString('base64url') });
      }),

    getBlob: (hash) =>
      call(() => {
        checkHash(hash);
        return blobsByHash.get(hash)?.bytes.slice() ?? null;
      }),

    listBlobs: (query) =>
      call(() => {
        const { prefix, after } = checkBlobQuery(query);
        return [...blobsByHash]
          .filter(([hash]) => hash.startsWith(prefix) && hash > after)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .slice(0, query.limit)
          .map(([hash, { bytes, version }]) => ({ hash, bytes: bytes.length, version, isWhole: true }));
      }),

    removeBlobs: (listed) =>
      call(() => {
        for (const { hash } of listed) checkHash(hash);
        const gone = new Set<string>();
        for (const { hash, version } of listed) if (blobsByHash.get(hash)?.version === version) gone.add(hash);
        for (const hash of gone) blobsByHash.delete(hash);
        return [...gone];
      }),
  };
}
