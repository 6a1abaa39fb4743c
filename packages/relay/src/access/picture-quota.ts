/**
 * How many bytes the pictures of each board take. Counted before the bytes are written, so a crash leaves too many, never
 * too few.
 */

import type { Records } from '@wetink/storage';
import { encodeFields, fieldsOf } from './picture-records.ts';
import { pagesOf } from './record-pages.ts';

const PREFIX = 'blobs/';
const MAX_ATTEMPTS = 10;

export class PictureQuota {
  readonly #records: Records;
  readonly #maxBytes: number;

  constructor(records: Records, maxBytes: number) {
    this.#records = records;
    this.#maxBytes = maxBytes;
  }

  /** Counts a picture that is about to be put. @returns Why it may not be; null when it is counted. */
  async take(board: string, bytes: number): Promise<'blob_quota' | 'busy' | null> {
    return this.#change(board, (counted) => (counted + bytes > this.#maxBytes ? null : counted + bytes));
  }

  /** Undoes `take`. The count stays too high when other relays kept writing first. */
  async giveBack(board: string, bytes: number): Promise<void> {
    await this.#change(board, (counted) => counted - bytes);
  }

  /** Removes the count of a board. */
  async forget(board: string): Promise<void> {
    const record = await this.#records.get(PREFIX + board);
    if (record !== null) await this.#records.remove(record.key, record.version);
  }

  /** Boards with a count. */
  async *boards(): AsyncGenerator<string> {
    for await (const page of pagesOf(this.#records, PREFIX)) for (const { key } of page) yield key.slice(PREFIX.length);
  }

  /** @param next The new count, or null when there may be no such count. */
  async #change(board: string, next: (counted: number) => number | null): Promise<'blob_quota' | 'busy' | null> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const record = await this.#records.get(PREFIX + board);
      const counted = next(record === null ? 0 : bytesIn(record.value));
      if (counted === null) return 'blob_quota';
      const value = encodeFields({ bytes: Math.max(0, counted) });
      if ((await this.#records.put(PREFIX + board, value, record?.version ?? 0)) !== null) return null;
    }
    return 'busy';
  }
}

function bytesIn(value: Uint8Array): number {
  const { bytes } = fieldsOf(value);
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes)) throw new Error('a record of a picture is damaged');
  return bytes;
}
