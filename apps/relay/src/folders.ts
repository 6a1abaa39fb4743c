/** Makes a folder as the store does, and says in words why it could not. */

import { dirname, resolve } from 'node:path';

/** Why a folder can't be made at `path`, by the system's code. */
const reasons: Readonly<Record<string, (path: string) => string>> = {
  EACCES: (path) => `this user may not make folders in ${dirname(path)}`,
  EPERM: (path) => `this user may not make folders in ${dirname(path)}`,
  EROFS: (path) => `${dirname(path)} is read-only`,
  ENOENT: (path) => `${dirname(path)} takes no folders`,
  EEXIST: (path) => `${path} is a file`,
  ENOSPC: (path) => `no space is left on the disk of ${dirname(path)}`,
  ENAMETOOLONG: () => 'its name is too long',
};

/**
 * Folders that it makes are the owner's alone; one that is there is left as it is.
 * @throws {Error} With the reason, for the end of a sentence. Folders above that were made stay.
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
