/**
 * Small facts beside documents, such as who owns a board. Bytes in, bytes out, under a key, with compare-and-set:
 *
 *   get      -> version 3
 *   put(…, 3) -> 4          nobody else wrote in between
 *   put(…, 3) -> null       somebody did, and nothing changed: read again and decide anew
 *
 * A key is text of 1 to 512 bytes of UTF-8, a value 0 to 64 KiB. Records know nothing of rooms: erasing a room leaves
 * its records, and who keeps some about it removes them first.
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
   * @returns null when there is none.
   * @throws {StoreError} `CORRUPT` when it is damaged: a record that cannot be read must never look like none.
   */
  get(key: string): Promise<StoredRecord | null>;

  /**
   * @param value Copied before the call returns.
   * @param ifVersion What the caller has read; 0: there must be none yet.
   * @returns The new version, on disk; null: it has another version, and nothing changed.
   * @throws {StoreError} `TOO_LARGE`, `FULL`, `NOT_WRITABLE`, `UNREACHABLE`, `CORRUPT`, `CLOSED`, `INVALID`. After `UNREACHABLE` or
   *   `NOT_WRITABLE` nobody knows whether it was written: read it again.
   */
  put(key: string, value: Uint8Array, ifVersion: number): Promise<number | null>;

  /**
   * @returns True once it is gone from disk; false: it has another version, or there is none, and nothing changed.
   * @throws {StoreError} As `put`.
   */
  remove(key: string, ifVersion: number): Promise<boolean>;

  /**
   * In the byte order of the UTF-8 keys. A damaged one is left out, which the log says: decide what somebody may do by `get`.
   * @param query `after`: a key to start behind (the last one of the page before). `limit`: 1 to 1,000.
   */
  list(query: { prefix: string; after?: string; limit: number }): Promise<StoredRecord[]>;
}
