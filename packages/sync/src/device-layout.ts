/**
 * What the copy of a document consists of, and how it gets in and out: the rows of y-indexeddb 9 in `updates`, and in
 * `custom`, under keys that begin with `wetink.`:
 *
 *     epoch           how many documents were given up here: all rows and marks belong to the one after
 *     unsaved/<tab>   how many changes of a tab are on the device, and how many of them a relay has
 *     kept/<id>       a document that was given up
 *     broken/<key>    a row that can't be read
 *
 * Each function is one transaction: all of it is on the device afterwards, or nothing.
 */
import type { ErrorName } from '@wetink/protocol';
import * as Y from 'yjs';
import { clocksOf } from './check-update.ts';
import { CUSTOM, finished, onAnswer, readAll, UPDATES, type Row } from './database.ts';
import type { Counters } from './ledger.ts';

const EPOCH = 'wetink.epoch';
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

/** A spare is written only where the copy is missing: another tab has it as well. */
export type KeptToWrite = KeptRecord & { isSpare?: boolean };

/** All but the document: what another tab needs to show it. */
export type KeptMeta = Omit<KeptRecord, 'update'>;

/** Which document of a room it is: the one after `number` others were given up, of which `kept` was the last. */
export interface Epoch {
  number: number;
  kept: KeptMeta | null;
}

export const FIRST_EPOCH: Epoch = { number: 0, kept: null };

export interface Mark {
  tab: string;
  /** Its changes up to here are on this device. */
  made: number;
  /** Of these, up to here are acknowledged. */
  settled: number;
}

/** What is to be written together. */
export interface Batch {
  /** What the rows belong to. */
  epoch: Epoch;
  rows: Uint8Array[];
  keep: KeptToWrite[];
}

export const emptyBatch = (epoch: Epoch): Batch => ({ epoch, rows: [], keep: [] });

/** A batch that could not be written, and what has come since. */
export function joinBatches(first: Batch, then: Batch): Batch {
  return {
    epoch: then.epoch,
    rows: then.epoch.number > first.epoch.number ? then.rows : first.rows.concat(then.rows),
    keep: first.keep.concat(then.keep),
  };
}

export interface Copy {
  epoch: Epoch;
  /** Bytes, unread: some may say nothing that Yjs knows. */
  rows: (Row & { value: Uint8Array })[];
  /** No bytes at all. */
  strange: Row[];
  marks: Mark[];
}

export async function readCopy(database: IDBDatabase): Promise<Copy> {
  let rows: Row[] = [];
  let marks: Mark[] = [];
  let epoch = FIRST_EPOCH;
  const transaction = database.transaction([UPDATES, CUSTOM], 'readonly');
  readAll(transaction.objectStore(UPDATES), (all) => (rows = all));
  readAll(transaction.objectStore(CUSTOM), (all) => {
    marks = under(UNSAVED, all).map(({ id, value }) => ({ ...(value as Omit<Mark, 'tab'>), tab: id }));
    epoch = (all.find(({ key }) => key === EPOCH)?.value as Epoch | undefined) ?? epoch;
  });
  await finished(transaction);
  const isBytes = (row: Row): row is Row & { value: Uint8Array } => row.value instanceof Uint8Array;
  return { rows: rows.filter(isBytes), strange: rows.filter((row) => !isBytes(row)), marks, epoch };
}

/** What a write has come to. */
export interface Written {
  /** Of the row added, 0 for none. */
  bytes: number;
  /** Rows and marks of other documents went. */
  isCleared: boolean;
  /** The batch belongs to a document that was given up meanwhile: only what it keeps was written. */
  newer: Epoch | null;
}

/**
 * Rows of an older document go as the first of a newer one comes, into the copy that was kept of it: so it matters
 * neither which tab writes first nor how late the others are.
 *
 * @param own The mark that belongs to these rows.
 * @param snapshot The whole document, if the database may have been erased: rows on top of nothing would have holes.
 */
export async function writeBatch(
  database: IDBDatabase,
  { epoch, rows, keep }: Batch,
  own: Mark,
  settled: Counters,
  snapshot: (() => Uint8Array) | null,
): Promise<Written> {
  const transaction = database.transaction([UPDATES, CUSTOM], 'readwrite', { durability: 'relaxed' });
  const updates = transaction.objectStore(UPDATES);
  const custom = transaction.objectStore(CUSTOM);
  const written: Written = { bytes: 0, isCleared: false, newer: null };
  const add = (): void => {
    const row = rows.length > 1 ? Y.mergeUpdates(rows) : rows[0];
    if (row !== undefined) updates.add(row);
    written.bytes = row?.byteLength ?? 0;
    writeMarks(custom, own, settled);
    if (snapshot === null) return;
    onAnswer(updates.count(), (count) => {
      if (count <= (row === undefined ? 0 : 1)) updates.add(snapshot());
    });
  };
  for (const copy of keep) putKept(custom, copy);
  onAnswer(custom.get(EPOCH) as IDBRequest<Epoch | undefined>, (known = FIRST_EPOCH) => {
    if (known.number > epoch.number) written.newer = known;
    else if (known.number === epoch.number) add();
    else {
      written.isCleared = true;
      giveUp(transaction, epoch, add);
    }
  });
  await finished(transaction);
  return written;
}

/** Takes all rows and marks away, into the copy that was kept of their document. */
function giveUp(transaction: IDBTransaction, epoch: Epoch, then: () => void): void {
  const updates = transaction.objectStore(UPDATES);
  const custom = transaction.objectStore(CUSTOM);
  readAll(updates, (all) => {
    const { rows, broken } = sort(all);
    moveAside(transaction, broken);
    if (rows.length > 0 && epoch.kept !== null) putKept(custom, { ...epoch.kept, update: Y.mergeUpdates(rows) });
    updates.clear();
    onAnswer(custom.getAllKeys(), (keys) => {
      for (const key of keys) if (String(key).startsWith(UNSAVED)) custom.delete(key);
      custom.put(epoch, EPOCH);
      then();
    });
  });
}

/** Several tabs may have parts of one copy. */
function putKept(custom: IDBObjectStore, { isSpare = false, ...copy }: KeptToWrite): void {
  const key = KEPT + copy.id;
  if (isSpare) return onAnswer(custom.getKey(key), (known) => void (known ?? custom.put(copy, key)));
  onAnswer(custom.get(key) as IDBRequest<KeptRecord | undefined>, (known) => {
    custom.put(known === undefined ? copy : { ...copy, update: Y.mergeUpdates([known.update, copy.update]) }, key);
  });
}

/** A tab's own mark says what is true now; another's is taken away once all of it is settled. */
function writeMarks(custom: IDBObjectStore, { tab, made, settled }: Mark, allSettled: Counters): void {
  if (made > settled) custom.put({ made, settled }, UNSAVED + tab);
  else custom.delete(UNSAVED + tab);
  for (const [other, number] of allSettled) {
    if (other === tab) continue;
    const key = UNSAVED + other;
    onAnswer(custom.get(key) as IDBRequest<Mark | undefined>, (mark) => {
      if (mark !== undefined && mark.made <= number) custom.delete(key);
    });
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
