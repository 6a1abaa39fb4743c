/**
 * Makes a folder and its parents, one at a time: on Linux, Node's own recursive `mkdir` never returns where the system
 * answers ENOENT although the parent exists, as it does below /proc.
 */

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * @param folder Absolute. An existing folder is left alone.
 * @throws Errors of the file system, unchanged; parents that were made stay.
 */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder, 0o700); // boards are private: owner only
  } catch (error) {
    if (!isFolder(folder)) throw error; // else another process was first
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // making it then gives the reason
  }
}
