/**
 * The store over LMDB: embedded, one process per folder, nothing to install.
 *
 * - An append resolves when it is on disk (open-file.ts says which promise that is and why).
 * - Work of several commits leaves an intent first: after a crash, opening the folder finishes it. There is no other
 *   recovery code.
 * - Blobs and uploads are files in the folder `blobs` beside the data file (blob-folder.ts).
 * - Erased bytes are gone from the file when `remove` resolves, because the file is rewritten without them. A file
 *   larger than `compactBelowBytes` is rewritten when the folder is next opened, and the log says so.
 */

import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { createCalls } from '../calls.ts';
import { storageLimits } from '../limits.ts';
import type { StorageLogger, Store } from '../port.ts';
import { START } from '../position.ts';
import { openBlobFolder, type BlobFolder } from './blob-folder.ts';
import { createLmdbBlobs, type LmdbBlobs } from './blobs.ts';
import { createCompactor } from './compactor.ts';
import { openEnvironment, type Environment } from './environment.ts';
import { checkFolder, dataFile, finishBackupFolder, finishFolder, prepareBackupFolder, prepareFolder } from './folder.ts';
import { lockFolder } from './folder-lock.ts';
import { checkRecords, createLmdbRecords } from './record-table.ts';
import { LmdbRooms } from './rooms.ts';
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
  { folder, logger, now = Date.now, compactBelowBytes = DEFAULT_COMPACT_BELOW_BYTES }: LmdbStoreOptions,
  release: () => Promise<void>,
  files: BlobFolder = openBlobFolder(join(folder, 'blobs')),
): { port: LmdbStore; recover(): Promise<void> } {
  const compactor = createCompactor(environment, compactBelowBytes, logger);
  const calls = createCalls();
  const { tracked, inTurn } = calls;
  const { settle, backUp, ...blobCalls } = createLmdbBlobs({ environment, folder: files, calls, compactor });
  const rooms = new LmdbRooms({ environment, compactor, inTurn, now, logger });

  const port: LmdbStore = {
    isShared: false,
    records: createLmdbRecords(environment, tracked, logger),
    append: (room, updates) => tracked(() => rooms.append(room, updates)),
    load: (room, since = START) => tracked(() => rooms.load(room, since)),
    checkpoint: (room, state, covers) => tracked(() => rooms.checkpoint(room, state, covers)),
    list: ({ prefix = '', after = '', limit }) => tracked(() => rooms.list(prefix, after, limit)),
    remove: (room) => tracked(() => rooms.remove(room)),
    ...blobCalls,
    probe: (bytes = 0) => tracked(() => probe(environment, bytes)),
    compact: () => tracked(compactor.compact),
    checkRecords: () => tracked(() => checkRecords(environment)),
    backup: (toFolder) => tracked(() => copyAll(environment, backUp, resolve(toFolder))),
    close: () =>
      calls.close(async () => {
        await environment.close();
        await release();
      }),
  };
  return {
    port,
    async recover() {
      await rooms.recover();
      await settle();
    },
  };
}

async function probe(environment: Environment, bytes: number): Promise<void> {
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
}

async function copyAll(environment: Environment, backUp: LmdbBlobs['backUp'], folder: string): Promise<void> {
  try {
    prepareBackupFolder(folder);
    await backUp(() => environment.copyTo(dataFile(folder)), folder);
    finishBackupFolder(folder);
  } catch (error) {
    throw openError(error, folder);
  }
}
