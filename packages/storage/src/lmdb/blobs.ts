/**
 * Blobs by content: files beside the data file, and a record of each in it (blob-records.ts). A file waits in `moving`
 * while its record changes, so that after a crash the record decides what becomes of it:
 *
 *   put:      file into moving -> the old version into moving -> record -> file to its place -> the old version goes
 *   removal:  file into moving -> the record goes -> the file goes
 *
 * Puts and removals of one hash take turns, and so do the writes of one upload.
 */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Blobs, BlobVersion } from '../blobs.ts';
import type { Calls } from '../calls.ts';
import {
  checkBlob,
  checkBlobQuery,
  checkHash,
  checkRange,
  checkUpload,
  checkUploadPart,
  checkWholeRead,
  damagedBlob,
  sha256Hex,
} from '../check-input.ts';
import { StoreError } from '../errors.ts';
import type { BlobFile, BlobFolder } from './blob-folder.ts';
import {
  encodeFileRecord,
  keysOf,
  listRecords,
  readChunkRange,
  readRecord,
  recordKey,
  recordsOfVersion,
  VERSION_BYTES,
} from './blob-records.ts';
import { COMPACTION_OWED, type Compactor } from './compactor.ts';
import type { Environment } from './environment.ts';
import { Turns } from './turns.ts';

/** Removals that share their commits. */
const REMOVALS_AT_ONCE = 200;
/** Times that a read looks for a file which puts keep replacing. */
const MAX_ATTEMPTS = 5;

export interface LmdbBlobs extends Blobs {
  /** Called at the start: finishes what a dead process left. */
  settle(): Promise<void>;
  /** Copies all files, and the data file by `copyData`, into a backup's folder. */
  backUp(copyData: () => Promise<void>, toFolder: string): Promise<void>;
}

export interface LmdbBlobsOptions {
  environment: Environment;
  folder: BlobFolder;
  calls: Calls;
  /** Rewrites the data file after the removal of a blob whose bytes were in it. */
  compactor: Compactor;
}

export function createLmdbBlobs(options: LmdbBlobsOptions): LmdbBlobs {
  const { folder } = options;
  const { tracked, inTurn } = options.calls;
  const files = new BlobFiles(options);

  return {
    putBlob: (hash, bytes) =>
      tracked(async () => {
        checkBlob(hash, bytes);
        await inTurn(turnOf(hash), () => files.keep(hash, bytes.length, (file) => folder.draft(file, bytes)));
      }),

    getBlob: (hash) =>
      tracked(async () => {
        checkHash(hash);
        const size = await files.sizeOf(hash);
        if (size === null) return null;
        checkWholeRead(size);
        const bytes = await files.read(hash, 0, size);
        if (bytes !== null && sha256Hex(bytes) !== hash) throw damagedBlob(hash, 'the data folder');
        return bytes;
      }),

    sizeOfBlob: (hash) =>
      tracked(async () => {
        checkHash(hash);
        return files.sizeOf(hash);
      }),

    readBlob: (hash, start, end) =>
      tracked(async () => {
        checkRange(hash, start, end);
        return files.read(hash, start, end);
      }),

    listBlobs: (query) =>
      tracked(async () => {
        const { prefix, after } = checkBlobQuery(query);
        return listRecords(options.environment, prefix, after, query.limit);
      }),

    removeBlobs: (listed) =>
      tracked(async () => {
        for (const { hash } of listed) checkHash(hash);
        return files.removeAll(listed, (hash, run) => inTurn(turnOf(hash), run));
      }),

    ...uploadCalls(files, options),
    settle: () => files.settle(),
    backUp: (copyData, toFolder) => files.backUp(copyData, toFolder),
  };
}

type UploadCalls = Pick<Blobs, 'writeUpload' | 'uploadedBytes' | 'finishUpload' | 'dropUpload' | 'listUploads'>;

function uploadCalls(files: BlobFiles, { folder, calls: { tracked, inTurn } }: LmdbBlobsOptions): UploadCalls {
  return {
    writeUpload: (upload, offset, bytes) =>
      tracked(async () => {
        checkUploadPart(upload, offset, bytes);
        return inTurn(`upload ${upload}`, () => folder.append(upload, offset, bytes));
      }),

    uploadedBytes: (upload) =>
      tracked(async () => {
        checkUpload(upload);
        return folder.uploadedBytes(upload);
      }),

    finishUpload: (upload, hash) =>
      tracked(async () => {
        checkUpload(upload);
        checkHash(hash);
        return inTurn(`upload ${upload}`, async () => {
          const sum = await folder.sumOf(upload);
          if (sum?.hash !== hash) return false;
          await inTurn(turnOf(hash), () => files.keep(hash, sum.bytes, (file) => folder.draftUpload(upload, file)));
          return true;
        });
      }),

    dropUpload: (upload) =>
      tracked(async () => {
        checkUpload(upload);
        await inTurn(`upload ${upload}`, () => folder.drop(upload));
      }),

    listUploads: (query) =>
      tracked(async () => {
        const { after } = checkBlobQuery(query);
        return folder.uploads(after, query.limit);
      }),
  };
}

/** Files and their records, changed together. The caller gives each hash its turns. */
class BlobFiles {
  readonly #environment: Environment;
  readonly #folder: BlobFolder;
  readonly #compactor: Compactor;
  /** Changes of files, and a backup that lists them. */
  readonly #turns = new Turns();
  /** Files to remove once no backup needs them. */
  #kept: BlobFile[] = [];
  #backups = 0;

