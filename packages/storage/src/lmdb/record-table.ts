/**
 * Records on LMDB. A put decides on the committed data and the earlier writes of its group, in the single turn that
 * every write takes, so of two writers that read the same version one finds it changed. The value under a key:
 *
 *   sealed (records.ts) u48 version | the bytes
 */

import { checkRecordQuery, checkRecordValue, checkRecordVersion, recordKeyBytes } from '../check-record.ts';
import { StoreError } from '../errors.ts';
import type { StorageLogger } from '../port.ts';
import type { Records, StoredRecord } from '../records.ts';
import type { Environment } from './environment.ts';
import { rangeBehind } from './keys.ts';
import { open, seal, unsealed } from './records.ts';

const VERSION_BYTES = 6;

/** @param tracked Runs a call that `close` waits for. */
export function createLmdbRecords(
  environment: Environment,
  tracked: <T>(run: () => Promise<T>) => Promise<T>,
  logger: StorageLogger | undefined,
): Records {
  return {
    get: (key) =>
      tracked(async () => {
        const keyBytes = recordKeyBytes(key);
        return environment.read(async ({ records }) => decode(keyBytes, records.get(keyBytes)));
      }),

    put: (key, value, ifVersion) =>
      tracked(async () => {
        const keyBytes = recordKeyBytes(key);
        checkRecordValue(value);
        checkRecordVersion(ifVersion, 0);
        const version = ifVersion + 1;
        const sealed = encode(keyBytes, value, version);
        return environment.write(keyBytes.length + sealed.length, ({ record, setRecord }) => {
          if ((decode(keyBytes, record(keyBytes))?.version ?? 0) !== ifVersion) return null;
          setRecord(keyBytes, sealed);
          return version;
        });
      }),

    remove: (key, ifVersion) =>
      tracked(async () => {
        const keyBytes = recordKeyBytes(key);
        checkRecordVersion(ifVersion, 1);
        return environment.write(keyBytes.length, ({ record, setRecord }) => {
          if (decode(keyBytes, record(keyBytes))?.version !== ifVersion) return false;
          setRecord(keyBytes, null);
          return true;
        });
      }),

    list: (query) =>
      tracked(async () => {
        const { prefix, after } = checkRecordQuery(query);
        const range = rangeBehind(prefix, after);
        if (range === null) return [];
        return environment.read(async ({ records }) => {
          const found: StoredRecord[] = [];
          for (const { key, value } of records.getRange(range)) {
            const record = decodeIfIntact(Buffer.from(key), value);
            if (record === null)
              logger?.error({ key: Buffer.from(key).toString('utf8') }, 'record is damaged and was left out of the list');
            else found.push(record);
            if (found.length === query.limit) break;
          }
          return found;
        });
      }),
  };
}

/** @returns The number of records, and the keys of damaged ones. */
export function checkRecords(environment: Environment): Promise<{ records: number; damaged: string[] }> {
  return environment.read(async (tables) => {
    const found = { records: 0, damaged: [] as string[] };
    for (const { key, value } of tables.records.getRange({})) {
      found.records += 1;
      if (decodeIfIntact(Buffer.from(key), value) === null) found.damaged.push(Buffer.from(key).toString('utf8'));
    }
    return found;
  });
}

function encode(key: Buffer, value: Uint8Array, version: number): Buffer {
  const body = Buffer.allocUnsafe(VERSION_BYTES + value.length);
  body.writeUIntBE(version, 0, VERSION_BYTES);
  body.set(value, VERSION_BYTES);
  return seal(unsealed(body), key);
}

/** @throws {StoreError} `CORRUPT`: a damaged record is never read as a yes or a no. */
function decode(key: Buffer, sealed: Buffer | undefined): StoredRecord | null {
  if (sealed === undefined) return null;
  const record = decodeIfIntact(key, sealed);
  if (record === null)
    throw new StoreError(
      'CORRUPT',
      `The record "${key.toString('utf8')}" is damaged. Restore the data folder from a backup; other records are not affected. Nothing was deleted.`,
    );
  return record;
}

function decodeIfIntact(key: Buffer, sealed: Buffer): StoredRecord | null {
  const body = open(sealed, key);
  if (body === null || body.length < VERSION_BYTES) return null;
  const version = Buffer.from(body.buffer, body.byteOffset, body.byteLength).readUIntBE(0, VERSION_BYTES);
  return { key: key.toString('utf8'), value: new Uint8Array(body.subarray(VERSION_BYTES)), version };
}
