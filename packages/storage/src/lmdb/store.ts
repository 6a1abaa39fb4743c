/**
 * The store over LMDB: embedded, one process per folder, nothing to install.
 *
 * - An append is resolved when it is on disk (environment.ts says which promise that is and why).
 * - Work of several commits leaves an intent first: after a crash, opening the folder finishes it. There is no
 *   other recovery code.
 * - Erased bytes are gone from the file when `remove` resolves: the file is rewritten without them. A file larger
 *   than `compactBelowBytes` is rewritten when the folder is next opened, and the log says so.
 */

import { resolve } from 'node:path';
import {
  checkBlob, checkCheckpoint, checkCoversKnownRows, checkHash, checkListLimit, checkUpdates, closedError, erasedError, nameBytes, roomNameBytes, sha256Hex,
} from '../check-input.ts';
import { StoreError } from '../errors.ts';
import type { RoomListing, StorageLogger, Store } from '../port.ts';
import { chunkCount, readChunks, readSnapshot, writeChunks } from './chunked.ts';
import { openEnvironment, readHead } from './environment.ts';
import type { Environment } from './environment.ts';
import { checkFolder, dataFile, finishFolder, prepareFolder } from './folder.ts';
import { lockFolder } from './folder-lock.ts';
import { behindPrefix, chunkKey, generationPrefix, intentKey, intentRange, nameOfIntent, roomPrefix, rowKey } from './keys.ts';
import { decodeHead, seal, unsealed } from './records.ts';
import type { Generation, RoomHead } from './records.ts';
import { findDead, loadRoom, newestIntact, rowBytesBetween } from './room.ts';
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
}

