/**
 * Makes a folder and those above it, one at a time. Node's own recursive mkdir asks for ever where a file system refuses
 * with "no such file", as /proc does: the relay would hang, without a word.
 */

import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Why a folder can't be made in `parent`, by the system's code. */
const reasons: Readonly<Record<string, (parent: string) => string>> = {
  EACCES: (parent) => `this user may not make folders in ${parent}`,
  EPERM: (parent) => `this user may not make folders in ${parent}`,
  EROFS: (parent) => `${parent} is read-only`,
  ENOENT: (parent) => `${parent} takes no folders`,
  ENOTDIR: (parent) => `${parent} is not a folder`,
  ENOSPC: (parent) => `no space is left on the disk of ${parent}`,
  ENAMETOOLONG: () => 'its name is too long',
};

/**
 * Folders that it makes are the owner's alone; one that is there is left as it is.
 * @throws {Error} With the reason, for the end of a sentence. Folders above that were made stay.
 */
export async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  let existing = resolve(folder);
  for (;;) {
    const kind = await kindOf(existing);
    if (kind === 'file') throw new Error(`${existing} is a file`);
    if (kind === 'folder') break;
    missing.unshift(existing);
    existing = dirname(existing);
  }
  for (const path of missing) {
    try {
      await mkdir(path, { mode: 0o700 });
    } catch (error) {
      // Another process may have been quicker.
      if (codeOf(error) === 'EEXIST') continue;
      throw new Error(reasonOf(error, dirname(path)), { cause: error });
    }
  }
}

async function kindOf(path: string): Promise<'folder' | 'file' | 'none'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    // Below a file there is nothing; the file is found on the way up.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return 'none';
    throw new Error(reasonOf(error, dirname(path)), { cause: error });
  }
}

function reasonOf(error: unknown, parent: string): string {
  return reasons[codeOf(error)]?.(parent) ?? (error instanceof Error ? error.message : String(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
