/** Numbers this process's rows, and remembers the last acknowledged one of each room, which the room's next row names. */

import { Binary, ObjectId } from 'mongodb';
import type { Position } from '../port.ts';
import { rowChecksum, type RowDocument } from './documents.ts';

/** Rooms whose last row is remembered: a few MB. */
const MAX_REMEMBERED_ROOMS = 20_000;

export class RowNumbers {
  readonly #node: string;
  readonly #now: () => number;
  readonly #lastByRoom = new Map<string, number>();
  #hasForgotten = false;
  #seq = 0;

  /** @param now ms since 1970. */
  constructor(node: string, now: () => number) {
    this.#node = node;
    this.#now = now;
  }

  /** Makes documents of the updates of each row. @param after The room's row before them; undefined when not known. */
  number(room: string, rows: readonly Uint8Array[][], after: number | undefined): RowDocument[] {
    const node = this.#node;
    const first = this.#seq + 1;
    const last = this.#seq + rows.length;
    this.#seq = last;
    return rows.map((updates, i) => {
      const seq = first + i;
      const before = i === 0 ? after : seq - 1;
      return {
        _id: new ObjectId(),
        room,
        epoch: 0, // a room has rows only before it is erased, so in its first epoch
        node,
        seq,
        ...(before === undefined ? {} : { after: before }),
        ...(last > first ? { span: [first, last] as [number, number] } : {}),
        bytes: updates.reduce((sum, { length }) => sum + length, 0),
        crc: rowChecksum({ room, epoch: 0, node, seq }, updates),
        at: this.#now(),
        updates: updates.map((update) => new Binary(update)),
      };
    });
  }

  /** The room's last acknowledged row, 0 before the first; undefined when it may have been forgotten. */
  lastOf(room: string): number | undefined {
    return this.#lastByRoom.get(room) ?? (this.#hasForgotten ? undefined : 0);
  }

  positionOf(room: string): Position {
    const last = this.#lastByRoom.get(room);
    return last === undefined ? {} : { [this.#node]: last };
  }

  /** Called when all rows of a room up to `last` are acknowledged. */
  remember(room: string, last: number): Position {
    this.#lastByRoom.delete(room);
    this.#lastByRoom.set(room, last);
    if (this.#lastByRoom.size > MAX_REMEMBERED_ROOMS) {
      const [oldest = ''] = this.#lastByRoom.keys();
      this.#lastByRoom.delete(oldest);
      this.#hasForgotten = true;
    }
    return { [this.#node]: last };
  }
}
