/**
 * Files in GridFS (collections `blobs.files` and `blobs.chunks`), each written once under an id of its own and never
 * changed. The driver writes a file's own document last. The head of a blob (blobs.ts) names the file that has its bytes.
 */

import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { GridFSBucket, type Collection, type ObjectId } from 'mongodb';
import type { Database } from './database.ts';

/** A chunk of a file. Larger than the driver's 255 KiB: a range of a download touches one or two. */
const CHUNK_BYTES = 1024 * 1024;
const BUCKET = 'blobs';

/** The driver's types know ids of its own kind only; the server takes any. */
type FileId = ObjectId;

export interface GridFiles {
  /**
   * Writes a file from pieces.
   * @returns Number of bytes; null when the pieces have another hash than `hash`: then nothing is left of the file.
   */
  write(id: string, pieces: AsyncIterable<Uint8Array>, hash: string): Promise<number | null>;
  /** @returns Fewer bytes when some are missing. */
  read(id: string, start: number, end: number): Promise<Uint8Array>;
  /** @returns Number of removed documents. */
  remove(id: string): Promise<number>;
  /** Ids from `start` on of which there is a first chunk, in order, at most `limit`. */
  ids(start: string, limit: number): Promise<string[]>;
}

export function createGridFiles({ db }: Pick<Database, 'db'>): GridFiles {
  const bucket = new GridFSBucket(db, { bucketName: BUCKET, chunkSizeBytes: CHUNK_BYTES });
  const files: Collection<{ _id: string }> = db.collection(`${BUCKET}.files`);
  const chunks: Collection<{ files_id: string; n: number; data: { value(): Uint8Array } }> = db.collection(`${BUCKET}.chunks`);

  return {
    async write(id, pieces, hash) {
      const stream = bucket.openUploadStreamWithId(id as unknown as FileId, hash);
      const sum = createHash('sha256');
      let bytes = 0;
      const checked = async function* (): AsyncGenerator<Uint8Array> {
        for await (const piece of pieces) {
          sum.update(piece);
          bytes += piece.length;
          yield piece;
        }
        if (sum.digest('hex') !== hash) throw new OtherHash();
      };
      try {
        await pipeline(checked, stream);
        return bytes;
      } catch (error) {
        // Whatever stays is named by a listing.
        await stream.abort().catch((later: unknown) => {
          if (error instanceof OtherHash) throw later;
        });
        if (error instanceof OtherHash) return null;
        throw error;
      }
    },

    async read(id, start, last) {
      const bytes = new Uint8Array(last - start);
      let read = 0;
      const range = { $gte: Math.floor(start / CHUNK_BYTES), $lte: Math.floor((last - 1) / CHUNK_BYTES) };
      for await (const { n, data } of chunks.find({ files_id: id, n: range }, { sort: { n: 1 } })) {
        const part = data.value().subarray(Math.max(0, start - n * CHUNK_BYTES), last - n * CHUNK_BYTES);
        if (Math.max(start, n * CHUNK_BYTES) !== start + read) break; // a chunk before it is missing
        bytes.set(part, read);
        read += part.length;
      }
      return bytes.subarray(0, read);
    },

    async remove(id) {
      const file = await files.deleteOne({ _id: id });
      return file.deletedCount + (await chunks.deleteMany({ files_id: id })).deletedCount;
    },

    async ids(start, limit) {
      const first = await chunks
        .find({ files_id: { $gte: start }, n: 0 }, { projection: { _id: 0, files_id: 1 }, sort: { files_id: 1, n: 1 }, limit })
        .toArray();
      return first.map(({ files_id: id }) => id);
    },
  };
}

/** Ends a stream before the driver writes the file's own document. */
class OtherHash extends Error {}
