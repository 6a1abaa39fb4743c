/** Reads a whole data folder and reports what is intact: to trust a backup, and before a restore. */

import { StoreError } from '../errors.ts';
import { storageLimits } from '../limits.ts';
import type { StorageLogger } from '../port.ts';
import { openLmdbStore } from './store.ts';

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
}

/**
 * Opens a folder that no relay has open, loads every room and reads every record in it, checksums included.
 *
 * @throws {StoreError} As `openLmdbStore`: `LOCKED`, `NEWER`, and `CORRUPT` for a folder that is no data folder or an
 * unfinished backup.
 */
export async function verifyLmdbFolder(folder: string, logger?: StorageLogger): Promise<LmdbFolderReport> {
  const store = await openLmdbStore({ folder, ...(logger === undefined ? {} : { logger }) });
  const report: LmdbFolderReport = { rooms: 0, bytes: 0, quarantined: 0, damagedRooms: [], records: 0, damagedRecords: [] };
  try {
    const { records, damaged } = await store.checkRecords();
    Object.assign(report, { records, damagedRecords: damaged });
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
