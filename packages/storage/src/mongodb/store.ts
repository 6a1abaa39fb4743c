/** The store over MongoDB: several relays write one database. SPEC.md has the rules. */

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCalls } from '../calls.ts';
import { checkCheckpoint, checkListLimit, checkUpdates, erasedError, nameBytes, roomNameBytes } from '../check-input.ts';
import { storageLimits } from '../limits.ts';
import type { StorageLogger, Store } from '../port.ts';
import { checkPosition, START } from '../position.ts';
import { createMongoBlobs } from './blobs.ts';
import { connect, type ConnectOptions, type Database } from './database.ts';
import { eraseRoom, sweepRecentlyErased } from './erase.ts';
import { readHead } from './heads.ts';
import { createJournal } from './journal.ts';
import { listRooms } from './list.ts';
import { loadRoom } from './load.ts';
import { toStoreError } from './mongo-errors.ts';
import { createMongoRecords } from './record-collection.ts';
import { replaceCheckpoint } from './replace-checkpoint.ts';

export interface MongoStoreOptions extends ConnectOptions {
  /** This process's name in positions: 2 to 32 letters, digits, _ or -, new to this database. Default: random. */
  writer?: string;
  logger?: StorageLogger;
  /** Milliseconds for which an unconfirmed append is sent again. The default, 15,000, outlasts an election. */
  retryForMs?: number;
  /** ms since 1970, for the `updatedAt` of rooms and uploads: nothing is ordered by it. */
  now?: () => number;
}

const DEFAULT_RETRY_FOR_MS = 15_000;
/** The size of a stroke. A database without space refuses that too, and each byte is copied to every member's oplog. */
const PROBE_BYTES = 1_024;

export interface MongoStore extends Store {
  /** This process's name in positions. */
  readonly writer: string;
}

/**
 * Connects, refuses a database of a newer format, and makes the indexes.
 *
 * @throws {StoreError} `INVALID` for a bad URI, `UNREACHABLE` after 5 s, `NOT_WRITABLE`, `NEWER`, `CORRUPT`.
 */
export async function openMongoStore(options: MongoStoreOptions): Promise<MongoStore> {
  const database = await connect(options);
  const now = options.now ?? Date.now;
  void sweepRecentlyErased(database, now(), options.logger).catch((error: unknown) => {
    options.logger?.warn({ err: error }, 'erased rooms could not be searched for leftovers; the next start tries again');
  });
  return createStore(database, options);
}

/** The store over an open database, which it closes. */
export function createStore(
  database: Database,
  {
    logger,
    now = Date.now,
    writer = randomBytes(9).toString('base64url'),
    retryForMs = DEFAULT_RETRY_FOR_MS,
  }: Omit<MongoStoreOptions, keyof ConnectOptions>,
): MongoStore {
  const journal = createJournal(database, { node: writer, now, elapsedMs: () => performance.now(), sleep: (ms) => sleep(ms), retryForMs });
  const calls = createCalls();
  // One after the other in this process: concurrent checkpoints of one room would only lose swaps to each other.
  const { inTurn } = calls;
  let checkpointCount = 0;

  /** Turns errors into StoreErrors. */
  const tracked = <T>(run: () => Promise<T>): Promise<T> =>
    calls.tracked(run).catch((error: unknown) => {
      throw toStoreError(error, database.hosts);
    });

  const checkpointContext = {
    database,
    logger,
    now,
    writerName: () => {
      checkpointCount += 1;
      return `${writer}-${checkpointCount}`;
    },
  };

  return {
    isShared: true,
    writer,
    records: createMongoRecords(database, tracked, logger),

    append: (room, updates) =>
      tracked(async () => {
        roomNameBytes(room);
        checkUpdates(updates);
        if (updates.length > 0) return journal.append(room, updates);
        if ((await readHead(database, room))?.isErased === true) throw erasedError();
        return journal.positionOf(room);
      }),

    load: (room, since = START) =>
      tracked(async () => {
        roomNameBytes(room);
        checkPosition(since);
        return loadRoom(database, room, since, logger);
      }),

    checkpoint: (room, state, covers) =>
      tracked(async () => {
        roomNameBytes(room);
        checkCheckpoint(state, covers);
        return inTurn(room, () => replaceCheckpoint(checkpointContext, room, state, covers));
      }),

    list: ({ prefix = '', after = '', limit }) =>
      tracked(async () => {
        checkListLimit(limit);
        nameBytes(prefix);
        nameBytes(after);
        return listRooms(database, prefix, after, limit, logger);
      }),

    remove: (room) =>
      tracked(async () => {
        roomNameBytes(room);
        await inTurn(room, () => eraseRoom(database, room, now));
      }),

    ...createMongoBlobs(database, tracked, now),

    probe: (bytes = 0) => tracked(() => journal.probe(Math.min(Math.max(PROBE_BYTES, bytes), storageLimits.maxProbeBytes))),

    close: () => calls.close(() => database.client.close()),
  };
}
