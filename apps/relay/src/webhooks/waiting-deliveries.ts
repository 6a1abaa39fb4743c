/**
 * Deliveries that are not made yet, in the store's records, so that they outlive a relay and any relay can make them:
 *
 *     webhookwait/BOARD/WEBHOOK/AT-ID   { id, kind, body, at, attempts, nextAt, worker, leaseUntil }
 *
 * AT is the time of adding in base 36, or later: behind all that wait, whatever the clocks of devices and relays say. So the
 * first one stays the first until it is removed, and its lease and pause are those of the webhook. ID follows from the event:
 * one that waits is not added again.
 */

import { looseFields } from '@wetink/relay/access';
import type { Records, StoredRecord } from '@wetink/storage';

export interface NewDelivery {
  /** The `webhook-id`. */
  id: string;
  /** ms since 1970, of the event. */
  at: number;
  kind: string;
  /** JSON. */
  body: string;
}

export interface Delivery extends NewDelivery {
  /** ms since 1970, when it was added: a device may have had a wrong clock. */
  addedAt: number;
  attempts: number;
  /** ms since 1970: not before. */
  nextAt: number;
  /** The relay that makes it, until `leaseUntil` (ms since 1970). */
  worker: string;
  leaseUntil: number;
}

export interface StoredDelivery {
  key: string;
  version: number;
  /** Null: it cannot be read. */
  delivery: Delivery | null;
}

export interface Added {
  /** They would have been too many. */
  dropped: number;
  /** As many wait as may. */
  isFull: boolean;
}

export interface Lane {
  board: string;
  webhook: string;
}

/** Deliveries that wait for one webhook; about two megabytes at most. */
export const MAX_WAITING = 100;
const PREFIX = 'webhookwait/';
/** Behind every character of an id: base64url, '-' and '.' are smaller. */
const END = '~';
const DIGITS = 10;
const PAGE = 100;

export class WaitingDeliveries {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  /** Adds those that do not wait yet; if they are too many, the newest. @param made Oldest first. */
  async add(lane: Lane, made: readonly NewDelivery[], nowMs: number): Promise<Added> {
    const prefix = prefixOf(lane);
    const keys = (await this.#records.list({ prefix, limit: MAX_WAITING })).map(({ key }) => key.slice(prefix.length));
    const there = new Set(keys.map((key) => key.slice(DIGITS + 1)));
    const fresh = made.filter(({ id }) => !there.has(id));
    const dropped = Math.max(0, fresh.length - (MAX_WAITING - keys.length));
    let at = Math.max(nowMs, timeIn(keys.at(-1)) + 1);
    for (const one of fresh.slice(dropped)) {
      const delivery: Delivery = { ...one, addedAt: nowMs, attempts: 0, nextAt: 0, worker: '', leaseUntil: 0 };
      await this.#records.put(`${prefix}${at.toString(36).padStart(DIGITS, '0')}-${one.id}`, encoded(delivery), 0);
      at += 1;
    }
    return { dropped, isFull: keys.length + fresh.length - dropped >= MAX_WAITING };
  }

  async first(lane: Lane): Promise<StoredDelivery | null> {
    const [record] = await this.#records.list({ prefix: prefixOf(lane), limit: 1 });
    return record === undefined ? null : { key: record.key, version: record.version, delivery: deliveryIn(record) };
  }

  /** @returns The new version; null when another relay was faster. */
  put({ key, version }: StoredDelivery, delivery: Delivery): Promise<number | null> {
    return this.#records.put(key, encoded(delivery), version);
  }

  remove({ key, version }: Pick<StoredDelivery, 'key' | 'version'>): Promise<boolean> {
    return this.#records.remove(key, version);
  }

  /** All that waits for a webhook, or for a board. */
  async keysOf(board: string, webhook: string | null = null): Promise<Pick<StoredDelivery, 'key' | 'version'>[]> {
    const prefix = webhook === null ? `${PREFIX}${board}/` : prefixOf({ board, webhook });
    const keys: Pick<StoredDelivery, 'key' | 'version'>[] = [];
    for (let after = ''; ;) {
      const page = await this.#records.list({ prefix, limit: PAGE, ...(after === '' ? {} : { after }) });
      for (const { key, version } of page) keys.push({ key, version });
      if (page.length < PAGE) return keys;
      after = page.at(-1)?.key ?? '';
    }
  }

  /** Removes all of a webhook, or of a board. @returns Their number. */
  async clear(board: string, webhook: string | null = null): Promise<number> {
    return this.removeAll(await this.keysOf(board, webhook));
  }

  /** @returns The number of those that were there. */
  async removeAll(keys: readonly Pick<StoredDelivery, 'key' | 'version'>[]): Promise<number> {
    let count = 0;
    for (const one of keys) if (await this.remove(one)) count += 1;
    return count;
  }

  /** Webhooks for which something waits, each once: at most `most` behind `after`, a lane of the page before. */
  async lanes(after: Lane | null, most: number): Promise<Lane[]> {
    const lanes: Lane[] = [];
    for (let from = after; lanes.length < most;) {
      const [record] = await this.#records.list({ prefix: PREFIX, limit: 1, ...(from === null ? {} : { after: prefixOf(from) + END }) });
      const [board, webhook] = record?.key.slice(PREFIX.length).split('/') ?? [];
      if (board === undefined || webhook === undefined) break;
      lanes.push((from = { board, webhook }));
    }
    return lanes;
  }
}

/** ms since 1970. */
function timeIn(key: string | undefined): number {
  const time = Number.parseInt(key?.slice(0, DIGITS) ?? '', 36);
  return Number.isSafeInteger(time) ? time : 0;
}

function prefixOf({ board, webhook }: Lane): string {
  return `${PREFIX}${board}/${webhook}/`;
}

function encoded(delivery: Delivery): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(delivery));
}

function deliveryIn({ value }: StoredRecord): Delivery | null {
  const fields = looseFields(value);
  const isWhole =
    ['id', 'kind', 'body', 'worker'].every((name) => typeof fields[name] === 'string') &&
    ['at', 'addedAt', 'attempts', 'nextAt', 'leaseUntil'].every((name) => Number.isFinite(fields[name]));
  return isWhole ? (fields as unknown as Delivery) : null;
}
