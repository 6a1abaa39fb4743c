/**
 * Which boards use a picture: a record for each, under the hash of its bytes. It is written before the bytes, so that
 * bytes in the store always have one and no process removes them by mistake:
 *
 *     picture/HASH/BOARD   { state: 'putting' | 'kept', id }
 *
 *     a put:      use (putting) -> bytes -> the board's own record -> use (kept)
 *     letting go: version of the bytes -> the use goes -> is there another? no: the bytes go, if they have that version still
 *
 * Bytes put before their version was read have a use already, which is then found; bytes put later have another
 * version. `id` is new with each record, so a put notices that its use was removed in between, and begins again.
 */

import { randomBytes } from 'node:crypto';
import type { Records, StoredRecord } from '@wetink/storage';
import { pagesOf } from './record-pages.ts';

export interface PictureUse {
  hash: string;
  board: string;
  isKept: boolean;
  id: string;
  /** Version of the record; another one once the use was touched. */
  version: number;
}

export interface PictureUses {
  /** Records that a put of the picture begins. @returns The use's id; null when other relays kept writing first. */
  begin(hash: string, board: string): Promise<string | null>;
  /** Records that the board has the picture. @returns False when the use of that id is gone: the bytes may be too. */
  keep(hash: string, board: string, id: string): Promise<boolean>;
  /**
   * Makes a use that is kept one that may be a leftover, before the board's record goes: the sweep settles it if the caller
   * dies. @returns The use as it is then; null when there is none; `'busy'` when other relays kept writing first.
   */
  suspend(hash: string, board: string): Promise<PictureUse | 'busy' | null>;
  /** Ends the board's use of the picture. Idempotent. */
  drop(hash: string, board: string): Promise<void>;
  /** Like `drop`, unless the use was touched since. @returns False when it was. */
  dropIfUntouched(use: PictureUse): Promise<boolean>;
  /** @throws {StoreError} `CORRUPT`: an unreadable use does not count as no use. */
  has(hash: string, board: string): Promise<boolean>;
  /** Whether any board uses the picture. */
  isUsed(hash: string): Promise<boolean>;
  /** All uses, in the order of their hashes. */
  all(): AsyncGenerator<PictureUse>;
}

interface Facts {
  state: 'putting' | 'kept';
  id: string;
}

const PREFIX = 'picture/';
const MAX_ATTEMPTS = 10;

export function createPictureUses(records: Records): PictureUses {
  const keyOf = (hash: string, board: string): string => `${PREFIX}${hash}/${board}`;

  return {
    async begin(hash, board) {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const record = await records.get(keyOf(hash, board));
        const facts: Facts = record === null ? { state: 'putting', id: randomBytes(9).toString('base64url') } : factsOf(record);
        // Written even if it is there: a sweep that takes it for a leftover then finds it touched.
        if ((await records.put(keyOf(hash, board), encode(facts), record?.version ?? 0)) !== null) return facts.id;
      }
      return null;
    },

    async keep(hash, board, id) {
      for (;;) {
        const record = await records.get(keyOf(hash, board));
        if (record === null) return false;
        const facts = factsOf(record);
        if (facts.id !== id) return false;
        if (facts.state === 'kept' || (await records.put(record.key, encode({ state: 'kept', id }), record.version)) !== null) return true;
      }
    },

    async suspend(hash, board) {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const record = await records.get(keyOf(hash, board));
        if (record === null) return null;
        const { id } = factsOf(record);
        const version = await records.put(record.key, encode({ state: 'putting', id }), record.version);
        if (version !== null) return { hash, board, isKept: false, id, version };
      }
      return 'busy';
    },

    async drop(hash, board) {
      for (;;) {
        const record = await records.get(keyOf(hash, board));
        if (record === null || (await records.remove(record.key, record.version))) return;
      }
    },

    dropIfUntouched: ({ hash, board, version }) => records.remove(keyOf(hash, board), version),

    has: async (hash, board) => (await records.get(keyOf(hash, board))) !== null,

    async isUsed(hash) {
      return (await records.list({ prefix: keyOf(hash, ''), limit: 1 })).length > 0;
    },

    async *all() {
      for await (const page of pagesOf(records, PREFIX))
        for (const record of page) {
          const [hash = '', board = ''] = record.key.slice(PREFIX.length).split('/');
          const { state, id } = factsOf(record);
          yield { hash, board, isKept: state === 'kept', id, version: record.version };
        }
    },
  };
}

function encode(facts: Facts): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(facts));
}

/** @throws {Error} When it is not a valid record. */
function factsOf({ value }: StoredRecord): Facts {
  const facts: unknown = JSON.parse(new TextDecoder().decode(value));
  if (typeof facts !== 'object' || facts === null || !('id' in facts) || typeof facts.id !== 'string' || !('state' in facts))
    throw new Error('the record of a use of a picture is damaged');
  return { state: facts.state === 'kept' ? 'kept' : 'putting', id: facts.id };
}
