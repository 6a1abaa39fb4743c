/**
 * A store that forgets everything when the process ends: for tests, examples and throw-away rooms.
 *
 * It passes the same contract as the durable stores, so code tested on it meets no surprise on them.
 * It resolves only after a turn of the event loop, because the durable stores do.
 */

import {
  checkBlob,
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
import type { Position, RoomListing, Store, StoredRoom } from './port.ts';

interface MemoryRoom {
  name: Buffer;
  checkpoint: Uint8Array | null;
  covers: Position;
  /** Row `covers + 1` first. */
  rows: Uint8Array[];
  position: Position;
  epoch: number;
  isErased: boolean;
  updatedAt: number;
}

export interface MemoryStoreOptions {
  /** Clock for `updatedAt`, ms since 1970. */
  now?: () => number;
}

export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  const now = options.now ?? Date.now;
  const roomsByName = new Map<string, MemoryRoom>();
  const blobsByHash = new Map<string, Uint8Array>();
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
      covers: 0,
      rows: [],
      position: 0,
      epoch: 0,
      isErased: false,
      updatedAt: now(),
    };
    roomsByName.set(room, fresh);
    return fresh;
  };

  return {
    async append(room, updates) {
      checkOpen();
      roomNameBytes(room);
      checkUpdates(updates);
      const known = roomsByName.get(room);
      if (known?.isErased === true) throw erasedError();
      if (updates.length === 0) return known?.position ?? 0;
      const found = known ?? openRoom(room);
      found.rows.push(...updates.map((update) => update.slice()));
      found.position += updates.length;
      found.updatedAt = now();
      const { position } = found;
      await laterTurn();
      return position;
    },

    async load(room) {
      checkOpen();
      roomNameBytes(room);
      const found = roomsByName.get(room);
      const loaded = found === undefined ? emptyRoom() : copyOf(found);
      await laterTurn();
      return loaded;
    },

    async checkpoint(room, state, covers) {
      checkOpen();
      roomNameBytes(room);
      checkCheckpoint(state, covers);
      const known = roomsByName.get(room);
      if (known?.isErased === true) throw erasedError();
      checkCoversKnownRows(covers, known?.position ?? 0);
      if (known !== undefined && known.checkpoint !== null && covers < known.covers) return;
      const found = known ?? openRoom(room);
      found.rows = found.rows.slice(covers - found.covers);
      found.covers = covers;
      found.checkpoint = state.slice();
      found.updatedAt = now();
      await laterTurn();
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
      if (!blobsByHash.has(hash)) blobsByHash.set(hash, bytes.slice());
      await laterTurn();
    },

    async getBlob(hash) {
      checkOpen();
      checkHash(hash);
      await laterTurn();
      return blobsByHash.get(hash)?.slice() ?? null;
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
  return { checkpoint: null, updates: [], position: 0, epoch: 0, isErased: false, quarantined: 0, bytes: 0 };
}

function copyOf(room: MemoryRoom): StoredRoom {
  return {
    checkpoint: room.checkpoint?.slice() ?? null,
    updates: room.rows.map((row) => row.slice()),
    position: room.position,
    epoch: room.epoch,
    isErased: room.isErased,
    quarantined: 0,
    bytes: bytesOf(room),
  };
}

function bytesOf(room: MemoryRoom): number {
  return room.rows.reduce((sum, row) => sum + row.length, room.checkpoint?.length ?? 0);
}

function laterTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
