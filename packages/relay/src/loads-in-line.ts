/**
 * A store that reads whole rooms a few at a time, in the order in which they were asked for.
 *
 * After an outage all rooms are opened at once. Without a bound every one of them would be half read, and in memory, before
 * the first is ready, and appends would wait behind the reads. Reads of what is new since a position are short, and wait
 * for nothing.
 */

import type { Store } from '@wetink/storage';
import { createRepairGate } from './replication/repair-gate.ts';

/** Enough to hide round trips to a database. Of the 20 connections to MongoDB, four are left, one for each lane of appends. */
const MAX_LOADS_OF_SHARED = 16;
/**
 * An embedded store reads in this process: more at once end no sooner, and each of them takes some milliseconds of every
 * turn of the event loop.
 */
const MAX_LOADS_OF_EMBEDDED = 2;

export function loadsInLine(store: Store): Store {
  const gate = createRepairGate(store.isShared ? MAX_LOADS_OF_SHARED : MAX_LOADS_OF_EMBEDDED);
  return {
    isShared: store.isShared,
    records: store.records,
    append: (room, updates) => store.append(room, updates),
    load: (room, since) => (since === undefined ? gate.run(() => store.load(room)) : store.load(room, since)),
    checkpoint: (room, state, covers) => store.checkpoint(room, state, covers),
    list: (query) => store.list(query),
    remove: (room) => store.remove(room),
    putBlob: (hash, bytes) => store.putBlob(hash, bytes),
    getBlob: (hash) => store.getBlob(hash),
    listBlobs: (query) => store.listBlobs(query),
    removeBlobs: (blobs) => store.removeBlobs(blobs),
    probe: (bytes) => store.probe(bytes),
    close: () => store.close(),
  };
}
