/**
 * One LMDB file and the turns at it: many readers, one group of writes, or a compaction alone.
 *
 * Which promise means "on disk": with `overlappingSync` off, a commit is pages, then fdatasync, then the meta page
 * through an O_DSYNC descriptor, and lmdb's promise resolves after that (seen with strace on lmdb 3.5.6). With it on
 * (lmdb's default) a commit whose fdatasync failed stays readable, and `db.flushed` never rejects. So it is off, and
 * the commit's own promise is the durable one.
 *
 * Group commit: jobs that arrive while a commit is on its way to the disk go together into the next one. A job decides
 * and collects its writes synchronously, from the committed data and the writes of earlier jobs in its group. It may
 * run again: a group that finds no space is committed in halves, so that a large job does not make small ones fail. A
 * job that throws affects no other either. `db.transaction(callback)` is avoided: on lmdb 3.5.6 with Node 20 it never
 * calls back; `batch` commits atomically and needs no callback as this process is the only writer (see folder-lock.ts).
 */

import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { platform } from 'node:os';
import { dirname } from 'node:path';
import { open as openLmdb, type Database, type RootDatabase } from 'lmdb';
import { StoreError } from '../errors.ts';
import { watchFile } from './file-presence.ts';
import { decodeHead, encodeHead, freshHead, type RoomHead } from './records.ts';
import { commitError, readError } from './write-errors.ts';

type Table = Database<Buffer, Buffer>;
export type TableName = 'heads' | 'rows' | 'chunks' | 'blobs' | 'quarantine' | 'marks' | 'records';
export type Tables = Record<TableName, Table>;

/** What a job may do. Readers see its writes only when the group is on disk. */
export interface Writes {
  /** The head, with the writes of this group. @throws {StoreError} `CORRUPT`. */
  head(name: Buffer): RoomHead;
  setHead(name: Buffer, head: RoomHead): void;
  /** A value of the table `records`, with the writes of this group. */
  record(key: Buffer): Buffer | undefined;
  /** @param value null removes the record. */
  setRecord(key: Buffer, value: Buffer | null): void;
  put(table: TableName, key: Buffer, value: Buffer): void;
  remove(table: TableName, key: Buffer): void;
}

