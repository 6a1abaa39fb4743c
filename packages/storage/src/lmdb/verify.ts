/** Reads a whole data folder and reports what is intact: to trust a backup, and before a restore. */

import { createHash } from 'node:crypto';
import type { BlobListing, Blobs } from '../blobs.ts';
import { StoreError } from '../errors.ts';
import { storageLimits } from '../limits.ts';
import type { StorageLogger } from '../port.ts';
import { openLmdbStore } from './store.ts';

const PIECE_BYTES = 1024 * 1024;

export interface LmdbFolderReport {
  rooms: number;
  /** Bytes of checkpoints and rows. */
  bytes: number;
  /** Broken or missing rows in rooms that still load. */
  quarantined: number;
  /** Rooms that cannot be loaded. */
  damagedRooms: string[];
  records: number;
  /** Keys of records that cannot be read. */
  damagedRecords: string[];
  blobs: number;
  /** Hashes of blobs whose bytes are missing or others. */
  damagedBlobs: string[];
}

/**
 * Opens a folder that no relay has open, loads every room and reads every record and blob in it, checksums included.
 *
 * @throws {StoreError} As `openLmdbStore`: `LOCKED`, `NEWER`, and `CORRUPT` for a folder that is no data folder or an
 * unfinished backup.
 */
export async function verifyLmdbFolder(folder: string, logger?: StorageLogger): Promise<LmdbFolderReport> {
  const store = await openLmdbStore({ folder, ...(logger === undefined ? {} : { logger }) });
  const report: LmdbFolderReport = {
    rooms: 0,
    bytes: 0,
    quarantined: 0,
    damagedRooms: [],
    records: 0,
    damagedRecords: [],
    blobs: 0,
    damagedBlobs: [],
  };
  try {
    const { records, damaged } = await store.checkRecords();
    Object.assign(report, { records, damagedRecords: damaged });
    for await (const { hash, bytes } of wholeBlobs(store)) {
      report.blobs += 1;
      if ((await hashOfBlob(store, hash, bytes)) !== hash) report.damagedBlobs.push(hash);
    }
    for (let after = ''; ;) {
      const page = await store.list({ after, limit: storageLimits.maxListLimit });
      for (const { room } of page) {
        report.rooms += 1;
        try {
          const { bytes, quarantined } = await store.load(room);
          report.bytes += bytes;
          report.quarantined += quarantined;
        } catch (error) {
          if (!(error instanceof StoreError) || error.code !== 'CORRUPT') throw error;
          report.damagedRooms.push(room);
        }
      }
      const last = page.at(-1);
      if (last === undefined) return report;
      after = last.room;
    }
  } finally {
    await store.close();
  }
}

async function* wholeBlobs(store: Pick<Blobs, 'listBlobs'>): AsyncGenerator<BlobListing> {
  for (let after = ''; ;) {
    const page = await store.listBlobs({ ...(after === '' ? {} : { after }), limit: storageLimits.maxListLimit });
    yield* page.filter(({ isWhole }) => isWhole);
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.hash;
  }
}

/** @returns SHA-256 in hex; null when bytes are missing. */
async function hashOfBlob(store: Pick<Blobs, 'readBlob'>, hash: string, bytes: number): Promise<string | null> {
  const sum = createHash('sha256');
  try {
    for (let at = 0; at < bytes; at += PIECE_BYTES) sum.update((await store.readBlob(hash, at, at + PIECE_BYTES)) ?? new Uint8Array(0));
  } catch (error) {
    if (error instanceof StoreError && error.code === 'CORRUPT') return null;
    throw error;
  }
  return sum.digest('hex');
}
