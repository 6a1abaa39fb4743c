/**
 * Messages of a room of which people were notified: a record `notified/ROOM { ids }`. So a relay that loads the room after
 * another one died notifies of what was left, and of nothing twice, also when an inbox no longer has the first.
 */

import { createHash } from 'node:crypto';
import { looseFields, removeRecord } from '@wetink/relay/access';
import type { Records } from '@wetink/storage';

export interface Handled {
  has(id: string): boolean;
  /** Older ones were forgotten. */
  isFull: boolean;
}

/** More than a document keeps by default before its chat moves to the history. In a record they take 21 KB. */
const KEPT_IDS = 1_500;
/** 66 bits: a wrong match loses one notification. */
const HASH_LENGTH = 11;
const MAX_ATTEMPTS = 10;

export class HandledMessages {
  readonly #records: Records;
  readonly #prefix: string;

  /** @param prefix Beginning of the records' keys: others may remember for themselves what they did with messages. */
  constructor(records: Records, prefix = 'notified/') {
    this.#records = records;
    this.#prefix = prefix;
  }

  async of(room: string): Promise<Handled> {
    const hashes = new Set((await this.#read(room)).hashes);
    return { has: (id) => hashes.has(hashOf(id)), isFull: hashes.size >= KEPT_IDS };
  }

  /** @param ids Oldest first. */
  async add(room: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { hashes, version } = await this.#read(room);
      const all = [...new Set([...hashes, ...ids.map(hashOf)])].slice(-KEPT_IDS);
      if ((await this.#records.put(this.#keyOf(room), new TextEncoder().encode(JSON.stringify({ ids: all })), version)) !== null) return;
    }
    throw new Error('others kept changing a record of notified messages');
  }

  forget(room: string): Promise<void> {
    return removeRecord(this.#records, this.#keyOf(room));
  }

  #keyOf(room: string): string {
    return this.#prefix + room;
  }

  async #read(room: string): Promise<{ hashes: string[]; version: number }> {
    const record = await this.#records.get(this.#keyOf(room));
    if (record === null) return { hashes: [], version: 0 };
    return { hashes: hashesIn(record.value), version: record.version };
  }
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, HASH_LENGTH);
}

/** A damaged record counts as empty: inboxes refuse what they have. */
function hashesIn(value: Uint8Array): string[] {
  const { ids } = looseFields(value);
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}