interface Job {
  bytes: number;
  run(writes: Writes): unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Largest group in bytes (a single larger job goes alone): bounds memory, and how long one flush can take. */
const MAX_GROUP_BYTES = 16 * 1024 * 1024;
const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;

export interface Environment {
  /** Runs `read` on the tables; it may await, but must then use a read transaction of its own for one consistent view. */
  read<T>(read: (tables: Tables) => Promise<T>): Promise<T>;
  /** @param bytes Estimate of the bytes that `run` writes. @returns The result of `run`, once it is on disk. */
  write<T>(bytes: number, run: (writes: Writes) => T): Promise<T>;
  /** Rewrites the file without its free pages. Reads and writes wait. */
  compact(): Promise<{ bytesBefore: number; bytesAfter: number }>;
  /** Copies the committed data to a new file and flushes it. Reads and writes go on; compaction and `close` wait. */
  copyTo(path: string): Promise<void>;
  /** @throws {StoreError} `NOT_WRITABLE` when the path has another file or none; every later write is then refused. */
  checkFile(): void;
  fileBytes(): number;
  close(): Promise<void>;
}

/** @param nowMs A clock that never goes back. */
export function openEnvironment(path: string, nowMs: () => number = () => performance.now()): Environment {
  let { root, tables } = openFile(path);
  let presence = watchFile(path, nowMs);
  let queue: Job[] = [];
  let isCommitting = false;
  let readers = 0;
  let isExclusive = false;
  let failure: StoreError | null = null;
  /** The file was closed for a compaction, and gone before it could be opened again. */
  let isLost = false;
  let waiting: (() => void)[] = [];

  /** Lets callers that wait for a turn look again. */
  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  };
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
    });

  const commitGroup = async (jobs: Job[]): Promise<void> => {
    const refusal = failure;
    if (refusal !== null) {
      for (const job of jobs) job.reject(refusal);
      return;
    }
    root.resetReadTxn();
    const group = collect(tables, jobs);
    if (group.accepted.length === 0) return;
    try {
      if (group.writes.length > 0) {
        await root.batch(() => {
          for (const { table, key, value } of group.writes) {
            if (value === null) void tables[table].remove(key);
            else void tables[table].put(key, value);
          }
        });
      }
      for (const { job, value } of group.accepted) job.resolve(value);
    } catch (error) {
      const mapped = await commitError(error, path);
      if (mapped.code !== 'FULL') failure = mapped;
      const accepted = group.accepted.map(({ job }) => job);
      if (mapped.code === 'FULL' && accepted.length > 1) {
        const half = Math.ceil(accepted.length / 2);
        await commitGroup(accepted.slice(0, half));
        return commitGroup(accepted.slice(half));
      }
      for (const job of accepted) job.reject(mapped);
    }
  };

  const drainQueue = async (): Promise<void> => {
    isCommitting = true;
    while (queue.length > 0 && !isExclusive) {
      failure ??= presence.lookWhenDue();
      const group = takeGroup(queue);
      queue = queue.slice(group.length);
      await commitGroup(group);
    }
    isCommitting = false;
    wake();
  };

  const exclusively = async <T>(run: () => Promise<T>): Promise<T> => {
    while (isExclusive) await turn();
    isExclusive = true;
    while (isCommitting || readers > 0) await turn();
    try {
      return await run();
    } finally {
      isExclusive = false;
      wake();
      if (queue.length > 0) void drainQueue();
    }
  };

  const checkFile = (): void => {
    failure ??= presence.look();
    if (failure !== null) throw failure;
  };

  const fileBytes = (): number => {
    checkFile();
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) checkFile();
    return found?.size ?? 0;
  };

  return {
    async read(read) {
      while (isExclusive) await turn();
      if (isLost && failure !== null) throw failure;
      readers += 1;
      try {
        return await read(tables);
      } catch (error) {
        throw readError(error, dirname(path));
      } finally {
        readers -= 1;
        wake();
      }
    },

    write<T>(bytes: number, run: (writes: Writes) => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        queue.push({
          bytes,
          run,
          resolve: (value) => {
            resolve(value as T);
          },
          reject,
        });
        // At the end of this turn of the event loop, so that jobs which arrive together are committed together.
        if (!isCommitting && !isExclusive && queue.length === 1)
          setImmediate(() => {
            if (!isCommitting && !isExclusive) void drainQueue();
          });
      });
    },

    compact() {
      return exclusively(async () => {
        const copy = compactedPath(path);
        const bytesBefore = fileBytes();
        let bytesAfter: number;
        rmSync(copy, { force: true });
        try {
          await root.backup(copy, true);
          syncPath(copy);
          bytesAfter = statSync(copy).size;
        } catch (error) {
          rmSync(copy, { force: true });
          throw await commitError(error, path);
        }
        try {
          checkFile();
        } catch (error) {
          rmSync(copy, { force: true });
          throw error;
        }
        await root.close();
        try {
          renameSync(copy, path);
          syncPath(dirname(path));
        } catch (error) {
          // The old file serves as well, if it is there: lmdb would silently make an empty one.
          failure ??= presence.look();
          isLost = failure !== null;
          throw failure ?? error;
        } finally {
          if (!isLost) {
            ({ root, tables } = openFile(path)); // either file: both hold everything
            presence = watchFile(path, nowMs);
          }
        }
        return { bytesBefore, bytesAfter };
      });
    },

    async copyTo(target) {
      while (isExclusive) await turn();
      readers += 1;
      try {
        await root.backup(target, true);
        syncPath(target);
      } catch (error) {
        rmSync(target, { force: true });
        throw await commitError(error, target);
      } finally {
        readers -= 1;
        wake();
      }
    },

    checkFile,

    fileBytes,

    close() {
      return exclusively(async () => {
        if (!isLost) await root.close();
      });
    },
  };
}