const DEFAULT_COMPACT_BELOW_BYTES = 256 * 1024 * 1024;
/** Deletions in one commit: some ten milliseconds. */
const DEAD_PER_COMMIT = 2_000;
const COMPACTION_OWED = Buffer.from('compaction-owed');
const PROBE = Buffer.from('probe');
const EMPTY = Buffer.alloc(0);
/** Behind the last chunk's index: says how long a blob is, and that all of it is there. */
const BLOB_SIZE_INDEX = 0xffffffff;

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
export function createStore(environment: Environment, options: LmdbStoreOptions, release: () => Promise<void>): { port: LmdbStore; recover(): Promise<void> } {
  const { logger } = options;
  const now = options.now ?? Date.now;
  const compactBelowBytes = options.compactBelowBytes ?? DEFAULT_COMPACT_BELOW_BYTES;
  const turnsByRoom = new Map<string, Promise<void>>();
  const underWay = new Set<Promise<unknown>>();
  let queuedCompaction: Promise<void> | null = null;
  let lastCompaction: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | null = null;

  /** Refuses after `close`, and lets `close` wait for it. */
  const tracked = async <T>(run: () => Promise<T>): Promise<T> => {
    if (closing !== null) throw closedError();
    const running = run();
    underWay.add(running);
    try {
      return await running;
    } finally {
      underWay.delete(running);
    }
  };

  /** Checkpoints and erasures of one room, one after the other. Appends need no such turn. */
  const inTurn = async <T>(room: string, run: () => Promise<T>): Promise<T> => {
    const before = turnsByRoom.get(room) ?? Promise.resolve();
    const mine = before.then(run);
    const settled = mine.then(() => undefined, () => undefined); // the next in line does not care how this one ended
    turnsByRoom.set(room, settled);
    try {
      return await mine;
    } finally {
      if (turnsByRoom.get(room) === settled) turnsByRoom.delete(room);
    }
  };

  const headOf = (name: Buffer): Promise<RoomHead | null> => environment.read(async ({ heads }) => readHead(heads.get(name), name));

  /** Deletes what a room's head does not refer to, then its intent. */
  const sweep = async (name: Buffer): Promise<void> => {
    for (;;) {
      const dead = await environment.read((tables) => readSnapshot(tables, async (snapshot) => {
        const head = readHead(snapshot.get('heads', name), name);
        return head === null ? [] : findDead(snapshot, name, head, DEAD_PER_COMMIT);
      }));
      await environment.write(dead.length * 100, ({ put, remove }) => {
        for (const { table, key, isDamaged, value } of dead) {
          if (isDamaged && value !== null) put('quarantine', key, value);
          remove(table, key);
        }
        if (dead.length < DEAD_PER_COMMIT) remove('marks', intentKey(roomPrefix(name)));
      });
      if (dead.length < DEAD_PER_COMMIT) return;
    }
  };

  const compact = async (): Promise<{ bytesBefore: number; bytesAfter: number }> => {
    const sizes = await environment.compact();
    await environment.write(100, ({ remove }) => { remove('marks', COMPACTION_OWED); });
    return sizes;
  };

  /** Erasures that come while one compaction runs share the next. */
  const compactAfterErase = (): Promise<void> => {
    if (queuedCompaction !== null) return queuedCompaction;
    const queued = lastCompaction.then(async () => {
      queuedCompaction = null;
      const bytes = environment.fileBytes();
      if (bytes > compactBelowBytes) {
        logger?.warn({ bytes, compactBelowBytes }, 'Erased bytes stay in the free pages of the data file until the next start, which rewrites it');
        return;
      }
      try {
        await compact();
      } catch (error) {
        logger?.warn({ err: error }, 'Erased bytes stay in the free pages of the data file until the next start: rewriting it failed');
      }
    });
    queuedCompaction = queued;
    lastCompaction = queued;
    return queued;
  };

  /** Verified against what was read back; nobody refers to it yet. */
  const stageGeneration = async (name: Buffer, state: Uint8Array, covers: number): Promise<Generation> => {
    const prefix = roomPrefix(name);
    const id = await environment.write(100, ({ head, setHead, put }) => {
      const before = head(name);
      if (before.isErased) throw erasedError();
      setHead(name, { ...before, nextGeneration: before.nextGeneration + 1 });
      put('marks', intentKey(prefix), EMPTY);
      return before.nextGeneration;
    });
    const chunksPrefix = generationPrefix(prefix, id);
    const sha256 = await writeChunks(environment, 'chunks', chunksPrefix, state);
    const chunks = chunkCount(state.length);
    const readBack = await environment.read((tables) => readSnapshot(tables, ({ get }) => readChunks(chunks, chunksPrefix, (key) => get('chunks', key), () => undefined)));
    if (readBack !== sha256) throw new StoreError('CORRUPT', `A checkpoint of "${name.toString('utf8')}" did not read back as it was written. The rows it was made of are kept; check the disk.`);
    return { id, covers, bytes: state.length, chunks, sha256 };
  };

  const replaceGeneration = async (name: Buffer, before: RoomHead, next: Generation): Promise<void> => {
    const prefix = roomPrefix(name);
    const { way, coveredBytes } = await environment.read((tables) => readSnapshot(tables, async (snapshot) => ({
      way: (await newestIntact(snapshot, prefix, before)).generation,
      coveredBytes: await rowBytesBetween(snapshot, prefix, before.epoch, before.generations[0]?.covers ?? 0, next.covers),
    })));
    await environment.write(100, ({ head, setHead }) => {
      const current = head(name);
      setHead(name, {
        ...current,
        generations: way === null ? [next] : [next, way],
        rowBytes: Math.max(0, current.rowBytes - coveredBytes),
        updatedAt: now(),
      });
    });
  };

  const recover = async (): Promise<void> => {
    const marks = await environment.read(async (tables) => ({
      names: [...tables.marks.getKeys(intentRange())].map(nameOfIntent),
      isCompactionOwed: tables.marks.get(COMPACTION_OWED) !== undefined,
    }));
    for (const name of marks.names) await sweep(name);
    if (marks.isCompactionOwed) {
      logger?.info({ bytes: environment.fileBytes() }, 'Rewriting the data file without erased bytes');
      await compact().catch((error: unknown) => { logger?.warn({ err: error }, 'Rewriting the data file failed and is tried again at the next start'); });
    }
  };

  const port: LmdbStore = {
    append: (room, updates) => tracked(async () => {
      const name = roomNameBytes(room);
      checkUpdates(updates);
      if (updates.length === 0) return (await headOf(name))?.position ?? 0;
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
        return position;
      });
    }),

    load: (room) => tracked(async () => {
      const name = roomNameBytes(room);
      return environment.read((tables) => readSnapshot(tables, (snapshot) => loadRoom(snapshot, name, readHead(snapshot.get('heads', name), name), logger)));
    }),

    checkpoint: (room, state, covers) => tracked(async () => {
      const name = roomNameBytes(room);
      checkCheckpoint(state, covers);
      await inTurn(room, async () => {
        const before = await headOf(name);
        if (before?.isErased === true) throw erasedError();
        checkCoversKnownRows(covers, before?.position ?? 0);
        const present = before?.generations[0];
        if (present !== undefined && covers < present.covers) return;
        try {
          const next = await stageGeneration(name, state, covers);
          const staged = await headOf(name);
          if (staged !== null) await replaceGeneration(name, staged, next);
        } finally {
          await sweep(name).catch((error: unknown) => { logger?.warn({ err: error, room }, 'Rows that a checkpoint replaced are still in the file; the next start deletes them'); });
        }
      });
    }),

    list: ({ prefix = '', after = '', limit }) => tracked(async () => {
      checkListLimit(limit);
      const prefixBytes = nameBytes(prefix);
      const afterBytes = nameBytes(after);
      return environment.read(async ({ heads }) => {
        const isAfterLater = Buffer.compare(afterBytes, prefixBytes) >= 0;
        const end = behindPrefix(prefixBytes);
        const start = isAfterLater ? Buffer.concat([afterBytes, Buffer.from([0])]) : prefixBytes;
        const rooms: RoomListing[] = [];
        if (end !== undefined && Buffer.compare(start, end) >= 0) return rooms;
        for (const { key, value } of heads.getRange({ start: start.length === 0 ? Buffer.from([0]) : start, ...(end === undefined ? {} : { end }) })) {
          const head = decodeHead(value, key);
          const room = Buffer.from(key).toString('utf8');
          if (head === null) logger?.error({ room }, 'The record of a room is damaged and was left out of the list');
          else if (isListed(head)) rooms.push({ room, bytes: (head.generations[0]?.bytes ?? 0) + head.rowBytes, updatedAt: head.updatedAt });
          if (rooms.length === limit) break;
        }
        return rooms;
      });
    }),

    remove: (room) => tracked(async () => {
      const name = roomNameBytes(room);
      await inTurn(room, async () => {
        const isNew = await environment.write(200, ({ head, setHead, put }) => {
          const before = head(name);
          if (before.isErased) return false;
          setHead(name, { ...before, epoch: before.epoch + 1, isErased: true, generations: [], rowBytes: 0, updatedAt: now() });
          put('marks', intentKey(roomPrefix(name)), EMPTY);
          put('marks', COMPACTION_OWED, EMPTY);
          return true;
        });
        if (!isNew) return;
        await sweep(name);
        await compactAfterErase();
      });
    }),

    putBlob: (hash, bytes) => tracked(async () => {
      checkBlob(hash, bytes);
      const key = Buffer.from(hash, 'hex');
      const size = Buffer.alloc(6);
      size.writeUIntBE(bytes.length, 0, 6);
      await writeChunks(environment, 'blobs', key, bytes);
      await environment.write(100, ({ put }) => { put('blobs', chunkKey(key, BLOB_SIZE_INDEX), size); });
    }),

    getBlob: (hash) => tracked(async () => {
      checkHash(hash);
      const key = Buffer.from(hash, 'hex');
      return environment.read((tables) => readSnapshot(tables, async ({ get }) => {
        const size = get('blobs', chunkKey(key, BLOB_SIZE_INDEX))?.readUIntBE(0, 6);
        if (size === undefined) return null;
        const parts: Buffer[] = [];
        await readChunks(chunkCount(size), key, (chunk) => get('blobs', chunk), (part) => { parts.push(Buffer.from(part)); });
        const bytes = new Uint8Array(Buffer.concat(parts));
        if (sha256Hex(bytes) !== hash) throw new StoreError('CORRUPT', `Blob ${hash} is damaged. Put it again, or restore the data folder from a backup.`);
        return bytes;
      }));
    }),

    probe: () => tracked(() => environment.write(100, ({ put }) => {
      const at = Buffer.alloc(8);
      at.writeDoubleBE(now());
      put('marks', PROBE, at);
    })),

    compact: () => tracked(compact),

    close() {
      closing ??= (async () => {
        while (underWay.size > 0) await Promise.allSettled([...underWay]);
        await environment.close();
        await release();
      })();
      return closing;
    },
  };
  return { port, recover };
}

/** A room whose first checkpoint was cut off by a crash has a head, but nothing in it. */
function isListed(head: RoomHead): boolean {
  return !head.isErased && (head.position > 0 || head.generations.length > 0);
}
