/**
 * The files of blobs and uploads, beside the data file:
 *
 *   blobs/ab/HASH.VERSION       a blob, named by its record in the data file
 *   blobs/moving/HASH.VERSION   on its way in or out: the record decides which, also after a crash
 *   blobs/uploads/UPLOAD        bytes of an upload, as they came
 *
 * This module moves files and knows no records; blobs.ts has the order in which both change.
 */

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname, join } from 'node:path';
import type { UploadListing } from '../blobs.ts';
import { damagedBlob } from '../check-input.ts';
import { makeFolder } from './make-folder.ts';
import { createUploadPages } from './upload-pages.ts';
import { fileError } from './write-errors.ts';

export interface BlobFile {
  hash: string;
  /** Hex digits. */
  version: string;
}

export interface BlobFolder {
  /** Writes a file to `moving`, flushed with its name. */
  draft(file: BlobFile, bytes: Uint8Array): Promise<void>;
  /** As `draft`, with the bytes of an upload, which stays. */
  draftUpload(upload: string, file: BlobFile): Promise<void>;
  /** From `moving` to where it stays. */
  place(file: BlobFile): Promise<void>;
  /** Back to `moving`, if it is there. */
  take(file: BlobFile): Promise<void>;
  /** Removes it from `moving`. */
  discard(file: BlobFile): Promise<void>;
  /** Files in `moving`. */
  moving(): Promise<BlobFile[]>;
  /** All files, with those in `moving`. The caller keeps `place` and `take` away. */
  all(): Promise<BlobFile[]>;
  /** @returns Fewer bytes than asked for when the file ends before; null when there is no such file. */
  read(file: BlobFile, start: number, end: number): Promise<Uint8Array | null>;
  /** Copies a file into the `moving` of another folder, flushed with its name. @throws {StoreError} `CORRUPT` when it is gone. */
  copyTo(folder: string, file: BlobFile): Promise<void>;
  /** Appends and flushes, if the upload has exactly `offset` bytes. @returns Its bytes then, or now. */
  append(upload: string, offset: number, bytes: Uint8Array): Promise<{ isWritten: boolean; offset: number }>;
  /** SHA-256 in hex and size; null when there is no such upload. */
  sumOf(upload: string): Promise<{ hash: string; bytes: number } | null>;
  uploadedBytes(upload: string): Promise<number | null>;
  drop(upload: string): Promise<void>;
  uploads(after: string, limit: number): Promise<UploadListing[]>;
}

const FILE_NAME = /^([0-9a-f]{64})\.([0-9a-f]{18})$/;
const READ_BYTES = 1024 * 1024;
const FILE_MODE = 0o600; // boards are private: owner only

/** @param root Made with the first file. */
export function openBlobFolder(root: string): BlobFolder {
  const moving = join(root, 'moving');
  const movingPath = ({ hash, version }: BlobFile): string => join(moving, `${hash}.${version}`);
  const placePath = ({ hash, version }: BlobFile): string => join(root, hash.slice(0, 2), `${hash}.${version}`);
  const uploadPath = (upload: string): string => join(root, 'uploads', upload);

  /** Runs a change of a file; its errors become StoreErrors. */
  const changing = async <T>(path: string, run: () => Promise<T>): Promise<T> => {
    try {
      makeFolder(dirname(path));
      return await run();
    } catch (error) {
      throw await fileError(error, path);
    }
  };
  const draft = (file: BlobFile, write: (path: string) => Promise<void>): Promise<void> =>
    changing(movingPath(file), async () => {
      try {
        await write(movingPath(file));
        await syncFolder(moving);
      } catch (error) {
        await rm(movingPath(file), { force: true });
        throw error;
      }
    });

  return {
    draft: (file, bytes) => draft(file, (path) => writeFlushed(path, 'wx', bytes)),
    draftUpload: (upload, file) => draft(file, (path) => linkOrCopy(uploadPath(upload), path)),
    place: (file) =>
      changing(placePath(file), async () => {
        await rename(movingPath(file), placePath(file));
        await syncFolder(dirname(placePath(file)));
      }),
    take: (file) => changing(movingPath(file), () => unlessMissing(rename(placePath(file), movingPath(file)))),
    discard: (file) => changing(movingPath(file), () => rm(movingPath(file), { force: true })),
    moving: async () => filesIn(await namesIn(moving)),
    async all() {
      const files = filesIn(await namesIn(moving));
      for (const folder of await namesIn(root)) if (/^[0-9a-f]{2}$/.test(folder)) files.push(...filesIn(await namesIn(join(root, folder))));
      return files;
    },
    read: async (file, start, end) => (await readFrom(placePath(file), start, end)) ?? readFrom(movingPath(file), start, end),
    async copyTo(folder, { hash, version }) {
      const target = join(folder, 'moving', `${hash}.${version}`);
      const [placed, moved] = [placePath({ hash, version }), movingPath({ hash, version })];
      const isCopied = await changing(target, async () => {
        // A file that is taken meanwhile is in `moving` next, and one that is put back is in its place again.
        for (const path of [placed, moved, placed])
          if (await copyFlushed(path, target)) {
            await syncFolder(dirname(target));
            return true;
          }
        return false;
      });
      if (!isCopied) throw damagedBlob(hash, 'the data folder');
    },
    append: (upload, offset, bytes) => changing(uploadPath(upload), () => appendTo(uploadPath(upload), offset, bytes)),
    sumOf: (upload) => sumOf(uploadPath(upload)),
    uploadedBytes: async (upload) => (await found(stat(uploadPath(upload))))?.size ?? null,
    drop: (upload) => changing(uploadPath(upload), () => rm(uploadPath(upload), { force: true })),
    uploads: createUploadPages({
      names: () => namesIn(join(root, 'uploads')),
      async factsOf(upload) {
        const facts = await found(stat(uploadPath(upload)));
        return facts === null ? null : { upload, bytes: facts.size, updatedAt: Math.round(facts.mtimeMs) };
      },
    }),
  };
}

