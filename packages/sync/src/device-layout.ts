/**
 * What the copy of a document consists of, and how it gets in and out: the rows of y-indexeddb 9 in `updates`, and in
 * `custom`, under keys that begin with `wetink.`:
 *
 *     unsaved/<tab>   how many changes of a tab are on the device, and how many of them a relay has
 *     kept/<id>       a document that was given up
 *     broken/<key>    a row that can't be read
 *
 * Each function is one transaction: all of it is on the device afterwards, or nothing.
 */
import type { ErrorName } from '@wetink/protocol';
import * as Y from 'yjs';
import { clocksOf } from './check-update.ts';
import { CUSTOM, finished, readAll, UPDATES, type Row } from './database.ts';
import type { Counters } from './ledger.ts';

const UNSAVED = 'wetink.unsaved/';
const KEPT = 'wetink.kept/';
const BROKEN = 'wetink.broken/';

/** A document that was given up: refused by the relay, or written by somebody else under our id. */
export interface KeptRecord {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Changes in it that no relay has. */
  changes: number;
  code: ErrorName;
  update: Uint8Array;
}

export interface Mark {
  tab: string;
  /** Its changes up to here are on this device. */
  made: number;
  /** Of these, up to here are acknowledged. */
  settled: number;
}

/** What is to be written together. */
export interface Batch {
  rows: Uint8Array[];
  keep: KeptRecord[];
  /** The document is another one: all rows before these go. */
  mustClear: boolean;
}

export const emptyBatch = (): Batch => ({ rows: [], keep: [], mustClear: false });

/** A batch that could not be written, and what has come since. */
export function joinBatches(first: Batch, then: Batch): Batch {
  return {
    rows: then.mustClear ? then.rows : first.rows.concat(then.rows),
    keep: first.keep.concat(then.keep),
    mustClear: first.mustClear || then.mustClear,
  };
}

export async function readCopy(database: IDBDatabase): Promise<{ rows: Uint8Array[]; broken: Row[]; marks: Mark[] }> {
  let rows: Row[] = [];
  let marks: Mark[] = [];
  const transaction = database.transaction([UPDATES, CUSTOM], 'readonly');
  readAll(transaction.objectStore(UPDATES), (all) => (rows = all));
  readAll(transaction.objectStore(CUSTOM), (all) => {
    marks = under(UNSAVED, all).map(({ id, value }) => ({ ...(value as Omit<Mark, 'tab'>), tab: id }));
  });
  await finished(transaction);
  return { ...sort(rows), marks };
}

/**
 * @param own The mark that belongs to these rows.
 * @param snapshot The whole document, if the database may have been erased: rows on top of nothing would have holes.
 * @returns Bytes of the row added, 0 for none.
 */
export async function writeBatch(
  database: IDBDatabase,
  { rows, keep, mustClear }: Batch,
  own: Mark,
  settled: Counters,
  snapshot: (() => Uint8Array) | null,
): Promise<number> {
  const transaction = database.transaction([UPDATES, CUSTOM], 'readwrite', { durability: 'relaxed' });
  const updates = transaction.objectStore(UPDATES);
  const custom = transaction.objectStore(CUSTOM);
  if (mustClear) updates.clear();
  const row = rows.length > 1 ? Y.mergeUpdates(rows) : rows[0];
  if (row !== undefined) updates.add(row);
  for (const copy of keep) custom.put(copy, KEPT + copy.id);
  writeMarks(custom, own, settled, mustClear);
  if (snapshot !== null) {
    const count = updates.count();
    count.onsuccess = () => {
      if (count.result <= (row === undefined ? 0 : 1)) updates.add(snapshot());
    };
  }
  await finished(transaction);
  return row?.byteLength ?? 0;
}

/** A tab's own mark says what is true now; another's is taken away once all of it is settled. */
function writeMarks(custom: IDBObjectStore, own: Mark, allSettled: Counters, isReplaced: boolean): void {
  const { tab, made, settled } = own;
  if (made > settled) custom.put({ made, settled }, UNSAVED + tab);
  else custom.delete(UNSAVED + tab);
  for (const [other, number] of allSettled) {
    if (other === tab) continue;
    const key = UNSAVED + other;
    const request = custom.get(key);
    request.onsuccess = () => {
      const mark = request.result as Mark | undefined;
      if (mark !== undefined && (isReplaced || mark.made <= number)) custom.delete(key);
    };
  }
}

export async function setAside(database: IDBDatabase, broken: readonly Row[]): Promise<void> {
  const transaction = database.transaction([UPDATES, CUSTOM], 'readwrite');
  moveAside(transaction, broken);
  await finished(transaction);
}

/**
 * Replaces all rows by one: rows of other tabs are read in the same transaction, so none is lost, and two tabs doing
 * it at once wait for each other. Applies and re-encodes, since merging alone keeps what was deleted.
 *
 * @returns Bytes of that row.
 */
export async function rewriteAsOne(database: IDBDatabase): Promise<number> {
  let bytes = 0;
  const transaction = database.transaction([UPDATES, CUSTOM], 'readwrite');
  const updates = transaction.objectStore(UPDATES);
  readAll(updates, (all) => {
    const { rows, broken } = sort(all);
    const doc = new Y.Doc();
    doc.transact(() => rows.forEach((row) => Y.applyUpdate(doc, row)));
    const state = Y.encodeStateAsUpdate(doc);
    doc.destroy();
    moveAside(transaction, broken);
    updates.clear();
    updates.add(state);
    bytes = state.byteLength;
  });
  await finished(transaction);
  return bytes;
}

export async function readKept(database: IDBDatabase): Promise<KeptRecord[]> {
  let kept: KeptRecord[] = [];
  const transaction = database.transaction(CUSTOM, 'readonly');
  readAll(transaction.objectStore(CUSTOM), (all) => (kept = under(KEPT, all).map(({ value }) => value as KeptRecord)));
  await finished(transaction);
  return kept;
}

export async function deleteKept(database: IDBDatabase, id: string): Promise<void> {
  const transaction = database.transaction(CUSTOM, 'readwrite');
  transaction.objectStore(CUSTOM).delete(KEPT + id);
  await finished(transaction);
}

function moveAside(transaction: IDBTransaction, broken: readonly Row[]): void {
  for (const { key, value } of broken) {
    transaction.objectStore(CUSTOM).put(value, `${BROKEN}${String(key)}`);
    transaction.objectStore(UPDATES).delete(key);
  }
}

function under(prefix: string, rows: readonly Row[]): { id: string; value: unknown }[] {
  return rows.flatMap(({ key, value }) =>
    typeof key === 'string' && key.startsWith(prefix) ? [{ id: key.slice(prefix.length), value }] : [],
  );
}

function sort(all: readonly Row[]): { rows: Uint8Array[]; broken: Row[] } {
  const rows: Uint8Array[] = [];
  const broken: Row[] = [];
  for (const row of all) {
    if (row.value instanceof Uint8Array && clocksOf(row.value) !== null) rows.push(row.value);
    else broken.push(row);
  }
  return { rows, broken };
}
