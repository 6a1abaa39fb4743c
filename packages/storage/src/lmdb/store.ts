/**
 * The store over LMDB: embedded, one process per folder, nothing to install.
 *
 * - An append is resolved when it is on disk (environment.ts says which promise that is and why).
 * - Work of several commits leaves an intent first: after a crash, opening the folder finishes it. There is no
 *   other recovery code.
 * - Erased bytes are gone from the file when `remove` resolves: the file is rewritten without them. A file larger
 *   than `compactBelowBytes` is rewritten when the folder is next opened, and the log says so.
 */

import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { createCalls } from '../calls.ts';
import {
  checkBlob,
  checkBlobQuery,
  checkCheckpoint,
  checkCoversKnownRows,
  checkHash,
  checkListLimit,
  checkUpdates,
  erasedError,
  nameBytes,
  roomNameBytes,
} from '../check-input.ts';
import { storageLimits } from '../limits.ts';
import type { RoomListing, StorageLogger, Store } from '../port.ts';
import { checkPosition, START } from '../position.ts';
import { listBlobs, readBlob, removeBlob, writeBlob } from './blobs.ts';
import { readSnapshot } from './chunked.ts';
import { COMPACTION_OWED, createCompactor } from './compactor.ts';
import { openEnvironment, readHead } from './environment.ts';
import type { Environment } from './environment.ts';
import { checkFolder, dataFile, finishBackupFolder, finishFolder, prepareBackupFolder, prepareFolder } from './folder.ts';
import { lockFolder } from './folder-lock.ts';
import { intentKey, intentRange, nameOfIntent, rangeBehind, roomPrefix, rowKey } from './keys.ts';
import { checkRecords, createLmdbRecords } from './record-table.ts';
import { decodeHead, seal, unsealed } from './records.ts';
import type { RoomHead } from './records.ts';
import { replaceCheckpoint, sweep } from './replace-checkpoint.ts';
import { loadRoom } from './room.ts';
import { positionAt, rowAt } from './row-number.ts';
import { openError } from './write-errors.ts';

export interface LmdbStoreOptions {
  /** Made when missing. On a local disk: LMDB maps its file into memory, which network file systems do not do well. */
  folder: string;
  /** ms since 1970, for `updatedAt`. */
  now?: () => number;
  logger?: StorageLogger;
  /** After an erase a data file up to this size is rewritten at once (default 256 MiB: about a second of waiting appends); a larger one at the next start. */
  compactBelowBytes?: number;
}

export interface LmdbStore extends Store {
  /** Rewrites the data file without free pages, erased bytes included. Appends and loads wait meanwhile. */
  compact(): Promise<{ bytesBefore: number; bytesAfter: number }>;
  /** Reads every record. @returns How many there are, and the keys of those that are damaged. */
  checkRecords(): Promise<{ records: number; damaged: string[] }>;
  /**
   * Copies everything acknowledged so far into a folder that `openLmdbStore` takes, while the store goes on working.
   * Free pages, and with them erased bytes, are left out.
   *
   * @param toFolder New or empty, better on another disk.
   * @throws {StoreError} `NOT_WRITABLE`, `FULL`, `CLOSED`. What was copied by then has no `FORMAT` file and does not open.
   */
  backup(toFolder: string): Promise<void>;
}

const DEFAULT_COMPACT_BELOW_BYTES = 256 * 1024 * 1024;
const PROBE = Buffer.from('probe');
/** More than most appends: a stroke is under 1 kB, a batch of a busy room some ten. A nearly full disk refuses this, and takes less. */
const PROBE_BYTES = 64 * 1024;
const EMPTY = Buffer.alloc(0);
/** Removals that share their commits. */
const BLOBS_AT_ONCE = 200;