async function appendTo(path: string, offset: number, bytes: Uint8Array): Promise<{ isWritten: boolean; offset: number }> {
  const isNew = (await found(stat(path))) === null;
  if (isNew && offset > 0) return { isWritten: false, offset: 0 };
  const file = await open(path, 'a', FILE_MODE);
  try {
    const { size, nlink } = await file.stat();
    // A second name is that of the blob which the upload has become: its bytes never change.
    if (size !== offset || (nlink > 1 && bytes.length > 0)) return { isWritten: false, offset: size };
    try {
      await file.appendFile(bytes);
      await file.datasync();
    } catch (error) {
      await file.truncate(size); // a full disk takes a part of the bytes
      throw error;
    }
    if (isNew) await syncFolder(dirname(path));
    return { isWritten: true, offset: size + bytes.length };
  } finally {
    await file.close();
  }
}

async function sumOf(path: string): Promise<{ hash: string; bytes: number } | null> {
  const file = await found(open(path, 'r'));
  if (file === null) return null;
  try {
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafe(READ_BYTES);
    for (let bytes = 0; ;) {
      const { bytesRead } = await file.read(piece, 0, READ_BYTES, bytes);
      if (bytesRead === 0) return { hash: hash.digest('hex'), bytes };
      hash.update(piece.subarray(0, bytesRead));
      bytes += bytesRead;
    }
  } finally {
    await file.close();
  }
}

async function readFrom(path: string, start: number, end: number): Promise<Uint8Array | null> {
  const file = await found(open(path, 'r'));
  if (file === null) return null;
  try {
    const bytes = new Uint8Array(end - start);
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await file.read(bytes, read, bytes.length - read, start + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  } finally {
    await file.close();
  }
}

async function writeFlushed(path: string, flags: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, flags, FILE_MODE);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A second name for the same bytes; a copy where the file system has no such names. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error))) throw error;
    await copyFlushed(from, to);
  }
}

/** @returns False when there is no file to copy. */
async function copyFlushed(from: string, to: string): Promise<boolean> {
  if ((await found(copyFile(from, to, constants.COPYFILE_FICLONE).then(() => true))) === null) return false;
  const file = await open(to, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  return true;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await found(readdir(folder))) ?? [];
}

function filesIn(names: readonly string[]): BlobFile[] {
  return names.flatMap((name) => {
    const [, hash, version] = FILE_NAME.exec(name) ?? [];
    return hash === undefined || version === undefined ? [] : [{ hash, version }];
  });
}

/** Null in place of "no such file". */
async function found<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function unlessMissing(work: Promise<void>): Promise<void> {
  await found(work);
}

async function syncFolder(folder: string): Promise<void> {
  if (platform() === 'win32') return; // a folder cannot be opened there; renames are journaled
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
