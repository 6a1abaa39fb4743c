/**
 * Makes a folder and its parents, one at a time: on Linux, Node's own recursive `mkdir` never returns where the system
 * answers ENOENT although the parent exists, as it does below /proc.
 */

import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { platform } from 'node:os';
import { dirname } from 'node:path';

/**
 * @param folder Absolute. An existing folder is left alone.
 * @param flush Flushes a folder, whose new entry a power failure could else take, with all that was flushed below.
 * @throws Errors of the file system, unchanged; parents that were made stay.
 */
export function makeFolder(folder: string, flush: (folder: string) => void = flushFolder): void {
  if (isFolder(folder)) return;
  const above = dirname(folder);
  if (above !== folder) makeFolder(above, flush);
  try {
    mkdirSync(folder, 0o700); // boards are private: owner only
  } catch (error) {
    if (!isFolder(folder)) throw error; // else another process was first
  }
  flush(above);
}

function flushFolder(folder: string): void {
  if (platform() === 'win32') return; // a folder cannot be opened there; new entries are journaled
  let handle: number;
  try {
    handle = openSync(folder, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return; // may be written, not read
    throw error;
  }
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // making it then gives the reason
  }
}
