/**
 * A store that forgets everything when the process ends: for tests, examples and throw-away rooms.
 *
 * It passes the same contract as the durable stores, so code tested on it works on them too. Several memory stores over
 * one disk behave as several processes over one shared store. Calls resolve only after a turn of the event loop, as in
 * the durable stores.
 */

import { closedError } from './check-input.ts';
import { createMemoryBlobs, type MemoryBlobDisk } from './memory-blobs.ts';
import type { MemoryCall } from './memory-call.ts';
import { createMemoryRecords } from './memory-records.ts';
import { MemoryRooms, type MemoryRoom } from './memory-rooms.ts';
import type { Store } from './port.ts';
import { START } from './position.ts';
import type { StoredRecord } from './records.ts';

/** Data that several memory stores share. */
export interface MemoryDisk extends MemoryBlobDisk {
  readonly roomsByName: Map<string, MemoryRoom>;
  readonly recordsByKey: Map<string, StoredRecord>;
}

export function createMemoryDisk(): MemoryDisk {
  return { roomsByName: new Map(), blobsByHash: new Map(), uploadsByName: new Map(), recordsByKey: new Map() };
}

export interface MemoryStoreOptions {
  /** Clock for the `updatedAt` of rooms and uploads, ms since 1970. */
  now?: () => number;
  /** Shared with other stores, each with another `writer`. Default: a disk of its own. */
  disk?: MemoryDisk;
  /** This store's name in positions; must never have been used on this disk. */
  writer?: string;
}

export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  const { now = Date.now, disk = createMemoryDisk() } = options;
  const { roomsByName, recordsByKey } = disk;
  const rooms = new MemoryRooms(roomsByName, options.writer ?? 'local', now);
  let isClosed = false;

  const call: MemoryCall = async (run) => {
    if (isClosed) throw closedError();
    const answer = run();
    await new Promise((resolve) => setImmediate(resolve));
    return answer;
  };

  return {
    isShared: options.disk !== undefined,
    records: createMemoryRecords(recordsByKey, call),
    append: (room, updates) => call(() => rooms.append(room, updates)),
    load: (room, since = START) => call(() => rooms.load(room, since)),
    checkpoint: (room, state, covers) => call(() => rooms.checkpoint(room, state, covers)),
    list: ({ prefix = '', after = '', limit }) => call(() => rooms.list(prefix, after, limit)),
    remove: (room) =>
      call(() => {
        rooms.remove(room);
      }),
    ...createMemoryBlobs(disk, now, call),
    probe: () => call(() => undefined),
    async close() {
      isClosed = true;
    },
  };
}
