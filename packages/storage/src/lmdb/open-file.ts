/**
 * The LMDB file while it is open: its tables, and whether commits still reach the file that the next start will open.
 *
 * Which promise means "on disk": with `overlappingSync` off, a commit is pages, then fdatasync, then the meta page
 * through an O_DSYNC descriptor, and lmdb's promise resolves after that (seen with strace on lmdb 3.5.6). With it on
 * (lmdb's default) a commit whose fdatasync failed stays readable, and `db.flushed` never rejects. So it is off, and
 * the commit's own promise is the durable one.
 *
 * `db.transaction(callback)` is avoided: on lmdb 3.5.6 with Node 20 it never calls back; `batch` commits atomically and
 * needs no callback as this process is the only writer (see folder-lock.ts).
 */

import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { platform } from 'node:os';
import { dirname } from 'node:path';
import type { RootDatabase } from 'lmdb';
import type { StoreError } from '../errors.ts';
import { watchFile, type FilePresence } from './file-presence.ts';
import { openTables, type Tables } from './tables.ts';
import { commitError } from './write-errors.ts';
import type { Write } from './write-group.ts';

/** The caller keeps commits and readers away from `rewrite` and `close`. */
export class OpenFile {
  readonly #path: string;
  readonly #nowMs: () => number;
  #root: RootDatabase<Buffer, Buffer>;
  #tables: Tables;
  #presence: FilePresence;
  #failure: StoreError | null = null;
  /** The file was closed to be replaced, and gone before it could be opened again. */
  #isLost = false;

  /** @param nowMs A clock that never goes back. */
  constructor(path: string, nowMs: () => number) {
    this.#path = path;
    this.#nowMs = nowMs;
    ({ root: this.#root, tables: this.#tables } = openTables(path));
    this.#presence = watchFile(path, nowMs);
  }

  /** The error that refuses every later write; null while writing works. */
  failure(): StoreError | null {
    return this.#failure;
  }

  /** Looks for the file at its path, unless it did so within the last second. */
  lookWhenDue(): void {
    this.#failure ??= this.#presence.lookWhenDue();
  }

  /** @throws {StoreError} `NOT_WRITABLE` when the path has another file or none; every later write is then refused. */
  check(): void {
    this.#failure ??= this.#presence.look();
    if (this.#failure !== null) throw this.#failure;
  }

  bytes(): number {
    this.check();
    const found = statSync(this.#path, { throwIfNoEntry: false });
    if (found === undefined) this.check();
    return found?.size ?? 0;
  }

  /** @throws {StoreError} When the file is lost. */
  tables(): Tables {
    if (this.#isLost && this.#failure !== null) throw this.#failure;
    return this.#tables;
  }

  /** The tables as the last commit left them: lmdb keeps a view for some time. */
  latestTables(): Tables {
    this.#root.resetReadTxn();
    return this.#tables;
  }

  /** @returns Null once all of it is on disk, else why none of it is. */
  async commit(writes: readonly Write[]): Promise<StoreError | null> {
    try {
      await this.#root.batch(() => {
        for (const { table, key, value } of writes) {
          if (value === null) void this.#tables[table].remove(key);
          else void this.#tables[table].put(key, value);
        }
      });
      return null;
    } catch (error) {
      const mapped = await commitError(error, this.#path);
      if (mapped.code !== 'FULL') this.#failure = mapped;
      return mapped;
    }
  }

  /** Replaces the file by a copy without its free pages. */
  async rewrite(): Promise<{ bytesBefore: number; bytesAfter: number }> {
    const copy = compactedPath(this.#path);
    const bytesBefore = this.bytes();
    rmSync(copy, { force: true });
    const bytesAfter = await this.#copy(copy, this.#path);
    try {
      this.check();
    } catch (error) {
      rmSync(copy, { force: true });
      throw error;
    }
    await this.#root.close();
    try {
      renameSync(copy, this.#path);
      syncPath(dirname(this.#path));
    } catch (error) {
      // The old file serves as well, if it is there: lmdb would silently make an empty one.
      this.#failure ??= this.#presence.look();
      this.#isLost = this.#failure !== null;
      throw this.#failure ?? error;
    } finally {
      if (!this.#isLost) {
        ({ root: this.#root, tables: this.#tables } = openTables(this.#path)); // either file: both hold everything
        this.#presence = watchFile(this.#path, this.#nowMs);
      }
    }
    return { bytesBefore, bytesAfter };
  }

  /** Copies the committed data to a new file without free pages, and flushes it. */
  async copyTo(target: string): Promise<void> {
    await this.#copy(target, target);
  }

  async close(): Promise<void> {
    if (!this.#isLost) await this.#root.close();
  }

  /**
   * @param errorPath Path whose disk an error is about.
   * @returns Bytes of the copy.
   */
  async #copy(target: string, errorPath: string): Promise<number> {
    try {
      await this.#root.backup(target, true);
      syncPath(target);
      return statSync(target).size;
    } catch (error) {
      rmSync(target, { force: true });
      throw await commitError(error, errorPath);
    }
  }
}

/** Path of an unfinished copy, left when the process died. The store may delete it. */
export function compactedPath(path: string): string {
  return `${path}.compacting`;
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
