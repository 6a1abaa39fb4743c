/** Records in memory, lost when the process ends. Several over one map behave as several processes over one store. */

import { Buffer } from 'node:buffer';
import { checkRecordQuery, checkRecordValue, checkRecordVersion, recordKeyBytes } from './check-record.ts';
import type { MemoryCall } from './memory-call.ts';
import type { Records, StoredRecord } from './records.ts';

export function createMemoryRecords(recordsByKey: Map<string, StoredRecord>, call: MemoryCall): Records {
  return {
    get: (key) =>
      call(() => {
        recordKeyBytes(key);
        const found = recordsByKey.get(key);
        return found === undefined ? null : copyOf(found);
      }),

    put: (key, value, ifVersion) =>
      call(() => {
        recordKeyBytes(key);
        checkRecordValue(value);
        checkRecordVersion(ifVersion, 0);
        if ((recordsByKey.get(key)?.version ?? 0) !== ifVersion) return null;
        const version = ifVersion + 1;
        recordsByKey.set(key, { key, value: new Uint8Array(value), version });
        return version;
      }),

    remove: (key, ifVersion) =>
      call(() => {
        recordKeyBytes(key);
        checkRecordVersion(ifVersion, 1);
        return recordsByKey.get(key)?.version === ifVersion && recordsByKey.delete(key);
      }),

    list: (query) =>
      call(() => {
        const { after } = checkRecordQuery(query);
        return [...recordsByKey.values()]
          .filter(({ key }) => key.startsWith(query.prefix))
          .map((record) => ({ record, key: Buffer.from(record.key) }))
          .filter(({ key }) => Buffer.compare(key, after) > 0)
          .sort((a, b) => Buffer.compare(a.key, b.key))
          .slice(0, query.limit)
          .map(({ record }) => copyOf(record));
      }),
  };
}

function copyOf({ key, value, version }: StoredRecord): StoredRecord {
  return { key, value: value.slice(), version };
}
