/**
 * Whether the open file is still the one under its path. A process keeps writing into a file that was deleted, moved or
 * replaced, and every commit succeeds, in a file that no restart will ever open.
 *
 * An open file's inode is not given to another file, so device and inode identify it. A look costs one `stat`.
 */

import { statSync } from 'node:fs';
import { StoreError } from '../errors.ts';

/** Time between two looks while commits go on: a `stat` for every commit would cost more, a longer time risks more data. */
const LOOK_EVERY_MS = 1_000;

export interface FilePresence {
  /** Looks now. @returns The error; null when the file is in its place. */
  look(): StoreError | null;
  /** Looks unless it did so within the last second. */
  lookWhenDue(): StoreError | null;
}

/**
 * @param path Path of a file that has just been opened.
 * @param nowMs A clock that never goes back.
 */
export function watchFile(path: string, nowMs: () => number): FilePresence {
  const opened = statSync(path, { bigint: true });
  let lookedAtMs = nowMs();

  const look = (): StoreError | null => {
    try {
      const found = statSync(path, { bigint: true, throwIfNoEntry: false });
      return found?.ino === opened.ino && found.dev === opened.dev ? null : goneError(path);
    } catch (cause) {
      return goneError(path, cause); // a restart could not reach it either
    } finally {
      lookedAtMs = nowMs();
    }
  };

  return {
    look,
    lookWhenDue: () => (nowMs() - lookedAtMs < LOOK_EVERY_MS ? null : look()),
  };
}

function goneError(path: string, cause?: unknown): StoreError {
  return new StoreError(
    'NOT_WRITABLE',
    `${path} was moved, deleted or replaced while the relay was running, so nothing more is saved: put it back or restore a backup, then restart the relay.`,
    { cause },
  );
}
