/**
 * Turns an error of LMDB or the operating system into a StoreError that says what to do.
 *
 * LMDB reports a write cut short by a full disk as EIO, the same as a dying disk, so for EIO the disk is tried for
 * space. The difference matters: a full disk recovers, but after a failed flush it is unknown which pages are on disk,
 * and trying again would report success for lost data (PostgreSQL's "fsyncgate", 2018).
 */

import { dirname } from 'node:path';
import { StoreError } from '../errors.ts';
import { canGrow, hasFreeSpace } from './free-space.ts';

const EIO = 5;
/** A file may not grow any further: a limit of the file system, or of the process (`ulimit -f`). */
const EFBIG = 27;
const ENOSPC = 28;
const EDQUOT = 122;
const FULL_NUMBERS = [EFBIG, ENOSPC, EDQUOT];
const FULL_CODES = ['EFBIG', 'ENOSPC', 'EDQUOT'];

/** @param path Path of the file that was written. */
export async function commitError(error: unknown, path: string): Promise<StoreError> {
  const cause = await commitCause(error);
  const folder = dirname(path);
  if (saysFull(cause) || (errorNumber(cause) === EIO && !(await canGrow(path)))) {
    return new StoreError(
      'FULL',
      `No space left for ${folder}. Free some space or grow the disk: writes then work again by themselves. Nothing that was saved is affected.`,
      { cause },
    );
  }
  return new StoreError(
    'NOT_WRITABLE',
    `Writing to ${folder} failed (${messageOf(cause)}). Writes stay refused until the relay is restarted; check the disk first. Everything acknowledged before is kept.`,
    { cause },
  );
}

/** @param path Path of a file of a blob. Unlike the data file's, its writes can go on after an error. */
export async function fileError(error: unknown, path: string): Promise<StoreError> {
  if (error instanceof StoreError) return error;
  const folder = dirname(path);
  if (saysFull(error) || (errorNumber(error) === EIO && !(await canGrow(path))))
    return new StoreError('FULL', `No space left for ${folder}. Free some space or grow the disk. Nothing that was saved is affected.`, {
      cause: error,
    });
  return new StoreError('NOT_WRITABLE', `Writing to ${folder} failed (${messageOf(error)}). Nothing that was saved is affected.`, {
    cause: error,
  });
}

export function openError(error: unknown, folder: string): StoreError {
  if (error instanceof StoreError) return error;
  const text = messageOf(error);
  if (saysFull(error) || (errorNumber(error) === EIO && !hasFreeSpace(folder))) {
    return new StoreError('FULL', `No space left for ${folder}. Free some space and start again. Nothing was changed.`, { cause: error });
  }
  if (/MDB_|not an LMDB|Invalid argument/.test(text)) {
    return new StoreError(
      'CORRUPT',
      `${folder} holds a data file that LMDB cannot read (${text}). Nothing was deleted. Restore the folder from a backup, or move it away to start empty.`,
      { cause: error },
    );
  }
  return new StoreError(
    'NOT_WRITABLE',
    `${folder} cannot be used (${text}). Give the relay a folder on a local disk that its user may write.`,
    { cause: error },
  );
}

/** LMDB's errors about its file become a StoreError; other errors are bugs and stay as they are. */
export function readError(error: unknown, folder: string): unknown {
  if (error instanceof StoreError || !/MDB_/.test(messageOf(error))) return error;
  return new StoreError(
    'CORRUPT',
    `The data file in ${folder} is damaged (${messageOf(error)}). Nothing was deleted. Restore the folder from a backup.`,
    { cause: error },
  );
}

/** lmdb rejects with "Commit failed" and keeps the reason in a promise of its own, which must be caught as well. */
async function commitCause(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  return Promise.resolve(error.commitError).then(
    () => error,
    (reason: unknown) => reason,
  );
}

function saysFull(error: unknown): boolean {
  return FULL_NUMBERS.includes(errorNumber(error)) || FULL_CODES.includes(codeOf(error));
}

function errorNumber(error: unknown): number {
  if (error instanceof Error && 'errno' in error && typeof error.errno === 'number') return Math.abs(error.errno);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : 0;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
