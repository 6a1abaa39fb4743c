/**
 * Uploads: their parts in the collection `uploads`, each inserted once under the number of its first byte, so that of two
 * writes to one offset one succeeds. `finishUpload` (blobs.ts) reads them back in order.
 *
 *   <upload>:<first byte, 12 digits>   { start, end, bytes, at }
 *   <upload>:                          the same with no bytes: an upload of nothing
 */

import { Binary } from 'mongodb';
import type { Blobs, UploadListing } from '../blobs.ts';
import type { Calls } from '../calls.ts';
import { checkBlobQuery, checkUpload, checkUploadPart } from '../check-input.ts';
import { isDuplicate, type Database, type UploadDocument } from './database.ts';

export interface MongoUploads {
  calls: Pick<Blobs, 'writeUpload' | 'uploadedBytes' | 'dropUpload' | 'listUploads'>;
  /** The upload's bytes in order, up to a part that is missing; null when there is no such upload. */
  parts(upload: string): Promise<AsyncIterable<Uint8Array> | null>;
}

const OFFSET_DIGITS = 12;
/** Parts read ahead while a blob is written. */
const PARTS_AT_ONCE = 4;

/** @param now ms since 1970. */
export function createMongoUploads({ uploads }: Pick<Database, 'uploads'>, tracked: Calls['tracked'], now: () => number): MongoUploads {
  const lastOf = (upload: string): Promise<Pick<UploadDocument, 'end' | 'at'> | null> =>
    uploads.findOne(idsOf(upload), { sort: { _id: -1 }, projection: { end: 1, at: 1 } });

  const write = async (upload: string, offset: number, bytes: Uint8Array): Promise<{ isWritten: boolean; offset: number }> => {
    const held = (await lastOf(upload))?.end ?? 0;
    if (held !== offset) return { isWritten: false, offset: held };
    const end = offset + bytes.length;
    const part = { start: offset, end, bytes: new Binary(bytes), at: now() };
    if (bytes.length === 0) {
      if (offset === 0) await uploads.replaceOne({ _id: `${upload}:` }, part, { upsert: true });
      return { isWritten: true, offset };
    }
    try {
      await uploads.insertOne({ _id: `${upload}:${String(offset).padStart(OFFSET_DIGITS, '0')}`, ...part });
      return { isWritten: true, offset: end };
    } catch (error) {
      if (!isDuplicate(error)) throw error; // else another write was first
      return { isWritten: false, offset: (await lastOf(upload))?.end ?? 0 };
    }
  };

  const list = async (after: string, limit: number): Promise<UploadListing[]> => {
    const found: UploadListing[] = [];
    for (let start = after === '' ? '' : `${after};`; found.length < limit;) {
      const next = await uploads.findOne({ _id: { $gte: start } }, { sort: { _id: 1 }, projection: { _id: 1 } });
      if (next === null) break;
      const [upload = ''] = next._id.split(':');
      const last = await lastOf(upload);
      if (last !== null) found.push({ upload, bytes: last.end, updatedAt: last.at });
      start = `${upload};`;
    }
    return found;
  };

  return {
    async parts(upload) {
      return (await lastOf(upload)) === null ? null : bytesOf(uploads, upload);
    },
    calls: {
      writeUpload: (upload, offset, bytes) =>
        tracked(async () => {
          checkUploadPart(upload, offset, bytes);
          return write(upload, offset, bytes);
        }),

      uploadedBytes: (upload) =>
        tracked(async () => {
          checkUpload(upload);
          return (await lastOf(upload))?.end ?? null;
        }),

      dropUpload: (upload) =>
        tracked(async () => {
          checkUpload(upload);
          await uploads.deleteMany(idsOf(upload));
        }),

      listUploads: (query) =>
        tracked(async () => {
          const { after } = checkBlobQuery(query);
          return list(after, query.limit);
        }),
    },
  };
}

async function* bytesOf(uploads: Database['uploads'], upload: string): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const { start, end, bytes } of uploads.find(idsOf(upload), { sort: { _id: 1 }, batchSize: PARTS_AT_ONCE })) {
    if (start !== at) return; // the hash then shows that bytes are missing
    yield bytes.value();
    at = end;
  }
}

/** ';' follows ':'. */
function idsOf(upload: string): { _id: { $gte: string; $lt: string } } {
  return { _id: { $gte: `${upload}:`, $lt: `${upload};` } };
}
