/**
 * Appends that wait for their insert. A room is in one insert at a time, so its rows become visible in the order of
 * their numbers. Different rooms share an insert, and a few inserts run at once.
 */

import type { Position } from '../port.ts';
import { MAX_INSERT_BYTES } from './row-inserts.ts';

/** Inserts under way at once. Two are enough to hide a round trip; four leave the pool to loads and checkpoints. */
const MAX_LANES = 4;
const MAX_INSERT_ROWS = 1_000;

export interface Append {
  room: string;
  /** The updates of each document. */
  rows: Uint8Array[][];
  bytes: number;
  resolve(position: Position): void;
  reject(error: unknown): void;
}

export class AppendLanes {
  readonly #insert: (group: Append[]) => Promise<void>;
  readonly #busyRooms = new Set<string>();
  #waiting: Append[] = [];
  #lanes = 0;

  /** @param insert Settles every append of the group. Never rejects. */
  constructor(insert: (group: Append[]) => Promise<void>) {
    this.#insert = insert;
  }

  push(append: Append): void {
    this.#waiting.push(append);
    // At the end of this turn of the event loop, so that appends which arrive together go together.
    if (this.#waiting.length === 1)
      setImmediate(() => {
        this.#start();
      });
  }

  #start(): void {
    while (this.#lanes < MAX_LANES) {
      const group = takeGroup(this.#waiting, this.#busyRooms);
      if (group.length === 0) return;
      const taken = new Set(group);
      this.#waiting = this.#waiting.filter((append) => !taken.has(append));
      const rooms = new Set(group.map(({ room }) => room));
      for (const room of rooms) this.#busyRooms.add(room);
      this.#lanes += 1;
      void this.#insert(group).finally(() => {
        this.#lanes -= 1;
        for (const room of rooms) this.#busyRooms.delete(room);
        this.#start();
      });
    }
  }
}

/** The oldest appends whose rooms are not busy; when an append of a room waits, its later appends wait too. */
function takeGroup(waiting: readonly Append[], busyRooms: ReadonlySet<string>): Append[] {
  const group: Append[] = [];
  const passedOver = new Set<string>();
  let bytes = 0;
  let rows = 0;
  for (const append of waiting) {
    if (busyRooms.has(append.room) || passedOver.has(append.room)) continue;
    const isFull = bytes + append.bytes > MAX_INSERT_BYTES || rows + append.rows.length > MAX_INSERT_ROWS;
    if (group.length > 0 && isFull) {
      passedOver.add(append.room);
      continue;
    }
    group.push(append);
    bytes += append.bytes;
    rows += append.rows.length;
  }
  return group;
}
