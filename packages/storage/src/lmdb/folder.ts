/**
 * A data folder: what is in it and whether this version may touch it.
 *
 *   FORMAT      "wetink-storage 1", written before anything else; read before anything is changed
 *   rooms.mdb   everything
 *   lock.N      see folder-lock.ts
 */

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../errors.ts';
import { compactedPath } from './environment.ts';

/** Raise it when an older version could not read the folder any more, or would do harm. */
const FORMAT_VERSION = 1;

export function dataFile(folder: string): string {
  return join(folder, 'rooms.mdb');
}

/** Makes the folder if need be and refuses one that is not ours. Changes nothing in an existing folder. */
export function checkFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) {
    throw new StoreError('NOT_WRITABLE', `${folder} is a file. Give the relay a folder for its data.`);
  }
  if (found === undefined) mkdirSync(folder, { recursive: true, mode: 0o700 }); // boards are private: owner only
  checkFormat(folder);
}

/** With the lock held: makes the folder ready for LMDB to open. */
export function prepareFolder(folder: string): void {
  checkFormat(folder);
  const path = join(folder, 'FORMAT');
  if (!existsSync(path)) {
    const draft = `${path}.new`;
    const descriptor = openSync(draft, 'w', 0o600);
    try {
      writeSync(descriptor, `wetink-storage ${FORMAT_VERSION}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, path);
  }
  rmSync(compactedPath(dataFile(folder)), { force: true });
  // LMDB's reader table: only processes that are gone can be in it, as we hold the folder.
  rmSync(`${dataFile(folder)}-lock`, { force: true });
}

function checkFormat(folder: string): void {
  const path = join(folder, 'FORMAT');
  if (!existsSync(path)) {
    if (!existsSync(dataFile(folder))) return;
    throw new StoreError('CORRUPT', `${folder} has a rooms.mdb but no FORMAT file, so it may not be Wetink's. Nothing was changed. Restore FORMAT from a backup, or use another folder.`);
  }
  const text = readFileSync(path, 'utf8').slice(0, 100);
  const version = Number(/^wetink-storage (\d+)\s*$/.exec(text)?.[1] ?? Number.NaN);
  if (Number.isNaN(version) || version < 1) {
    throw new StoreError('CORRUPT', `${path} does not say which version wrote this folder. Nothing was changed. Restore it from a backup, or use another folder.`);
  }
  if (version > FORMAT_VERSION) {
    throw new StoreError('NEWER', `${folder} was written by a newer version (format ${version}; this one reads up to ${FORMAT_VERSION}). Nothing was changed. Update the relay, or use another folder.`);
  }
}
