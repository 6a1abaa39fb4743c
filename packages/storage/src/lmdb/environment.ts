/** One LMDB file and the turns at it: many readers and one group of writes at a time, or a compaction alone. */

import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CommitQueue, type Clock } from './commit-queue.ts';
import { OpenFile } from './open-file.ts';
import type { Tables } from './tables.ts';
import { Turns } from './turns.ts';
import { readError } from './write-errors.ts';
import type { Writes } from './write-group.ts';

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

const systemClock: Clock = { nowMs: () => performance.now(), wait: (ms) => setTimeout(ms) };

export function openEnvironment(path: string, clock: Partial<Clock> = {}): Environment {
  const { nowMs, wait } = { ...systemClock, ...clock };
  const file = new OpenFile(path, nowMs);
  const turns = new Turns();
  const commits = new CommitQueue(file, turns, { nowMs, wait });

  return {
    read: (read) =>
      turns.shared(async () => {
        try {
          return await read(file.tables());
        } catch (error) {
          throw readError(error, dirname(path));
        }
      }),
    write: (bytes, run) => commits.push(bytes, run),
    compact: () => turns.alone(() => file.rewrite()),
    copyTo: (target) => turns.shared(() => file.copyTo(target)),
    checkFile: () => {
      file.check();
    },
    fileBytes: () => file.bytes(),
    close: () => turns.alone(() => file.close()),
  };
}
