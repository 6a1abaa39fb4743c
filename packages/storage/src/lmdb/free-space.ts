/**
 * Whether a file could grow, for an error that does not say. The file system's own answer is not enough: a quota of a user
 * or project, and a limit on the size of files, are met while it has space. So it is tried, beside the file.
 */

import { statfsSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** LMDB commits groups of up to 16 MiB; less room than that, and as much again for what else it writes, is none. */
const ENOUGH_BYTES = 32 * 1024 * 1024;
const PIECE = Buffer.alloc(1024 * 1024, 0xa5);

/** False when the file system has too little left. */
export function hasFreeSpace(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch {
    return true; // The folder itself is unreachable: surely not a question of space.
  }
}

/** Writes as much as a commit might behind a hole of the file's size, into a file that is deleted again. */
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

/** Left by a process that died in between. */
export function trialPath(path: string): string {
  return `${path}.growing`;
}
