/**
 * Which users are suspended: those with a record `suspended/ID { since }`. It is read anew each time, so the answer is
 * never older than the question, on any relay.
 */

import type { Records } from '@wetink/storage';

const PREFIX = 'suspended/';
/** Suspensions read at once. */
const PER_PAGE = 1_000;

export class Suspensions {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  /** @param since ms since 1970. Ignored for a user who is suspended already. */
  async add(id: string, since: number): Promise<void> {
    if (id === '') throw new RangeError('A client without a user id cannot be suspended.');
    await this.#records.put(PREFIX + id, new TextEncoder().encode(JSON.stringify({ since })), 0);
  }

  async remove(id: string): Promise<void> {
    if (id === '') return;
    for (;;) {
      const record = await this.#records.get(PREFIX + id);
      if (record === null || (await this.#records.remove(record.key, record.version))) return;
    }
  }

  async has(id: string): Promise<boolean> {
    return id !== '' && (await this.#records.get(PREFIX + id)) !== null;
  }

  /**
   * Ids that begin with `prefix`, the first one past `after`. They reach to `last` or further, because pages are read whole.
   */
  async idsUpTo(last: string, { prefix, after }: { prefix: string; after: string | undefined }): Promise<Set<string>> {
    const found = new Set<string>();
    for (let behind = after; ;) {
      const page = await this.#records.list({
        prefix: PREFIX + prefix,
        limit: PER_PAGE,
        ...(behind === undefined ? {} : { after: PREFIX + behind }),
      });
      for (const { key } of page) found.add(key.slice(PREFIX.length));
      behind = page.at(-1)?.key.slice(PREFIX.length);
      if (behind === undefined || page.length < PER_PAGE || Buffer.compare(Buffer.from(behind), Buffer.from(last)) >= 0) return found;
    }
  }
}
