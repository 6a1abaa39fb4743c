/**
 * One room's appends to a store, one at a time, so that it is known which row each batch follows: another node that has
 * every row of this writer up to `previous`, and gets these, has all up to `position`.
 */

import { joinPositions, START, type Position, type Store } from '@wetink/storage';
import { splitIntoRows } from '../document/row-parts.ts';

export interface Appended {
  previous: Position;
  position: Position;
  rows: number;
}

/** Hears how appends went. */
export interface AppendWatch {
  appended(bytes: number): void;
  refused(error: unknown, bytes: number): void;
}

export class Appender {
  readonly #room: string;
  readonly #store: Store;
  readonly #watch: AppendWatch;
  readonly #maxRowBytes: number;
  #known: Position = START;
  #last: Promise<unknown> = Promise.resolve();

  constructor(room: string, store: Store, watch: AppendWatch, maxRowBytes: number) {
    this.#room = room;
    this.#store = store;
    this.#watch = watch;
    this.#maxRowBytes = maxRowBytes;
  }

  /** Position that the store had at loading; it may include rows of this writer, from when it had the room open before. */
  loaded(position: Position): void {
    this.#known = joinPositions(this.#known, position);
  }

  /** Resolves when durable. A change too large for a row becomes several. */
  append(updates: readonly Uint8Array[]): Promise<Appended> {
    const appended = this.#last.then(async () => {
      const rows = updates.flatMap((update) => splitIntoRows(update, this.#maxRowBytes));
      const position = await this.#append(rows);
      const previous: Record<string, number> = {};
      for (const writer of Object.keys(position)) {
        const row = this.#known[writer];
        if (row !== undefined) previous[writer] = row;
      }
      this.#known = joinPositions(this.#known, position);
      return { previous, position, rows: rows.length };
    });
    // The caller gets the failure; the next append only waits for this one to end.
    this.#last = appended.catch(() => undefined);
    return appended;
  }

  async #append(rows: readonly Uint8Array[]): Promise<Position> {
    const bytes = rows.reduce((sum, row) => sum + row.length, 0);
    try {
      const position = await this.#store.append(this.#room, rows);
      this.#watch.appended(bytes);
      return position;
    } catch (error) {
      this.#watch.refused(error, bytes);
      throw error;
    }
  }
}
