/**
 * The contents for which keys of calls that notify people were used, for a week: `notifykey/KEY { content, at }`. So a key that is
 * used again for something else is refused, instead of notifying nobody.
 */

import { looseFields } from '@wetink/relay/access';
import type { Records, StoredRecord } from '@wetink/storage';

const PREFIX = 'notifykey/';
const KEPT_MS = 7 * 24 * 60 * 60_000;
const MAX_ATTEMPTS = 10;
/** Old ones that are looked for with each new one: there are never many more than those of a week. */
const SWEPT_AT_ONCE = 20;

export class NotifyKeys {
  readonly #records: Records;
  /** ms since 1970. */
  readonly #wallClock: () => number;
  #sweptTo = PREFIX;

  constructor(records: Records, wallClock: () => number) {
    this.#records = records;
    this.#wallClock = wallClock;
  }

  /** @param content A hash. @returns False when the key was used for another content. @throws {StoreError} */
  async take(key: string, content: string): Promise<boolean> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const record = await this.#records.get(PREFIX + key);
      const isFree = record === null || this.#isOld(record);
      if (!isFree) return looseFields(record.value).content === content;
      const value = new TextEncoder().encode(JSON.stringify({ content, at: this.#wallClock() }));
      if ((await this.#records.put(PREFIX + key, value, record?.version ?? 0)) === null) continue;
      await this.#sweep();
      return true;
    }
    throw new Error('others kept using an idempotency key');
  }

  async #sweep(): Promise<void> {
    const page = await this.#records.list({ prefix: PREFIX, after: this.#sweptTo, limit: SWEPT_AT_ONCE });
    for (const record of page) if (this.#isOld(record)) await this.#records.remove(record.key, record.version);
    this.#sweptTo = page.length < SWEPT_AT_ONCE ? PREFIX : (page.at(-1)?.key ?? PREFIX);
  }

  #isOld({ value }: StoredRecord): boolean {
    const { at } = looseFields(value);
    return !(typeof at === 'number' && this.#wallClock() - at < KEPT_MS);
  }
}
