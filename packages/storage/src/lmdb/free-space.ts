/**
 * Whether a file could grow, for an error that does not say. The file system's own answer is not enough: a quota, or a
 * limit on the size of files, is reached while it has space. So this tries, beside the file.
 */

import { statfsSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** LMDB commits groups of up to 16 MiB and writes other pages as well; less than twice that counts as no space. */
const ENOUGH_BYTES = 32 * 1024 * 1024;
const PIECE = Buffer.alloc(1024 * 1024, 0xa5);

/** False when the file system has too little left. */
export function hasFreeSpace(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch {
    return true; // the folder is out of reach: not a lack of space
  }
}

/** Writes as much as a commit might, after a hole of the file's size, into a file that is then deleted. */
export async function canGrow(path: string): Promise<boolean> {
  if (!hasFreeSpace(dirname(path))) return false;
  const trial = trialPath(path);
  try {
    const end = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const file = await open(trial, 'w', 0o600);
    try {
      for (let at = 0; at < ENOUGH_BYTES; at += PIECE.length) {
        const { bytesWritten } = await file.write(PIECE, 0, PIECE.length, end + at);
        if (bytesWritten < PIECE.length) return false;
      }
      return true;
    } finally {
      await file.close();
    }
  } catch (error) {
    return !(error instanceof Error && 'code' in error && ['EFBIG', 'ENOSPC', 'EDQUOT'].includes(String(error.code)));
  } finally {
    await rm(trial, { force: true }).catch(() => undefined); // on a dying disk; the next start deletes it
  }
}

/** Path of the trial file, left by a process that died in between. */
export function trialPath(path: string): string {
  return `${path}.growing`;
}
