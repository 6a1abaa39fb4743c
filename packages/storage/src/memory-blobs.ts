/** Blobs in memory, lost when the process ends. Several over one disk behave as several processes over one store. */

import { randomBytes } from 'node:crypto';
import type { Blobs } from './blobs.ts';
import { checkBlob, checkBlobQuery, checkHash, checkRange, checkWholeRead } from './check-input.ts';
import type { MemoryCall } from './memory-call.ts';
import { createMemoryUploads, type MemoryUpload } from './memory-uploads.ts';

export interface MemoryBlob {
  bytes: Uint8Array;
  version: string;
}

export interface MemoryBlobDisk {
  readonly blobsByHash: Map<string, MemoryBlob>;
  readonly uploadsByName: Map<string, MemoryUpload>;
}

/** @param now ms since 1970. */
export function createMemoryBlobs({ blobsByHash, uploadsByName }: MemoryBlobDisk, now: () => number, call: MemoryCall): Blobs {
  const keep = (hash: string, bytes: Uint8Array): void => {
    blobsByHash.set(hash, { bytes, version: randomBytes(9).toString('base64url') });
  };

  return {
    putBlob: (hash, bytes) =>
      call(() => {
        checkBlob(hash, bytes);
        keep(hash, bytes.slice());
      }),

    getBlob: (hash) =>
      call(() => {
        checkHash(hash);
        const bytes = blobsByHash.get(hash)?.bytes;
        checkWholeRead(bytes?.length ?? 0);
        return bytes?.slice() ?? null;
      }),

    sizeOfBlob: (hash) =>
      call(() => {
        checkHash(hash);
        return blobsByHash.get(hash)?.bytes.length ?? null;
      }),

    readBlob: (hash, start, end) =>
      call(() => {
        checkRange(hash, start, end);
        return blobsByHash.get(hash)?.bytes.slice(start, end) ?? null;
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

    ...createMemoryUploads(uploadsByName, now, keep, call),
  };
}
