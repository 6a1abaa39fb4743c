/**
 * A data folder: its files, and whether this version may use it.
 *
 *   FORMAT      "wetink-storage 1 new" while the data file is being made, "wetink-storage 1" from then on
 *   rooms.mdb   everything but the bytes of blobs
 *   blobs       these, and uploads; see blob-folder.ts
 *   lock.N      see folder-lock.ts
 *
 * FORMAT is read before anything is changed. Once it no longer says "new", a missing or empty rooms.mdb is an error: a
 * relay that starts with no boards because a file was lost would look like a working one.
 */

import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../errors.ts';
import type { StorageLogger } from '../port.ts';
import { checkDataFile } from './data-file.ts';
import { trialPath } from './free-space.ts';
import { makeFolder } from './make-folder.ts';
import { compactedPath } from './open-file.ts';

/** Raise it when an older version could no longer read the folder, or would harm it. */
const FORMAT_VERSION = 1;

export function dataFile(folder: string): string {
  return join(folder, 'rooms.mdb');
}

/** Makes the folder if necessary, and refuses one that is not Wetink's. Changes nothing in an existing folder. */
export function checkFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) {
    throw new StoreError('NOT_WRITABLE', `${folder} is a file. Give the relay a folder for its data.`);
  }
  if (found === undefined) makeFolder(folder);
  readFormat(folder);
}

/** Called with the lock held: prepares the folder for LMDB. */
export function prepareFolder(folder: string, logger: StorageLogger | undefined): void {
  const path = dataFile(folder);
  if (readFormat(folder) === 'ready') {
    checkDataFile(path, logger);
  } else {
    writeFormat(folder, ' new');
    rmSync(path, { force: true }); // cut off while being made: nothing in it was ever acknowledged
  }
  rmSync(compactedPath(path), { force: true });
  rmSync(trialPath(path), { force: true });
  // LMDB's reader table: it can only list dead processes, as we hold the folder.
  rmSync(`${path}-lock`, { force: true });
}

/**
 * Makes a folder for a backup, or uses an empty one.
 * @throws {StoreError} `NOT_WRITABLE` when it is not empty: a backup never overwrites another.
 */
export function prepareBackupFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory()) throw new StoreError('NOT_WRITABLE', `${folder} is a file. Give the backup a folder.`);
  if (found === undefined) makeFolder(folder);
  if (readdirSync(folder).length > 0)
    throw new StoreError('NOT_WRITABLE', `${folder} is not empty. Give each backup a new folder; nothing was changed.`);
}

/** Called once the data file is whole. An unfinished copy has no FORMAT, so it does not pass for a backup. */
export function finishBackupFolder(folder: string): void {
  writeFormat(folder, '');
}

/** Called once LMDB has made and opened its file. */
export function finishFolder(folder: string): void {
  if (readFormat(folder) === 'new') writeFormat(folder, '');
}

function readFormat(folder: string): 'absent' | 'new' | 'ready' {
  const path = join(folder, 'FORMAT');
  const dataBytes = statSync(dataFile(folder), { throwIfNoEntry: false })?.size ?? 0;
  if (!existsSync(path)) {
    if (dataBytes === 0) return 'absent';
    throw new StoreError(
      'CORRUPT',
      `${folder} has a rooms.mdb but no FORMAT file, so it may not be Wetink's. Nothing was changed. Restore FORMAT from a backup, or use another folder.`,
    );
  }
  const [, digits, isNew] = /^wetink-storage ([1-9]\d{0,8})( new)?\s*$/.exec(readFileSync(path, 'utf8').slice(0, 100)) ?? [];
  if (digits === undefined) {
    throw new StoreError(
      'CORRUPT',
      `${path} does not say which version wrote this folder. Nothing was changed. Restore it from a backup, or use another folder.`,
    );
  }
  if (Number(digits) > FORMAT_VERSION) {
    throw new StoreError(
      'NEWER',
      `${folder} was written by a newer version (format ${digits}; this one reads up to ${FORMAT_VERSION}). Nothing was changed. Update the relay, or use another folder.`,
    );
  }
  if (isNew !== undefined) return 'new';
  if (dataBytes === 0) {
    throw new StoreError(
      'CORRUPT',
      `${dataFile(folder)} is missing or empty, but the folder was in use. Restore it from a backup; to start empty on purpose, delete ${path}.`,
    );
  }
  return 'ready';
}

/** Writes the file whole or not at all, even when the power fails. */
function writeFormat(folder: string, suffix: '' | ' new'): void {
  const path = join(folder, 'FORMAT');
  const draft = `${path}.draft`;
  const descriptor = openSync(draft, 'w', 0o600);
  try {
    writeSync(descriptor, `wetink-storage ${FORMAT_VERSION}${suffix}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, path);
  syncFolder(folder);
}

function syncFolder(folder: string): void {
  if (platform() === 'win32') return; // a folder cannot be opened there; renames are journaled
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
