/**
 * Records on MongoDB: one document each, changed only where the version is the one that was read. Every write has a
 * mark of its own. A write that is sent again because its answer was lost finds its own mark, so its caller does not
 * get "another writer was first".
 */

import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Binary } from 'mongodb';
import { checkRecordQuery, checkRecordValue, checkRecordVersion, recordKeyBytes } from '../check-record.ts';
import { StoreError } from '../errors.ts';
import type { StorageLogger } from '../port.ts';
import type { Records, StoredRecord } from '../records.ts';
import { isDuplicate, type Database, type RecordDocument } from './database.ts';
import { checksumOf } from './documents.ts';

/** @param tracked Runs a call that `close` waits for, and turns its errors into StoreErrors. */
export function createMongoRecords(
  { records }: Pick<Database, 'records'>,
  tracked: <T>(run: () => Promise<T>) => Promise<T>,
  logger: StorageLogger | undefined,
): Records {
  /** @returns False when there is a record already. */
  const insert = async (document: RecordDocument): Promise<boolean> => {
    try {
      await records.insertOne(document);
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  };
  const replace = async (document: RecordDocument, ifVersion: number): Promise<boolean> => {
    const { matchedCount } = await records.replaceOne({ _id: document._id, version: ifVersion }, document);
    return matchedCount === 1;
  };

  return {
    get: (key) =>
      tracked(async () => {
        recordKeyBytes(key);
        const found = await records.findOne({ _id: key });
        return found === null ? null : toRecord(found);
      }),

    put: (key, value, ifVersion) =>
      tracked(async () => {
        recordKeyBytes(key);
        checkRecordValue(value);
        checkRecordVersion(ifVersion, 0);
        const document = toDocument(key, new Uint8Array(value), ifVersion + 1);
        const isWritten = ifVersion === 0 ? await insert(document) : await replace(document, ifVersion);
        if (isWritten) return document.version;
        const present = await records.findOne({ _id: key });
        if (present === null) return null;
        toRecord(present); // else its writer would try a damaged one again for ever
        return present.write === document.write ? document.version : null;
      }),

    remove: (key, ifVersion) =>
      tracked(async () => {
        recordKeyBytes(key);
        checkRecordVersion(ifVersion, 1);
        const { deletedCount } = await records.deleteOne({ _id: key, version: ifVersion });
        return deletedCount === 1;
      }),

    list: (query) =>
      tracked(async () => {
        checkRecordQuery(query);
        const { prefix, limit } = query;
        const end = behindText(prefix);
        const found: StoredRecord[] = [];
        for (let behind = query.after ?? ''; ;) {
          const wanted = limit - found.length;
          const isBehindLater = Buffer.compare(Buffer.from(behind), Buffer.from(prefix)) >= 0;
          const start = isBehindLater ? { $gt: behind } : { $gte: prefix };
          // By UTF-8 bytes, as MongoDB compares text without a collation.
          const filter = { _id: { ...start, ...(end === null ? {} : { $lt: end }) } };
          const page = await records.find(filter, { sort: { _id: 1 }, limit: wanted }).toArray();
          for (const document of page) {
            const record = toRecordIfIntact(document);
            if (record === null) logger?.error({ key: document._id }, 'record is damaged and was left out of the list');
            else found.push(record);
          }
          const last = page.at(-1);
          if (last === undefined || page.length < wanted || found.length === limit) return found;
          // The page goes on after damaged records.
          behind = last._id;
        }
      }),
  };
}

/** The first text after all that begin with `prefix`, by UTF-8 bytes; null when there is none. */
export function behindText(prefix: string): string | null {
  const points = [...prefix];
  for (let i = points.length - 1; i >= 0; i--) {
    const next = (points[i]?.codePointAt(0) ?? 0) + 1;
    if (next > 0x10ffff) continue;
    // Halves of surrogate pairs have no UTF-8 form.
    return points.slice(0, i).join('') + String.fromCodePoint(next === 0xd800 ? 0xe000 : next);
  }
  return null;
}

function toDocument(key: string, value: Uint8Array, version: number): RecordDocument {
  return { _id: key, version, value: new Binary(value), write: randomBytes(9).toString('base64url'), crc: checksum(key, value, version) };
}

/** @throws {StoreError} `CORRUPT`: a damaged record is never read as a yes or a no. */
function toRecord(document: RecordDocument): StoredRecord {
  const record = toRecordIfIntact(document);
  if (record === null)
    throw new StoreError(
      'CORRUPT',
      `The record "${document._id}" in the collection records is damaged. Restore it from a backup; other records are not affected. Nothing was deleted.`,
    );
  return record;
}

function toRecordIfIntact({ _id, version, value, crc }: RecordDocument): StoredRecord | null {
  if (!(value instanceof Binary) || !Number.isSafeInteger(version)) return null;
  const bytes = new Uint8Array(value.value());
  return checksum(_id, bytes, version) === crc ? { key: _id, value: bytes, version } : null;
}

function checksum(key: string, value: Uint8Array, version: number): number {
  return checksumOf(value, crc32(JSON.stringify([key, version])));
}
