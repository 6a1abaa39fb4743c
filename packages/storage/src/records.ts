/**
 * Small facts beside documents, such as who owns a board. Bytes in, bytes out, under a key, with compare-and-set:
 *
 *   get      -> version 3
 *   put(…, 3) -> 4          no other write in between
 *   put(…, 3) -> null       another writer was first, and nothing changed: read again and decide again
 *
 * A key is text of 1 to 512 bytes of UTF-8, a value 0 to 64 KiB. Records know nothing of rooms: erasing a room leaves
 * its records; their owner removes them first.
 */

export interface StoredRecord {
  key: string;
  /** The caller owns the bytes. */
  value: Uint8Array;
  /** 1 when first written; rises by one with each write. A record that was removed and is written again begins at 1. */
  version: number;
}

export interface Records {
  /**
   * @returns Null when there is none.
   * @throws {StoreError} `CORRUPT` when it is damaged: an unreadable record must never look like none.
   */
  get(key: string): Promise<StoredRecord | null>;

  /**
   * @param value Copied before the call returns.
   * @param ifVersion Version that the caller has read; 0 when there must be no record yet.
   * @returns The new version, on disk; null when the record has another version, and nothing changed.
   * @throws {StoreError} `TOO_LARGE`, `FULL`, `NOT_WRITABLE`, `UNREACHABLE`, `CORRUPT`, `CLOSED`, `INVALID`. After
   * `UNREACHABLE` or `NOT_WRITABLE` it is unknown whether the record was written: read it again.
   */
  put(key: string, value: Uint8Array, ifVersion: number): Promise<number | null>;

  /**
   * @returns True once it is gone from disk; false when it has another version or does not exist, and nothing changed.
   * @throws {StoreError} As `put`.
   */
  remove(key: string, ifVersion: number): Promise<boolean>;

  /**
   * In the byte order of the UTF-8 keys. Damaged records are left out and logged, so decide rights by `get`.
   * @param query `after`: a key to start behind (the last one of the page before). `limit`: 1 to 1,000.
   */
  list(query: { prefix: string; after?: string; limit: number }): Promise<StoredRecord[]>;
}
