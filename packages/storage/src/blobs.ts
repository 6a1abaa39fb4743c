/**
 * The port for blobs: pictures and files beside documents, each under the SHA-256 of its bytes. Every store has it, and a
 * bucket has nothing else (`@wetink/storage/s3`).
 *
 *     small, in memory:  putBlob                                              -> blob
 *     in parts:          writeUpload 0, n, 2n … -> finishUpload(upload, hash)  -> blob, and dropUpload
 *
 * An upload is not a blob: no reader sees it. It survives restarts of the process, and its writer can ask how far it got.
 * A range of a blob is read without the rest.
 */

/** A blob as one put left it. */
export interface BlobVersion {
  hash: string;
  /** Changes with each put, even of bytes that are there already. For comparison only. */
  version: string;
}

export interface BlobListing extends BlobVersion {
  /** 0 when it is not whole. */
  bytes: number;
  /** False for the leftovers of a broken put, or a put under way. `getBlob` does not find it. */
  isWhole: boolean;
}

export interface UploadListing {
  upload: string;
  /** Bytes that are held. */
  bytes: number;
  /** Time of the last write, ms since 1970. */
  updatedAt: number;
}

export interface Blobs {
  /**
   * Keeps bytes under their own hash. Doing so twice is fine.
   * @param hash SHA-256 of `bytes`, 64 lower-case hex digits.
   * @throws {StoreError} `CORRUPT` when the bytes have another hash, `TOO_LARGE` above `maxBlobBytes`.
   */
  putBlob(hash: string, bytes: Uint8Array): Promise<void>;

  /**
   * @returns The bytes, checked against the hash; null when never put. The caller owns them.
   * @throws {StoreError} `TOO_LARGE` above `maxBlobBytes`: read it in ranges. `CORRUPT`.
   */
  getBlob(hash: string): Promise<Uint8Array | null>;

  /** @returns The number of its bytes; null when there is no such blob. */
  sizeOfBlob(hash: string): Promise<number | null>;

  /**
   * Reads bytes `start` to `end` (exclusive), at most `maxRangeBytes` of them. A range past the end of the blob is cut.
   * @returns Not checked against the hash, which is that of the whole; null when there is no such blob. The caller owns them.
   * @throws {StoreError} `CORRUPT` when bytes of the range are missing.
   */
  readBlob(hash: string, start: number, end: number): Promise<Uint8Array | null>;

  /**
   * Blobs, and beside them what is left of puts that were cut off, in the order of their hashes.
   * @param query `prefix`, `after`: hex digits of a hash. `limit`: how many different hashes, 1 to 1,000.
   */
  listBlobs(query: { prefix?: string; after?: string; limit: number }): Promise<BlobListing[]>;

  /**
   * Removes blobs as they were listed: a blob that was put again since stays whole. So a caller that lists blobs first,
   * and then checks which are needed, cannot remove one whose user records the need before putting it.
   *
   * @returns Hashes of which something was removed, durably: no byte of it is kept, except where the store says
   * otherwise.
   */
  removeBlobs(blobs: readonly BlobVersion[]): Promise<string[]>;

  /**
   * Adds bytes to an upload, and makes it with the first ones.
   *
   * @param upload Its name: 64 lower-case hex digits, chosen by the caller.
   * @param offset Number of bytes that the caller believes are held.
   * @param bytes At most `maxRangeBytes`.
   * @returns `isWritten` true: the bytes are durable, and `offset` is their end. False: another number of bytes is held,
   * `offset`, and nothing was written. Of writes to one offset at the same time one succeeds.
   */
  writeUpload(upload: string, offset: number, bytes: Uint8Array): Promise<{ isWritten: boolean; offset: number }>;

  /** @returns Number of bytes held durably; null when there is no such upload. */
  uploadedBytes(upload: string): Promise<number | null>;

  /**
   * Makes a blob of an upload, as `putBlob` would. The upload stays until it is dropped, so that a caller which dies in
   * between can repeat the call.
   * @returns False when the bytes have another hash, or there is no such upload: nothing was changed.
   */
  finishUpload(upload: string, hash: string): Promise<boolean>;

  /** Removes an upload, durably. Dropping one that is not there is fine. */
  dropUpload(upload: string): Promise<void>;

  /** Uploads in the order of their names. @param query As for `listBlobs`. */
  listUploads(query: { after?: string; limit: number }): Promise<UploadListing[]>;
}
