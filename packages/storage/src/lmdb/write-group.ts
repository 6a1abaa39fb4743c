/**
 * One group of writes: which jobs share a commit, and what they write. A job decides synchronously, from the committed
 * data and the writes of earlier jobs in its group. A job that throws leaves nothing behind and affects no other.
 */

import { encodeHead, freshHead, readHead, type RoomHead } from './records.ts';
import type { TableName, Tables } from './tables.ts';

/** The operations of a job. Readers see its writes only when the group is on disk. */
export interface Writes {
  /** The head, with the writes of this group. @throws {StoreError} `CORRUPT`. */
  head(name: Buffer): RoomHead;
  setHead(name: Buffer, head: RoomHead): void;
  /** A value of the table `records`, with the writes of this group. */
  record(key: Buffer): Buffer | undefined;
  /** @param value null removes the record. */
  setRecord(key: Buffer, value: Buffer | null): void;
  put(table: TableName, key: Buffer, value: Buffer): void;
  remove(table: TableName, key: Buffer): void;
}

export interface Job {
  /** Estimate of the bytes that `run` writes. */
  bytes: number;
  run(writes: Writes): unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export interface Write {
  table: TableName;
  key: Buffer;
  value: Buffer | null;
}

/** Largest group in bytes (a single larger job goes alone): bounds memory, and how long one flush can take. */
const MAX_GROUP_BYTES = 16 * 1024 * 1024;

/** The oldest jobs that go together. */
export function takeGroup(queue: readonly Job[]): Job[] {
  let bytes = 0;
  let count = 0;
  for (const job of queue) {
    if (count > 0 && bytes + job.bytes > MAX_GROUP_BYTES) break;
    bytes += job.bytes;
    count += 1;
  }
  return queue.slice(0, count);
}

/** Runs the jobs. A job that throws is rejected at once. */
export function collect(tables: Tables, jobs: readonly Job[]): { accepted: { job: Job; value: unknown }[]; writes: Write[] } {
  const accepted: { job: Job; value: unknown }[] = [];
  const writes: Write[] = [];
  const headsByName = new Map<string, { name: Buffer; head: RoomHead }>();
  const recordsById = new Map<string, { key: Buffer; value: Buffer | null }>();
  for (const job of jobs) {
    const own: Write[] = [];
    const ownHeads = new Map<string, { name: Buffer; head: RoomHead }>();
    const ownRecords = new Map<string, { key: Buffer; value: Buffer | null }>();
    try {
      const value = job.run({
        head(name) {
          const id = name.toString('latin1');
          return (ownHeads.get(id) ?? headsByName.get(id))?.head ?? readHead(tables.heads.get(name), name) ?? freshHead();
        },
        setHead(name, head) {
          ownHeads.set(name.toString('latin1'), { name, head });
        },
        record(key) {
          const id = key.toString('latin1');
          const written = ownRecords.get(id) ?? recordsById.get(id);
          return written === undefined ? tables.records.get(key) : (written.value ?? undefined);
        },
        setRecord(key, value_) {
          ownRecords.set(key.toString('latin1'), { key, value: value_ });
        },
        put(table, key, value_) {
          own.push({ table, key, value: value_ });
        },
        remove(table, key) {
          own.push({ table, key, value: null });
        },
      });
      for (const write of own) writes.push(write);
      for (const [id, entry] of ownHeads) headsByName.set(id, entry);
      for (const [id, entry] of ownRecords) recordsById.set(id, entry);
      accepted.push({ job, value });
    } catch (error) {
      job.reject(error);
    }
  }
  for (const { name, head } of headsByName.values()) writes.push({ table: 'heads', key: name, value: encodeHead(head, name) });
  for (const { key, value } of recordsById.values()) writes.push({ table: 'records', key, value });
  return { accepted, writes };
}
