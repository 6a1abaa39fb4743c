/** The records of broadcasts: `broadcast/ID`, JSON. */

import type { NewNotification } from '@wetink/board';
import { looseFields } from '@wetink/relay/access';
import type { Records, StoredRecord } from '@wetink/storage';

export interface BroadcastText {
  kind: NewNotification['kind'];
  title: string;
  text: string;
  link: string;
  /** User ids that are left out. */
  except: readonly string[];
}

export interface Broadcast extends BroadcastText {
  id: string;
  state: 'running' | 'done';
  /** ms since 1970. */
  startedAt: number;
  /** People checked so far, whether they are notified or left out. */
  people: number;
  /** Notifications written; fewer when people have it already, do not want it, or a relay died after it wrote some. */
  written: number;
  /** People whose inboxes could not be written in all attempts. */
  failed: number;
}

export interface StoredBroadcast extends Broadcast {
  /** The last user id of the last page. */
  after: string;
  /** No page is left; those who were missed are. */
  isListed: boolean;
  /** People whose inboxes could not be written, for the end. */
  missed: readonly string[];
  /** Failed attempts at the page, or at those who were missed. */
  tries: number;
  /** ms since 1970: no relay works on it before, after a failed attempt. */
  notBefore: number;
  worker: string;
  /** ms since 1970. */
  leaseUntil: number;
}

const PREFIX = 'broadcast/';
const PAGE = 100;

/** Fields of a broadcast that has just begun. */
export const NOTHING_MISSED = { failed: 0, isListed: false, missed: [], tries: 0, notBefore: 0 } as const;

export class BroadcastRecords {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  async get(id: string): Promise<StoredBroadcast | null> {
    const record = await this.#records.get(PREFIX + id);
    return record === null ? null : storedIn(record);
  }

  async all(): Promise<{ stored: StoredBroadcast; version: number }[]> {
    const found: { stored: StoredBroadcast; version: number }[] = [];
    for (let after: string | null = PREFIX; after !== null;) {
      const page: StoredRecord[] = await this.#records.list({ prefix: PREFIX, after, limit: PAGE });
      for (const record of page) {
        const stored = storedIn(record);
        if (stored !== null) found.push({ stored, version: record.version });
      }
      after = page.length < PAGE ? null : (page.at(-1)?.key ?? null);
    }
    return found;
  }

  /** @returns The new version; null when another relay was faster. */
  put(stored: StoredBroadcast, version: number): Promise<number | null> {
    return this.#records.put(PREFIX + stored.id, new TextEncoder().encode(JSON.stringify(stored)), version);
  }

  remove(id: string, version: number): Promise<boolean> {
    return this.#records.remove(PREFIX + id, version);
  }
}

/** Null for a record that cannot be read: no relay works on it. */
function storedIn({ value }: StoredRecord): StoredBroadcast | null {
  const stored = { ...NOTHING_MISSED, ...looseFields(value) } as unknown as StoredBroadcast;
  const isWhole = typeof stored.id === 'string' && typeof stored.after === 'string' && Array.isArray(stored.except);
  return isWhole ? stored : null;
}
