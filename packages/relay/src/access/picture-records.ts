/** A board's records of its pictures: which picture it has, of which type, put by whom. */

import type { Records } from '@wetink/storage';
import type { Picture } from './images.ts';
import { pagesOf } from './record-pages.ts';

export interface PictureFacts {
  type: Picture['type'];
  bytes: number;
  /** Id of the user who put it; '' for a user without an id. */
  by: string;
  /** ms since 1970. */
  since: number;
}

/** The address of such a record. */
export interface PictureRecord {
  key: string;
  version: number;
  board: string;
  hash: string;
}

const PREFIX = 'blob/';
const types: readonly Picture['type'][] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

export class PictureRecords {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  async has(board: string, hash: string): Promise<boolean> {
    return (await this.#records.get(keyOf(board, hash))) !== null;
  }

  /** @returns Null when the board has no such picture, or one of a type that is not known here. */
  async typeOf(board: string, hash: string): Promise<Picture['type'] | null> {
    const record = await this.#records.get(keyOf(board, hash));
    if (record === null) return null;
    const { type } = fieldsOf(record.value);
    return types.find((known) => known === type) ?? null;
  }

  /** @returns False when there is a record already. */
  async add(board: string, hash: string, facts: PictureFacts): Promise<boolean> {
    return (await this.#records.put(keyOf(board, hash), encodeFields(facts), 0)) !== null;
  }

  async remove({ key, version }: PictureRecord): Promise<void> {
    await this.#records.remove(key, version);
  }

  /** Pictures of this board, or of all boards, in pages. */
  async *pages(board?: string): AsyncGenerator<PictureRecord[]> {
    for await (const page of pagesOf(this.#records, board === undefined ? PREFIX : keyOf(board, '')))
      yield page.map(({ key, version }) => {
        const [ofBoard = '', hash = ''] = key.slice(PREFIX.length).split('/');
        return { key, version, board: ofBoard, hash };
      });
  }
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
