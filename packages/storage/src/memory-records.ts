/** Records in memory, lost when the process ends. Several over one map behave as several processes over one store. */

import { Buffer } from 'node:buffer';
import { checkRecordQuery, checkRecordValue, checkRecordVersion, recordKeyBytes } from './check-record.ts';
import type { Records, StoredRecord } from './records.ts';

/** @param before Runs at the start of each call; throws to refuse it. @param turn Awaited before each answer. */
export function createMemoryRecords(recordsByKey: Map<string, StoredRecord>, before: () => void, turn: () => Promise<void>): Records {
  return {
    async get(key) {
      before();
      recordKeyBytes(key);
      const found = recordsByKey.get(key);
      const copy = found === undefined ? null : copyOf(found);
      await turn();
      return copy;
    },

    async put(key, value, ifVersion) {
      before();
      recordKeyBytes(key);
      checkRecordValue(value);
      checkRecordVersion(ifVersion, 0);
      const isMine = (recordsByKey.get(key)?.version ?? 0) === ifVersion;
      const version = ifVersion + 1;
      if (isMine) recordsByKey.set(key, { key, value: new Uint8Array(value), version });
      await turn();
      return isMine ? version : null;
    },

    async remove(key, ifVersion) {
      before();
      recordKeyBytes(key);
      checkRecordVersion(ifVersion, 1);
      const isMine = recordsByKey.get(key)?.version === ifVersion;
      if (isMine) recordsByKey.delete(key);
      await turn();
      return isMine;
    },

    async list(query) {
      before();
      const { prefix, after } = checkRecordQuery(query);
      const found = [...recordsByKey.values()]
        .map((record) => ({ record, key: Buffer.from(record.key) }))
        .filter(({ key }) => key.subarray(0, prefix.length).equals(prefix) && Buffer.compare(key, after) > 0)
        .sort((a, b) => Buffer.compare(a.key, b.key))
        .slice(0, query.limit)
        .map(({ record }) => copyOf(record));
      await turn();
      return found;
    },
  };
}

function copyOf({ key, value, version }: StoredRecord): StoredRecord {
  return { key, value: value.slice(), version };
}
