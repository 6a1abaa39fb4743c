/**
 * The webhooks of boards, in the store's records: `webhooks/BOARD { webhooks: [...] }`. The secret is among them: the relay
 * signs with it.
 */

import { randomBytes } from 'node:crypto';
import { looseFields, removeRecord } from '@wetink/relay/access';
import type { Records } from '@wetink/storage';
import { makeWebhookSecret } from './signature.ts';

export const webhookKinds = ['message', 'mention', 'shared'] as const;
export type WebhookKind = (typeof webhookKinds)[number];

export interface WebhookAnswer {
  /** ms since 1970. */
  at: number;
  /** HTTP status; null: there was no answer. */
  status: number | null;
  /** A sentence about the failure; '' after a success. */
  reason: string;
}

export interface Webhook {
  id: string;
  url: string;
  kinds: readonly WebhookKind[];
  /** As in `signature.ts`. */
  secret: string;
  /** User id of the owner who made it. */
  by: string;
  /** ms since 1970. */
  createdAt: number;
  last: WebhookAnswer | null;
  /** In a row. */
  failures: number;
  /** A sentence about why nothing is sent any more; null: it works. */
  off: string | null;
}

/** Null removes it. The same webhook: nothing is written. */
export type WebhookChange = (webhook: Webhook) => Webhook | null;

const PREFIX = 'webhooks/';
const MAX_ATTEMPTS = 20;
const ID_BYTES = 9;

export class WebhookRecords {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  /** Oldest first. */
  async of(board: string): Promise<readonly Webhook[]> {
    return (await this.#read(board)).webhooks;
  }

  async find(board: string, id: string): Promise<Webhook | null> {
    return (await this.of(board)).find((webhook) => webhook.id === id) ?? null;
  }

  /** @returns Null when the board has this many already. */
  async add(board: string, made: Pick<Webhook, 'url' | 'kinds' | 'by' | 'createdAt'>, most: number): Promise<Webhook | null> {
    const id = randomBytes(ID_BYTES).toString('base64url');
    const webhook: Webhook = { ...made, id, secret: makeWebhookSecret(randomBytes), last: null, failures: 0, off: null };
    const isAdded = await this.#write(board, (webhooks) => (webhooks.length >= most ? null : [...webhooks, webhook]));
    return isAdded ? webhook : null;
  }

  /** @returns False when the board has no such webhook. */
  change(board: string, id: string, decide: WebhookChange): Promise<boolean> {
    return this.#write(board, (webhooks) => {
      if (!webhooks.some((webhook) => webhook.id === id)) return null;
      return webhooks.flatMap((webhook) => (webhook.id === id ? (decide(webhook) ?? []) : webhook));
    });
  }

  /** Idempotent. */
  forget(board: string): Promise<void> {
    return removeRecord(this.#records, PREFIX + board);
  }

  async #read(board: string): Promise<{ webhooks: readonly Webhook[]; version: number }> {
    const record = await this.#records.get(PREFIX + board);
    return record === null ? { webhooks: [], version: 0 } : { webhooks: webhooksIn(record.value), version: record.version };
  }

  /** @param decide Null: nothing is to be written. @returns False when it was null. @throws {Error} */
  async #write(board: string, decide: (webhooks: readonly Webhook[]) => readonly Webhook[] | null): Promise<boolean> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { webhooks, version } = await this.#read(board);
      const next = decide(webhooks);
      if (next === null) return false;
      const isDone =
        next.length > 0
          ? (await this.#records.put(PREFIX + board, encoded(next), version)) !== null
          : await this.#records.remove(PREFIX + board, version);
      if (isDone) return true;
    }
    throw new Error('others kept changing the webhooks of a board');
  }
}

function encoded(webhooks: readonly Webhook[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ webhooks }));
}

/** Unreadable ones are left out: nothing is sent to an address that is not certain. */
function webhooksIn(value: Uint8Array): Webhook[] {
  const { webhooks } = looseFields(value);
  return Array.isArray(webhooks) ? webhooks.filter(isWebhook) : [];
}

function isWebhook(value: unknown): value is Webhook {
  if (typeof value !== 'object' || value === null) return false;
  const { id, url, secret, by, kinds, createdAt, failures } = value as Record<string, unknown>;
  return (
    [id, url, secret, by].every((field) => typeof field === 'string') &&
    [createdAt, failures].every((field) => typeof field === 'number') &&
    Array.isArray(kinds)
  );
}