  constructor({ environment, folder, compactor }: LmdbBlobsOptions) {
    this.#environment = environment;
    this.#folder = folder;
    this.#compactor = compactor;
  }

  /** Puts a blob in place of the one that is there. */
  keep(hash: string, bytes: number, draft: (file: BlobFile) => Promise<void>): Promise<void> {
    return this.#turns.shared(async () => {
      const version = randomBytes(VERSION_BYTES);
      const file = { hash, version: version.toString('hex') };
      await draft(file);
      const [before, keys] = await this.#environment.read(async (tables) => [readRecord(tables, hash), keysOf(tables, hash)] as const);
      const old = before?.file ?? null;
      if (old !== null) await this.#folder.take(old);
      try {
        await this.#environment.write(100 * (keys.length + 1), ({ put, remove }) => {
          for (const key of keys) remove('blobs', key);
          if (old === null && keys.length > 0) put('marks', COMPACTION_OWED, Buffer.alloc(0));
          put('blobs', recordKey(hash), encodeFileRecord(bytes, version));
        });
      } catch (error) {
        // Else it is unknown whether the record was written: the next start decides.
        if (error instanceof StoreError && error.code === 'FULL') {
          await this.#folder.discard(file);
          if (old !== null) await this.#folder.place(old);
        }
        throw error;
      }
      await this.#folder.place(file);
      if (old !== null) await this.#discard(old);
    });
  }

  async sizeOf(hash: string): Promise<number | null> {
    return this.#environment.read(async (tables) => readRecord(tables, hash)?.bytes ?? null);
  }

  /** @throws {StoreError} `CORRUPT`. */
  async read(hash: string, start: number, end: number): Promise<Uint8Array | null> {
    for (let attempt = 1; ; attempt++) {
      const record = await this.#environment.read(async (tables) => readRecord(tables, hash));
      if (record === null) return null;
      const last = Math.min(end, record.bytes);
      if (start >= last) return new Uint8Array(0);
      if (record.file === null) return readChunkRange(this.#environment, hash, start, last);
      const bytes = await this.#folder.read(record.file, start, last);
      if (bytes?.length === last - start) return bytes;
      // A file that is gone was replaced meanwhile, or is lost.
      const now = await this.#environment.read(async (tables) => readRecord(tables, hash));
      if (bytes !== null || now?.version === record.version || attempt === MAX_ATTEMPTS) throw damagedBlob(hash, 'the data folder');
    }
  }

  /** @returns Hashes of which something was removed. */
  async removeAll(
    listed: readonly BlobVersion[],
    inTurn: (hash: string, run: () => Promise<boolean>) => Promise<boolean>,
  ): Promise<string[]> {
    const removed: string[] = [];
    for (let at = 0; at < listed.length; at += REMOVALS_AT_ONCE) {
      const some = listed.slice(at, at + REMOVALS_AT_ONCE);
      const are = await Promise.all(some.map((blob) => inTurn(blob.hash, () => this.#turns.shared(() => this.#remove(blob)))));
      removed.push(...some.filter((_, i) => are[i] === true).map(({ hash }) => hash));
    }
    if (removed.length === 0) return removed;
    const isOwed = await this.#environment.read(async ({ marks }) => marks.get(COMPACTION_OWED) !== undefined);
    if (isOwed) await this.#compactor.afterErase();
    return removed;
  }

  async settle(): Promise<void> {
    for (const file of await this.#folder.moving()) {
      const record = await this.#environment.read(async (tables) => readRecord(tables, file.hash));
      if (record?.file?.version === file.version) await this.#folder.place(file);
      else await this.#folder.discard(file);
    }
  }

  async backUp(copyData: () => Promise<void>, toFolder: string): Promise<void> {
    this.#backups += 1;
    try {
      await copyData();
      // Files removed since the copy of the data file began are still in `moving`. In the copy all are there: opening it
      // places those that its records name, and removes the others.
      const files = await this.#turns.alone(() => this.#folder.all());
      for (const file of files) await this.#folder.copyTo(join(toFolder, 'blobs'), file);
    } finally {
      this.#backups -= 1;
      // In a turn, so that another backup lists either all of these files or none.
      await this.#turns.shared(async () => {
        if (this.#backups === 0) for (const file of this.#kept.splice(0)) await this.#folder.discard(file);
      });
    }
  }

  /** @returns Whether something was removed. */
  async #remove({ hash, version }: BlobVersion): Promise<boolean> {
    const found = await this.#environment.read(async (tables) => recordsOfVersion(tables, hash, version));
    if (found === null) return false;
    const { keys, file } = found;
    if (file !== null) await this.#folder.take(file);
    // One commit: the blob is whole or gone.
    await this.#environment.write(keys.length * 100, ({ remove, put }) => {
      for (const own of keys) remove('blobs', own);
      if (file === null) put('marks', COMPACTION_OWED, Buffer.alloc(0));
    });
    if (file !== null) await this.#discard(file);
    return true;
  }

  async #discard(file: BlobFile): Promise<void> {
    if (this.#backups > 0) this.#kept.push(file);
    else await this.#folder.discard(file);
  }
}

/** Key of a blob's turn among the turns of rooms. A room with this name would only have to wait. */
function turnOf(hash: string): string {
  return `blob ${hash}`;
}