/** Path of an unfinished copy, left when the process died. The store may delete it. */
export function compactedPath(path: string): string {
  return `${path}.compacting`;
}

function openFile(path: string): { root: RootDatabase<Buffer, Buffer>; tables: Tables } {
  const root = openLmdb<Buffer, Buffer>({
    path,
    noSubdir: true, // lmdb would guess it from a dot in the folder's name
    overlappingSync: false,
    eventTurnBatching: false, // its own batches leave a rejected promise unhandled when a commit fails
    ...binary,
  });
  const table = (name: TableName): Table => root.openDB<Buffer, Buffer>({ name, ...binary });
  const tables = {
    heads: table('heads'),
    rows: table('rows'),
    chunks: table('chunks'),
    blobs: table('blobs'),
    quarantine: table('quarantine'),
    marks: table('marks'),
    records: table('records'),
  };
  return { root, tables };
}

/** @throws {StoreError} `CORRUPT`: a damaged head does not say whether the room was erased, so it is an error. */
export function readHead(record: Buffer | undefined, name: Buffer): RoomHead | null {
  if (record === undefined) return null;
  const head = decodeHead(record, name);
  if (head === null)
    throw new StoreError(
      'CORRUPT',
      `The record of room "${name.toString('utf8')}" is damaged. Restore the data folder from a backup; other rooms are not affected.`,
    );
  return head;
}

interface Write {
  table: TableName;
  key: Buffer;
  value: Buffer | null;
}

function collect(tables: Tables, jobs: Job[]): { accepted: { job: Job; value: unknown }[]; writes: Write[] } {
  const accepted: { job: Job; value: unknown }[] = [];
  const writes: Write[] = [];
  const headsByName = new Map<string, { name: Buffer; head: RoomHead }>();
  const recordsById = new Map<string, { key: Buffer; value: Buffer | null }>();
  for (const job of jobs) {
    const own: Write[] = [];
    const ownHeads = new Map<string, { name: Buffer; head: RoomHead }>();
    const ownRecords = new Map<string, { key: Buffer; value: Buffer | null }>();
    try {
      const value = job.run({
        head(name) {
          const id = name.toString('latin1');
          return (ownHeads.get(id) ?? headsByName.get(id))?.head ?? readHead(tables.heads.get(name), name) ?? freshHead();
        },
        setHead(name, head) {
          ownHeads.set(name.toString('latin1'), { name, head });
        },
        record(key) {
          const id = key.toString('latin1');
          const written = ownRecords.get(id) ?? recordsById.get(id);
          return written === undefined ? tables.records.get(key) : (written.value ?? undefined);
        },
        setRecord(key, value_) {
          ownRecords.set(key.toString('latin1'), { key, value: value_ });
        },
        put(table, key, value_) {
          own.push({ table, key, value: value_ });
        },
        remove(table, key) {
          own.push({ table, key, value: null });
        },
      });
      for (const write of own) writes.push(write);
      for (const [id, entry] of ownHeads) headsByName.set(id, entry);
      for (const [id, entry] of ownRecords) recordsById.set(id, entry);
      accepted.push({ job, value });
    } catch (error) {
      job.reject(error);
    }
  }
  for (const { name, head } of headsByName.values()) writes.push({ table: 'heads', key: name, value: encodeHead(head, name) });
  for (const { key, value } of recordsById.values()) writes.push({ table: 'records', key, value });
  return { accepted, writes };
}

function takeGroup(queue: readonly Job[]): Job[] {
  let bytes = 0;
  let count = 0;
  for (const job of queue) {
    if (count > 0 && bytes + job.bytes > MAX_GROUP_BYTES) break;
    bytes += job.bytes;
    count += 1;
  }
  return queue.slice(0, count);
}

function syncPath(path: string): void {
  if (platform() === 'win32') return; // neither a folder nor a file opened for reading can be flushed there
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
