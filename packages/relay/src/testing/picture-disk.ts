/** A disk that several relays put pictures on, and what is left on it. For tests only. */

import { createMemoryDisk, createMemoryStore, type Store } from '@wetink/storage';

/** Keys and pictures to list: more than a test has. */
const ALL = 1_000;

export class PictureDisk {
  readonly #disk = createMemoryDisk();
  readonly #now: () => number;
  #writers = 0;

  /** @param now ms since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The store of one more relay. */
  open(): Store {
    return createMemoryStore({ disk: this.#disk, now: this.#now, writer: `w${(this.#writers += 1)}` });
  }

  /** Keys of records that name the board. */
  async keysOf(board: string): Promise<string[]> {
    const records = await this.open().records.list({ prefix: '', limit: ALL });
    return records.map(({ key }) => key).filter((key) => key.split('/').includes(board));
  }

  /** Hashes of the pictures whose bytes are there. */
  async bytesLeft(): Promise<string[]> {
    return (await this.open().listBlobs({ limit: ALL })).map(({ hash }) => hash);
  }
}

/** Lets this many turns of the event loop pass: a call to a store in memory takes one or two. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
