/**
 * The store over LMDB: embedded, one process per folder, nothing to install.
 *
 * - An append resolves when it is on disk (environment.ts says which promise that is and why).
 * - Work of several commits leaves an intent first: after a crash, opening the folder finishes it. There is no other
 *   recovery code.
 * - Erased bytes are gone from the file when `remove` resolves, because the file is rewritten without them. A file
 *   larger than `compactBelowBytes` is rewritten when the folder is next opened, and the log says so.
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
import { openEnvironment, readHead, type Environment } from './environment.ts';
import { checkFolder, dataFile, finishBackupFolder, finishFolder, prepareBackupFolder, prepareFolder } from './folder.ts';
import { lockFolder } from './folder-lock.ts';
import { intentKey, intentRange, nameOfIntent, rangeBehind, roomPrefix, rowKey } from './keys.ts';
import { checkRecords, createLmdbRecords } from './record-table.ts';
import { decodeHead, seal, unsealed, type RoomHead } from './records.ts';
import { replaceCheckpoint, sweep } from './replace-checkpoint.ts';
import { loadRoom } from './room.ts';
import { positionAt, rowAt } from './row-number.ts';
import { openError } from './write-errors.ts';

export interface LmdbStoreOptions {
  /** Made when missing. Must be on a local disk: LMDB maps its file into memory, which network file systems do badly. */
  folder: string;
  /** ms since 1970, for `updatedAt`. */
  now?: () => number;
  logger?: StorageLogger;
  /**
   * Bytes up to which a data file is rewritten at once after an erase (default 256 MiB: appends wait about a second). A
   * larger file is rewritten at the next start.
   */
  compactBelowBytes?: number;
}

export interface LmdbStore extends Store {
  /** Rewrites the data file without free pages, including erased bytes. Appends and loads wait meanwhile. */
  compact(): Promise<{ bytesBefore: number; bytesAfter: number }>;
  /** Reads every record. @returns The number of records, and the keys of damaged ones. */
  checkRecords(): Promise<{ records: number; damaged: string[] }>;
  /**
   * Copies everything acknowledged so far into a folder that `openLmdbStore` can open, while the store goes on working.
   * Free pages, and erased bytes with them, are left out.
   *
   * @param toFolder New or empty, preferably on another disk.
   * @throws {StoreError} `NOT_WRITABLE`, `FULL`, `CLOSED`. An unfinished copy has no `FORMAT` file and does not open.
   */
  backup(toFolder: string): Promise<void>;
}

const DEFAULT_COMPACT_BELOW_BYTES = 256 * 1024 * 1024;
const PROBE = Buffer.from('probe');
/** Larger than most appends: a stroke is under 1 kB. A nearly full disk may refuse this and still accept less. */
const PROBE_BYTES = 64 * 1024;
const EMPTY = Buffer.alloc(0);
/** Removals that share their commits. */
const BLOBS_AT_ONCE = 200;

/** @throws {StoreError} `LOCKED`, `NOT_WRITABLE`, `FULL`, `CORRUPT`, `NEWER`. Then nothing in the folder was changed. */
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

/** The store over an open environment; `release` frees the folder. */
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
        logger?.error({ err: error, room: name.toString('utf8') }, 'room could not be cleaned up after the last stop');
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
              logger?.warn({ err: error, room }, 'rows that a checkpoint replaced are still in the file; the next start deletes them');
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
            if (head === null) logger?.error({ room }, 'record of a room is damaged and was left out of the list');
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
          // Looked up, not remembered: repeating an unfinished erase finishes it.
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
        // Random, since a compressing file system has room for any number of zeros.
        const filler = randomBytes(Math.min(Math.max(PROBE_BYTES, bytes), storageLimits.maxProbeBytes));
        await environment.write(filler.length, ({ put }) => {
          put('marks', PROBE, filler);
        });
        // Removed, because its pages would otherwise serve every later probe, even on a disk with no space for appends.
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

/** Key of a blob's turn among the turns of rooms. A room with this name would only have to wait. */
function blobTurn(hash: string): string {
  return `blob ${hash}`;
}

/** A room whose first checkpoint was cut off by a crash has a head, but no content. */
function isListed(head: RoomHead): boolean {
  return !head.isErased && (head.position > 0 || head.generations.length > 0);
}
