/** Uploads in memory. A blob that is made of one is a copy. */

import type { Blobs } from './blobs.ts';
import { checkBlobQuery, checkHash, checkUpload, checkUploadPart, sha256Hex } from './check-input.ts';
import type { MemoryCall } from './memory-call.ts';

export interface MemoryUpload {
  parts: Uint8Array[];
  bytes: number;
  updatedAt: number;
}

type UploadCalls = Pick<Blobs, 'writeUpload' | 'uploadedBytes' | 'finishUpload' | 'dropUpload' | 'listUploads'>;

/** @param now ms since 1970. @param keep Makes a blob of bytes that nobody else has. */
export function createMemoryUploads(
  uploadsByName: Map<string, MemoryUpload>,
  now: () => number,
  keep: (hash: string, bytes: Uint8Array) => void,
  call: MemoryCall,
): UploadCalls {
  return {
    writeUpload: (upload, offset, bytes) =>
      call(() => {
        checkUploadPart(upload, offset, bytes);
        const held = uploadsByName.get(upload) ?? { parts: [], bytes: 0, updatedAt: 0 };
        if (held.bytes !== offset) return { isWritten: false, offset: held.bytes };
        held.parts.push(bytes.slice());
        held.bytes += bytes.length;
        held.updatedAt = now();
        uploadsByName.set(upload, held);
        return { isWritten: true, offset: held.bytes };
      }),

    uploadedBytes: (upload) =>
      call(() => {
        checkUpload(upload);
        return uploadsByName.get(upload)?.bytes ?? null;
      }),

    finishUpload: (upload, hash) =>
      call(() => {
        checkUpload(upload);
        checkHash(hash);
        const held = uploadsByName.get(upload);
        if (held === undefined) return false;
        const bytes = new Uint8Array(Buffer.concat(held.parts));
        if (sha256Hex(bytes) !== hash) return false;
        keep(hash, bytes);
        return true;
      }),

    dropUpload: (upload) =>
      call(() => {
        checkUpload(upload);
        uploadsByName.delete(upload);
      }),

    listUploads: (query) =>
      call(() => {
        const { after } = checkBlobQuery(query);
        return [...uploadsByName]
          .filter(([upload]) => upload > after)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .slice(0, query.limit)
          .map(([upload, { bytes, updatedAt }]) => ({ upload, bytes, updatedAt }));
      }),
  };
}
