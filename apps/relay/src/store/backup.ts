/** `wetink-relay backup` copies a data folder, also while a relay uses it; `restore` puts a copy back. */

import { copyFile, cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { forgetChecks } from '@wetink/relay/access';
import { openLmdbStore, verifyLmdbFolder } from '@wetink/storage/lmdb';
import { askForBackup, type ControlAnswer } from './control.ts';
import { counted } from '../log/counted.ts';
import { makeFolder } from './folders.ts';
import { SECRET_FILE } from '../identity/kept-secret.ts';

/** Bytes of pictures and files; a folder in which none was ever put has none. */
const BLOB_FOLDER = 'blobs';
/** In the order in which restore moves them into place. FORMAT last: no relay opens a folder without it. */
const FILES = [SECRET_FILE, BLOB_FOLDER, 'rooms.mdb', 'FORMAT'] as const;
/** A backup may be without them. */
const OPTIONAL: readonly string[] = [SECRET_FILE, BLOB_FOLDER];
/** Folder for the unchecked copy. Within the data folder, so that a rename works when that is a mounted volume. */
const DRAFT = '.restoring';

/** @returns One line for the operator. @throws {Error} With one sentence for the operator; no relay opens what is left. */
export async function backup(dataFolder: string, toFolder: string): Promise<string> {
  const from = resolve(dataFolder);
  const to = resolve(toFolder);
  if (!(await isThere(join(from, 'FORMAT')))) throw new Error(`${from} is not a data folder of a relay: it has no FORMAT file.`);
  await makeFolder(to).catch((error: Error) => {
    throw new Error(`${to} cannot be made: ${error.message}. Choose another folder with --to.`, { cause: error });
  });
  const answer = await ask(from, to);
  if (answer.kind === 'failed') throw new Error(answer.error);
  if (answer.kind === 'nobody') {
    const store = await openLmdbStore({ folder: from });
    try {
      await store.backup(to);
    } finally {
      await store.close();
    }
  }
  // Without the secret, no link to a board would work after a restore.
  if (await isThere(join(from, SECRET_FILE))) await copyFile(join(from, SECRET_FILE), join(to, SECRET_FILE));
  return `Backed up ${from} to ${to}${answer.kind === 'done' ? ', while its relay kept running' : ''}.`;
}

/**
 * Copies a backup into an empty data folder, and reads every room, record and blob of the copy before it moves it into place.
 * @returns One line for the operator. @throws {Error} With one sentence for the operator; the data folder is unchanged.
 */
export async function restore(fromFolder: string, dataFolder: string): Promise<string> {
  const from = resolve(fromFolder);
  const data = resolve(dataFolder);
  if (!(await isThere(join(from, 'FORMAT'))))
    throw new Error(`${from} is not a backup: it has no FORMAT file. An interrupted backup has none.`);
  const before = await readdir(data).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (before.some((name) => name !== DRAFT))
    throw new Error(
      `${data} is not empty, and restore never overwrites. Stop its relay and move the folder away, or give --data another one.`,
    );
  const draft = join(data, DRAFT);
  await rm(draft, { recursive: true, force: true });
  await makeFolder(data).catch((error: Error) => {
    throw new Error(`data folder ${data} cannot be made: ${error.message}. Choose another with --data.`, { cause: error });
  });
  await mkdir(draft, { mode: 0o700 });
  try {
    const files: string[] = [];
    for (const name of FILES) if (!OPTIONAL.includes(name) || (await isThere(join(from, name)))) files.push(name);
    for (const name of files) await cp(join(from, name), join(draft, name), { recursive: true });
    const { rooms, quarantined, damagedRooms, damagedRecords, damagedBlobs } = await verifyLmdbFolder(draft);
    await beginMarksAnew(draft);
    for (const name of files) await rename(join(draft, name), join(data, name));
    return restoredSentences(from, data, {
      rooms,
      damagedRooms: damagedRooms.length,
      quarantined,
      damagedRecords: damagedRecords.length,
      damagedBlobs: damagedBlobs.length,
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The backup's marks of unused pictures are as old as the backup, and clients may need those pictures by now. */
async function beginMarksAnew(folder: string): Promise<void> {
  const store = await openLmdbStore({ folder });
  try {
    await forgetChecks(store.records);
  } finally {
    await store.close();
  }
}

export interface RestoredNumbers {
  /** With the damaged ones. */
  rooms: number;
  damagedRooms: number;
  quarantined: number;
  damagedRecords: number;
  damagedBlobs: number;
}

/** The report of a restore. */
export function restoredSentences(from: string, data: string, found: RestoredNumbers): string {
  const { rooms, damagedRooms, quarantined, damagedRecords, damagedBlobs } = found;
  const are = (count: number): string => (count === 1 ? 'is' : 'are');
  const them = (count: number): string => (count === 1 ? 'it' : 'them');
  const sentences = [`Restored ${counted(rooms - damagedRooms, 'room')} from ${from} to ${data}; every one was read.`];
  if (damagedRecords > 0)
    sentences.push(
      `${counted(damagedRecords, 'record')} of boards and people ${are(damagedRecords)} damaged, and no one can enter by ${them(damagedRecords)}: look for an older backup.`,
    );
  if (damagedRooms > 0)
    sentences.push(`${counted(damagedRooms, 'room')} cannot be read: look for an older backup of ${them(damagedRooms)}.`);
  if (damagedBlobs > 0)
    sentences.push(
      `${counted(damagedBlobs, 'picture or file', 'pictures or files')} ${are(damagedBlobs)} damaged or missing: look for an older backup of ${them(damagedBlobs)}.`,
    );
  if (quarantined > 0)
    sentences.push(
      `${counted(quarantined, 'change')} of rooms ${are(quarantined)} damaged or missing: look for an older backup of those rooms.`,
    );
  return sentences.join(' ');
}

async function ask(from: string, to: string): Promise<ControlAnswer> {
  try {
    return await askForBackup(from, to);
  } catch (error) {
    throw new Error(`the relay that uses ${from} cannot be reached: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
