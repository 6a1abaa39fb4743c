/** Rooms in memory, lost when the process ends. Several over one map behave as several processes over one store. */

import {
  checkCheckpoint,
  checkCoversKnownRows,
  checkListLimit,
  checkUpdates,
  erasedError,
  nameBytes,
  roomNameBytes,
} from './check-input.ts';
import { emptyRoom } from './empty-room.ts';
import type { CheckpointOutcome, Position, RoomListing, StoredRoom } from './port.ts';
import { arePositionsEqual, checkPosition, isCovered, joinPositions, START } from './position.ts';

interface MemoryRow {
  /** `{ [writer]: its number }` */
  at: Position;
  bytes: Uint8Array;
}

export interface MemoryRoom {
  name: Buffer;
  checkpoint: Uint8Array | null;
  covers: Position;
  /** Rows that `covers` does not cover, in the order of their appends. */
  rows: MemoryRow[];
  /** End of the journal. */
  position: Position;
  epoch: number;
  isErased: boolean;
  updatedAt: number;
}

export class MemoryRooms {
  readonly #roomsByName: Map<string, MemoryRoom>;
  readonly #writer: string;
  readonly #now: () => number;

  constructor(roomsByName: Map<string, MemoryRoom>, writer: string, now: () => number) {
    this.#roomsByName = roomsByName;
    this.#writer = writer;
    this.#now = now;
  }

  append(room: string, updates: readonly Uint8Array[]): Position {
    roomNameBytes(room);
    checkUpdates(updates);
    const known = this.#roomsByName.get(room);
    if (known?.isErased === true) throw erasedError();
    if (updates.length === 0) return known === undefined ? START : { ...positionOf(known, this.#writer) };
    const found = known ?? this.#add(room);
    let last = found.position[this.#writer] ?? 0;
    for (const update of updates) found.rows.push({ at: { [this.#writer]: (last += 1) }, bytes: update.slice() });
    found.position = joinPositions(found.position, { [this.#writer]: last });
    found.updatedAt = this.#now();
    return { [this.#writer]: last };
  }

  load(room: string, since: Position): StoredRoom {
    roomNameBytes(room);
    checkPosition(since);
    const found = this.#roomsByName.get(room);
    return found === undefined ? emptyRoom() : copyOf(found, since);
  }

  checkpoint(room: string, state: Uint8Array, covers: Position): CheckpointOutcome {
    roomNameBytes(room);
    checkCheckpoint(state, covers);
    const known = this.#roomsByName.get(room);
    if (known?.isErased === true) throw erasedError();
    checkCoversKnownRows(covers, known?.position ?? START);
    const found = known ?? this.#add(room);
    if (found.checkpoint !== null && !isCovered(found.covers, covers)) return isCovered(covers, found.covers) ? 'covered' : 'behind';
    found.rows = found.rows.filter(({ at }) => !isCovered(at, covers));
    found.covers = covers;
    found.checkpoint = state.slice();
    found.updatedAt = this.#now();
    return 'written';
  }

  list(prefix: string, after: string, limit: number): RoomListing[] {
    checkListLimit(limit);
    const prefixBytes = nameBytes(prefix);
    const afterBytes = nameBytes(after);
    return [...this.#roomsByName.entries()]
      .filter(
        ([, found]) =>
          !found.isErased && found.name.subarray(0, prefixBytes.length).equals(prefixBytes) && Buffer.compare(found.name, afterBytes) > 0,
      )
      .sort(([, a], [, b]) => Buffer.compare(a.name, b.name))
      .slice(0, limit)
      .map(([room, found]): RoomListing => ({ room, bytes: bytesOf(found), updatedAt: found.updatedAt }));
  }

  remove(room: string): void {
    const found = this.#roomsByName.get(room) ?? this.#add(room);
    if (found.isErased) return;
    Object.assign(found, {
      checkpoint: null,
      covers: found.position,
      rows: [],
      epoch: found.epoch + 1,
      isErased: true,
      updatedAt: this.#now(),
    });
  }

  #add(room: string): MemoryRoom {
    const fresh: MemoryRoom = {
      name: roomNameBytes(room),
      checkpoint: null,
      covers: START,
      rows: [],
      position: START,
      epoch: 0,
      isErased: false,
      updatedAt: this.#now(),
    };
    this.#roomsByName.set(room, fresh);
    return fresh;
  }
}

function positionOf(room: MemoryRoom, writer: string): Position {
  const row = room.position[writer];
  return row === undefined ? START : { [writer]: row };
}

function copyOf(room: MemoryRoom, since: Position): StoredRoom {
  const checkpoint =
    room.checkpoint === null || (isCovered(room.covers, since) && !arePositionsEqual(since, START)) ? null : room.checkpoint;
  const updates = byWriter(room.rows.filter(({ at }) => !isCovered(at, since))).map(({ bytes }) => bytes.slice());
  return {
    checkpoint: checkpoint?.slice() ?? null,
    updates,
    position: joinPositions(since, room.position),
    epoch: room.epoch,
    isErased: room.isErased,
    quarantined: 0,
    bytes: updates.reduce((sum, update) => sum + update.length, checkpoint?.length ?? 0),
  };
}

/** One writer's rows after the other's, as a cluster's store gives them: a reader must not count on a common order. */
function byWriter(rows: readonly MemoryRow[]): MemoryRow[] {
  const writerOf = ({ at }: MemoryRow): string => Object.keys(at)[0] ?? '';
  return [...rows].sort((one, other) => (writerOf(one) < writerOf(other) ? -1 : writerOf(one) > writerOf(other) ? 1 : 0));
}

function bytesOf(room: MemoryRoom): number {
  return room.rows.reduce((sum, { bytes }) => sum + bytes.length, room.checkpoint?.length ?? 0);
}