/** @throws {StoreError} `LOCKED`, `NOT_WRITABLE`, `FULL`, `CORRUPT`, `NEWER`. Nothing in the folder is changed then. */
export async function openLmdbStore(options: LmdbStoreOptions): Promise<LmdbStore> {
  const folder = resolve(options.folder);
  try {
    checkFolder(folder);
    const lock = await lockFolder(folder);
    try {
      prepareFolder(folder, options.logger);
      const environment = openEnvironment(dataFile(folder));
      try {
        const store = createStore(environment, options, () => lock.release());
        finishFolder(folder);
        await store.recover();
        return store.port;
      } catch (error) {
        await environment.close();
        throw error;
      }
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    throw openError(error, folder);
  }
}

/** The store over an environment that is already open; `release` lets go of the folder. */
export function createStore(
  environment: Environment,
  options: LmdbStoreOptions,
  release: () => Promise<void>,
): { port: LmdbStore; recover(): Promise<void> } {
  const { logger } = options;
  const now = options.now ?? Date.now;
  const compactor = createCompactor(environment, options.compactBelowBytes ?? DEFAULT_COMPACT_BELOW_BYTES, logger);
  const calls = createCalls();
  // Checkpoints and erasures of one room take turns. Appends need no such turn.
  const { tracked, inTurn } = calls;

  const headOf = (name: Buffer): Promise<RoomHead | null> => environment.read(async ({ heads }) => readHead(heads.get(name), name));

  const recover = async (): Promise<void> => {
    const names = await environment.read(async ({ marks }) => [...marks.getKeys(intentRange())].map(nameOfIntent));
    for (const name of names) {
      await sweep(environment, name).catch((error: unknown) => {
        // One damaged room must not keep the others from being served.
        logger?.error({ err: error, room: name.toString('utf8') }, 'A room could not be tidied up after the last stop');
      });
    }
    await compactor.settleDebt();
  };

  const port: LmdbStore = {
    isShared: false,
    records: createLmdbRecords(environment, tracked, logger),

    append: (room, updates) =>
      tracked(async () => {
        const name = roomNameBytes(room);
        checkUpdates(updates);
        if (updates.length === 0) {
          const present = await headOf(name);
          if (present?.isErased === true) throw erasedError();
          return positionAt(present?.position ?? 0);
        }
        const prefix = roomPrefix(name);
        const records = updates.map(unsealed);
        const bytes = updates.reduce((sum, update) => sum + update.length, 0);
        return environment.write(bytes, ({ head, setHead, put }) => {
          const before = head(name);
          if (before.isErased) throw erasedError();
          records.forEach((record, i) => {
            const key = rowKey(prefix, before.epoch, before.position + 1 + i);
            put('rows', key, seal(record, key));
          });
          const position = before.position + records.length;
          setHead(name, { ...before, position, rowBytes: before.rowBytes + bytes, updatedAt: now() });
          return positionAt(position);
        });
      }),

    load: (room, since = START) =>
      tracked(async () => {
        const name = roomNameBytes(room);
        checkPosition(since);
        return environment.read((tables) =>
          readSnapshot(tables, (snapshot) => loadRoom(snapshot, name, readHead(snapshot.get('heads', name), name), logger, since)),
        );
      }),

    checkpoint: (room, state, covers) =>
      tracked(async () => {
        const name = roomNameBytes(room);
        checkCheckpoint(state, covers);
        return inTurn(room, async () => {
          const before = await headOf(name);
          if (before?.isErased === true) throw erasedError();
          checkCoversKnownRows(covers, positionAt(before?.position ?? 0));
          const present = before?.generations[0];
          if (present !== undefined && rowAt(covers) < present.covers) return 'covered';
          try {
            await replaceCheckpoint(environment, name, state, rowAt(covers), now);
            return 'written';
          } finally {
            await sweep(environment, name).catch((error: unknown) => {
              logger?.warn({ err: error, room }, 'Rows that a checkpoint replaced are still in the file; the next start deletes them');
            });
          }
        });
      }),

    list: ({ prefix = '', after = '', limit }) =>
      tracked(async () => {
        checkListLimit(limit);
        const prefixBytes = nameBytes(prefix);
        const afterBytes = nameBytes(after);
        return environment.read(async ({ heads }) => {
          const range = rangeBehind(prefixBytes, afterBytes);
          const rooms: RoomListing[] = [];
          if (range === null) return rooms;
          for (const { key, value } of heads.getRange(range)) {
            const head = decodeHead(value, key);
            const room = Buffer.from(key).toString('utf8');
            if (head === null) logger?.error({ room }, 'The record of a room is damaged and was left out of the list');
            else if (isListed(head))
              rooms.push({ room, bytes: (head.generations[0]?.bytes ?? 0) + head.rowBytes, updatedAt: head.updatedAt });
            if (rooms.length === limit) break;
          }
          return rooms;
        });
      }),

    remove: (room) =>
      tracked(async () => {
        const name = roomNameBytes(room);
        await inTurn(room, async () => {
          const intent = intentKey(roomPrefix(name));
          await environment.write(200, ({ head, setHead, put }) => {
            const before = head(name);
            if (before.isErased) return;
            setHead(name, { ...before, epoch: before.epoch + 1, isErased: true, generations: [], rowBytes: 0, updatedAt: now() });
            put('marks', intent, EMPTY);
            put('marks', COMPACTION_OWED, EMPTY);
          });
          // Looked up rather than remembered: an erase that was cut short is finished by repeating it.
          const isUnfinished = await environment.read(
            async ({ marks }) => marks.get(intent) !== undefined || marks.get(COMPACTION_OWED) !== undefined,
          );
          if (!isUnfinished) return;
          await sweep(environment, name);
          await compactor.afterErase();
        });
      }),

    putBlob: (hash, bytes) =>
      tracked(async () => {
        checkBlob(hash, bytes);
        await inTurn(blobTurn(hash), () => writeBlob(environment, hash, bytes));
      }),

    getBlob: (hash) =>
      tracked(async () => {
        checkHash(hash);
        return readBlob(environment, hash);
      }),

    listBlobs: (query) =>
      tracked(async () => {
        const { prefix, after } = checkBlobQuery(query);
        return listBlobs(environment, prefix, after, query.limit);
      }),

    removeBlobs: (listed) =>
      tracked(async () => {
        for (const { hash } of listed) checkHash(hash);
        const removed: string[] = [];
        for (let at = 0; at < listed.length; at += BLOBS_AT_ONCE) {
          const some = listed.slice(at, at + BLOBS_AT_ONCE);
          const are = await Promise.all(
            some.map((blob) => inTurn(blobTurn(blob.hash), () => removeBlob(environment, blob, COMPACTION_OWED))),
          );
          removed.push(...some.filter((_, i) => are[i] === true).map(({ hash }) => hash));
        }
        if (removed.length > 0) await compactor.afterErase();
        return removed;
      }),

    probe: (bytes = 0) =>
      tracked(async () => {
        environment.checkFile();
        // Random, since a file system that compresses has room for any number of zeros.
        const filler = randomBytes(Math.min(Math.max(PROBE_BYTES, bytes), storageLimits.maxProbeBytes));
        await environment.write(filler.length, ({ put }) => {
          put('marks', PROBE, filler);
        });
        // Left there, its pages would serve the next probe for ever, also on a disk that has none for anybody else.
        await environment.write(100, ({ remove }) => {
          remove('marks', PROBE);
        });
      }),

    compact: () => tracked(compactor.compact),

    checkRecords: () => tracked(() => checkRecords(environment)),

    backup: (toFolder) =>
      tracked(async () => {
        const target = resolve(toFolder);
        try {
          prepareBackupFolder(target);
          await environment.copyTo(dataFile(target));
          finishBackupFolder(target);
        } catch (error) {
          throw openError(error, target);
        }
      }),

    close: () =>
      calls.close(async () => {
        await environment.close();
        await release();
      }),
  };
  return { port, recover };
}

/** Beside the turns of rooms, whose names are shorter or not like this; one of the same name would only wait. */
function blobTurn(hash: string): string {
  return `blob ${hash}`;
}

/** A room whose first checkpoint was cut off by a crash has a head, but nothing in it. */
function isListed(head: RoomHead): boolean {
  return !head.isErased && (head.position > 0 || head.generations.length > 0);
}
