/** Makes a folder as the store does, and puts into words why it could not. */

import { dirname, resolve } from 'node:path';

/** Why a folder can't be made at `path`, by the system's code. */
const reasons: Readonly<Record<string, (path: string) => string>> = {
  EACCES: (path) => `this user may not make folders in ${dirname(path)}`,
  EPERM: (path) => `this user may not make folders in ${dirname(path)}`,
  EROFS: (path) => `${dirname(path)} is read-only`,
  ENOENT: (path) => `no folder can be made in ${dirname(path)}`,
  EEXIST: (path) => `${path} is a file`,
  ENOSPC: (path) => `no space is left on the disk of ${dirname(path)}`,
  ENAMETOOLONG: () => 'its name is too long',
};

/**
 * Makes the missing folders, for their owner alone; leaves existing ones as they are.
 * @throws {Error} With the reason, for the end of a sentence. Parent folders made so far stay.
 */
export async function makeFolder(folder: string): Promise<void> {
  const lmdb = await import('@wetink/storage/lmdb');
  try {
    lmdb.makeFolder(resolve(folder));
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  return reasons[code ?? '']?.(path ?? '') ?? error.message;
}
