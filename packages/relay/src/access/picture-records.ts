/** A board's records of its pictures and files: which it has, of which type, put by which user. */

import type { Records } from '@wetink/storage';
import type { Picture } from './images.ts';
import { pagesOf } from './record-pages.ts';

/** A file that is not a picture by its bytes has the second. */
export type BlobType = Picture['type'] | typeof FILE_TYPE;

export const FILE_TYPE = 'application/octet-stream';

export interface PictureFacts {
  type: BlobType;
  bytes: number;
  /** Id of the user who put it; '' for a user without an id. */
  by: string;
  /** ms since 1970. */
  since: number;
  /** Its bytes are in its user's count (picture-quota.ts). Those put before users had counts are in none. */
  ofUser?: boolean;
}

/** The address of such a record. */
export interface PictureRecord {
  key: string;
  version: number;
  board: string;
  hash: string;
  value: Uint8Array;
}

const PREFIX = 'blob/';
const types: readonly BlobType[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', FILE_TYPE];

export class PictureRecords {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  async has(board: string, hash: string): Promise<boolean> {
    return (await this.#records.get(keyOf(board, hash))) !== null;
  }

  /**
   * For an answer to a client, which may rely on it from now on: the picture no longer counts as unused (unused-blobs.ts).
   * @param now ms since 1970.
   * @returns Its type, `'unknown'` for one that is not known here; null when the board has no such picture.
   */
  async tell(board: string, hash: string, now: number): Promise<BlobType | 'unknown' | null> {
    for (;;) {
      const record = await this.#records.get(keyOf(board, hash));
      if (record === null) return null;
      const { unusedSince, ...fields } = fieldsOf(record.value);
      const type = typeIn(fields);
      if (unusedSince === undefined) return type;
      if ((await this.#records.put(record.key, encodeFields({ ...fields, toldAt: now }), record.version)) !== null) return type;
    }
  }

  /** As `tell`, and the picture may still count as unused. */
  async typeOf(board: string, hash: string): Promise<BlobType | 'unknown' | null> {
    const record = await this.#records.get(keyOf(board, hash));
    return record === null ? null : typeIn(fieldsOf(record.value));
  }

  /** @returns False when there is a record already. */
  async add(board: string, hash: string, facts: PictureFacts): Promise<boolean> {
    return (await this.#records.put(keyOf(board, hash), encodeFields(facts), 0)) !== null;
  }

  /** @returns False when it was removed or changed since it was read. */
  remove({ key, version }: Pick<PictureRecord, 'key' | 'version'>): Promise<boolean> {
    return this.#records.remove(key, version);
  }

  /** Pictures of this board, or of all boards, in pages. */
  async *pages(board?: string): AsyncGenerator<PictureRecord[]> {
    for await (const page of pagesOf(this.#records, board === undefined ? PREFIX : keyOf(board, '')))
      yield page.map(({ key, version, value }) => {
        const [ofBoard = '', hash = ''] = key.slice(PREFIX.length).split('/');
        return { key, version, board: ofBoard, hash, value };
      });
  }
}

function typeIn({ type }: Record<string, unknown>): BlobType | 'unknown' {
  return types.find((known) => known === type) ?? 'unknown';
}

/** The user in whose count a blob is, and its bytes; null when it is in none. */
export function userCountOf({ value }: Pick<PictureRecord, 'value'>): { userId: string; bytes: number } | null {
  const { by, bytes, ofUser } = fieldsOf(value);
  return ofUser === true && typeof by === 'string' && typeof bytes === 'number' ? { userId: by, bytes } : null;
}

export function encodeFields(fields: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(fields));
}

/** @throws {Error} When it is not a valid record. */
export function fieldsOf(value: Uint8Array): Record<string, unknown> {
  const fields: unknown = JSON.parse(new TextDecoder().decode(value));
  if (typeof fields !== 'object' || fields === null) throw new Error('a record of a picture is damaged');
  return fields as Record<string, unknown>;
}

function keyOf(board: string, hash: string): string {
  return `${PREFIX}${board}/${hash}`;
}
