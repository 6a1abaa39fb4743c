/**
 * A store that forgets everything when the process ends: for tests, examples and throw-away rooms.
 *
 * It passes the same contract as the durable stores, so code tested on it works on them too. Several memory stores over
 * one disk behave as several processes over one shared store. Calls resolve only after a turn of the event loop, as in
 * the durable stores.
 */

import { randomBytes } from 'node:crypto';
import {
  checkBlob,
  checkBlobQuery,
  checkCheckpoint,
  checkCoversKnownRows,
  checkHash,
  checkListLimit,
  checkUpdates,
  closedError,
  erasedError,
  nameBytes,
  roomNameBytes,
} from './check-input.ts';
import { createMemoryRecords } from './memory-records.ts';
import type { Position, RoomListing, Store, StoredRoom } from './port.ts';
import { arePositionsEqual, checkPosition, isCovered, joinPositions, START } from './position.ts';
import type { StoredRecord } from './records.ts';

interface MemoryRow {
  /** `{ [writer]: its number }` */
  at: Position;
  bytes: Uint8Array;
}

interface MemoryRoom {
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

interface MemoryBlob {
  bytes: Uint8Array;
  version: string;
}

/** Data that several memory stores share. */
export interface MemoryDisk {
  readonly roomsByName: Map<string, MemoryRoom>;
  readonly blobsByHash: Map<string, MemoryBlob>;
  readonly recordsByKey: Map<string, StoredRecord>;
}

export function createMemoryDisk(): MemoryDisk {
  return { roomsByName: new Map(), blobsByHash: new Map(), recordsByKey: new Map() };
}

export interface MemoryStoreOptions {
  /** Clock for `updatedAt`, ms since 1970. */
  now?: () => number;
  /** Shared with other stores, each with another `writer`. Default: a disk of its own. */
  disk?: MemoryDisk;
  /** This store's name in positions; must never have been used on this disk. */
  writer?: string;
}

export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  const now = options.now ?? Date.now;
  const writer = options.writer ?? 'local';
  const { roomsByName, blobsByHash, recordsByKey } = options.disk ?? createMemoryDisk();
  let isClosed = false;

  const checkOpen = (): void => {
    if (isClosed) throw closedError();
  };

  const openRoom = (room: string): MemoryRoom => {
    const found = roomsByName.get(room);
    if (found !== undefined) return found;
    const fresh: MemoryRoom = {
      name: roomNameBytes(room),
      checkpoint: null,
      covers: START,
      rows: [],
      position: START,
      epoch: 0,
      isErased: false,
      updatedAt: now(),
    };
    roomsByName.set(room, fresh);
    return fresh;
  };

  return {
    isShared: options.disk !== undefined,
    records: createMemoryRecords(recordsByKey, checkOpen, laterTurn),

    async append(room, updates) {
      checkOpen();
      roomNameBytes(room);
      checkUpdates(updates);
      const known = roomsByName.get(room);
      if (known?.isErased === true) throw erasedError();
      if (updates.length === 0) return known === undefined ? START : { ...positionOf(known, writer) };
      const found = known ?? openRoom(room);
      let last = found.position[writer] ?? 0;
      for (const update of updates) found.rows.push({ at: { [writer]: (last += 1) }, bytes: update.slice() });
      found.position = joinPositions(found.position, { [writer]: last });
      found.updatedAt = now();
      await laterTurn();
      return { [writer]: last };
    },

    async load(room, since = START) {
      checkOpen();
      roomNameBytes(room);
      checkPosition(since);
      const found = roomsByName.get(room);
      const loaded = found === undefined ? emptyRoom() : copyOf(found, since);
      await laterTurn();
      return loaded;
    },

    async checkpoint(room, state, covers) {
      checkOpen();
      roomNameBytes(room);
      checkCheckpoint(state, covers);
      const known = roomsByName.get(room);
      if (known?.isErased === true) throw erasedError();
      checkCoversKnownRows(covers, known?.position ?? START);
      const found = known ?? openRoom(room);
      if (found.checkpoint !== null && !isCovered(found.covers, covers)) return isCovered(covers, found.covers) ? 'covered' : 'behind';
      found.rows = found.rows.filter(({ at }) => !isCovered(at, covers));
      found.covers = covers;
      found.checkpoint = state.slice();
      found.updatedAt = now();
      await laterTurn();
      return 'written';
    },

    async list({ prefix = '', after = '', limit }) {
      checkOpen();
      checkListLimit(limit);
      const prefixBytes = nameBytes(prefix);
      const afterBytes = nameBytes(after);
      await laterTurn();
      return [...roomsByName.entries()]
        .filter(
          ([, found]) =>
            !found.isErased && found.name.subarray(0, prefixBytes.length).equals(prefixBytes) && Buffer.compare(found.name, afterBytes) > 0,
        )
        .sort(([, a], [, b]) => Buffer.compare(a.name, b.name))
        .slice(0, limit)
        .map(([room, found]): RoomListing => ({ room, bytes: bytesOf(found), updatedAt: found.updatedAt }));
    },

    async remove(room) {
      checkOpen();
      const found = openRoom(room);
      if (!found.isErased) {
        Object.assign(found, {
          checkpoint: null,
          covers: found.position,
          rows: [],
          epoch: found.epoch + 1,
          isErased: true,
          updatedAt: now(),
        });
      }
      await laterTurn();
    },

    async putBlob(hash, bytes) {
      checkOpen();
      checkBlob(hash, bytes);
      blobsByHash.set(hash, { bytes: bytes.slice(), version: randomBytes(9).toString('base64url') });
      await laterTurn();
    },

    async getBlob(hash) {
      checkOpen();
      checkHash(hash);
      await laterTurn();
      return blobsByHash.get(hash)?.bytes.slice() ?? null;
    },

    async listBlobs(query) {
      checkOpen();
      const { prefix, after } = checkBlobQuery(query);
      await laterTurn();
      return [...blobsByHash]
        .filter(([hash]) => hash.startsWith(prefix) && hash > after)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, query.limit)
        .map(([hash, { bytes, version }]) => ({ hash, bytes: bytes.length, version, isWhole: true }));
    },

    async removeBlobs(listed) {
      checkOpen();
      for (const { hash } of listed) checkHash(hash);
      const gone = new Set<string>();
      for (const { hash, version } of listed) if (blobsByHash.get(hash)?.version === version) gone.add(hash);
      for (const hash of gone) blobsByHash.delete(hash);
      await laterTurn();
      return [...gone];
    },

    async probe() {
      checkOpen();
      await laterTurn();
    },

    async close() {
      isClosed = true;
    },
  };
}

/** What `load` returns for a room never written. */
export function emptyRoom(): StoredRoom {
  return { checkpoint: null, updates: [], position: START, epoch: 0, isErased: false, quarantined: 0, bytes: 0 };
}

function positionOf(room: MemoryRoom, writer: string): Position {
  const row = room.position[writer];
  return row === undefined ? START : { [writer]: row };
}

function copyOf(room: MemoryRoom, since: Position): StoredRoom {
  const checkpoint =
    room.checkpoint === null || (isCovered(room.covers, since) && !arePositionsEqual(since, START)) ? null : room.checkpoint;
  const updates = room.rows.filter(({ at }) => !isCovered(at, since)).map(({ bytes }) => bytes.slice());
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

function bytesOf(room: MemoryRoom): number {
  return room.rows.reduce((sum, { bytes }) => sum + bytes.length, room.checkpoint?.length ?? 0);
}

function laterTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
