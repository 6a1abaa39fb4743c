/**
 * Layout of the copy of a document, and how it is read and written: the rows of y-indexeddb 9 in `updates`, and in
 * `custom`, under keys that begin with `wetink.`:
 *
 *     epoch           how many documents were given up here: all rows and marks belong to the one after
 *     unsaved/<tab>   how many changes of a tab are on the device, and how many of them a relay has
 *     kept/<id>       a document that was given up
 *     broken/<key>    a row that can't be read
 *     copy            an id of this copy: another one, or none, means that it was erased
 *     new/<tab>/<n>   an edit on its way into `updates` (journal.ts)
 *
 * Each function is one transaction: all of it is on the device afterwards, or nothing.
 */
import type { ErrorName } from '@wetink/protocol';
import * as Y from 'yjs';
import { clocksOf } from './check-update.ts';
import { CUSTOM, finished, onAnswer, readAll, UPDATES, type Row } from './database.ts';
import { isEntryOf, isReadable, JOURNAL, joined, joinedIfSmall, readEntries, type Entry, type Found } from './journal.ts';
import { raise, type Counters } from './ledger.ts';

const EPOCH = 'wetink.epoch';
const UNSAVED = 'wetink.unsaved/';
const KEPT = 'wetink.kept/';
const BROKEN = 'wetink.broken/';
const COPY = 'wetink.copy';

/** A document that was given up: the relay refused it, or another client wrote under our client id. */
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
  /** Its changes up to here are acknowledged. */
  settled: number;
}

/** Data of one write. */
export interface Batch {
  /** Document that the rows belong to. */
  epoch: Epoch;
  rows: Uint8Array[];
  keep: KeptToWrite[];
  /** Changes of each tab that are on the device when these rows are. */
  covers: Map<string, number>;
  /** Keys of journal entries that are already in `keep`. */
  drop: string[];
}

export const emptyBatch = (epoch: Epoch): Batch => ({ epoch, rows: [], keep: [], covers: new Map(), drop: [] });

/** A batch that could not be written, and what has come since. */
export function joinBatches(first: Batch, then: Batch): Batch {
  return {
    epoch: then.epoch,
    rows: then.epoch.number > first.epoch.number ? then.rows : first.rows.concat(then.rows),
    keep: first.keep.concat(then.keep),
    covers: new Map([
      ...first.covers,
      ...[...then.covers].map(([tab, number]) => [tab, Math.max(number, first.covers.get(tab) ?? 0)] as const),
    ]),
    drop: first.drop.concat(then.drop),
  };
}

export interface Copy {
  epoch: Epoch;
  /** Rows of bytes, not decoded yet: some may be unreadable. */
  rows: (Row & { value: Uint8Array })[];
  /** Rows that are not bytes. */
  strange: Row[];
  /** Journal entries, for this epoch or older. */
  entries: Found[];
  marks: Mark[];
}

export async function readCopy(database: IDBDatabase): Promise<Copy> {
  let rows: Row[] = [];
  let marks: Mark[] = [];
  let epoch = FIRST_EPOCH;
  let entries: Found[] = [];
  const transaction = database.transaction([UPDATES, CUSTOM], 'readonly');
  readAll(transaction.objectStore(UPDATES), (all) => (rows = all));
  readAll(transaction.objectStore(CUSTOM), (all) => {
    marks = under(UNSAVED, all).map(({ id, value }) => ({ ...(value as Omit<Mark, 'tab'>), tab: id }));
    entries = all.filter(({ key }) => String(key).startsWith(JOURNAL)).map(({ key, value }) => ({ key, entry: value as Entry }));
    epoch = (all.find(({ key }) => key === EPOCH)?.value as Epoch | undefined) ?? epoch;
  });
  await finished(transaction);
  const isBytes = (row: Row): row is Row & { value: Uint8Array } => row.value instanceof Uint8Array;
  return { rows: rows.filter(isBytes), strange: rows.filter((row) => !isBytes(row)), entries, marks, epoch };
}

/** The tab that writes, and what it knows. */
export interface Writer {
  tab: string;
  /** Its changes that are on the device, with this batch. */
  made: number;
  /** Changes of every tab that a relay has. */
  settled: Counters;
  /** Id of the copy that was here before; null before the first look. */
  copyId: string | null;
  /** Id for a copy that has none. */
  newCopyId: string;
}

/** Outcome of a write. */
export interface Written {
  /** Rows added. `isOurs`: the document of this tab has all of it. */
  rows: { key: IDBValidKey; bytes: number; isOurs: boolean }[];
  /** Rows and marks of an older document were removed. */
  isCleared: boolean;
  /** Epoch of a newer document, when the batch's was given up meanwhile: only `keep` was written. Otherwise null. */
  newer: Epoch | null;
  copyId: string;
  /** The copy that was here before was erased. */
  isErased: boolean;
}

/**
 * The first row of a newer document moves the rows of the older one into that document's kept copy. So neither the order
 * in which tabs write matters, nor how late they are. Journal entries become part of the row.
 */
export async function writeBatch(database: IDBDatabase, { epoch, rows, keep, covers, drop }: Batch, writer: Writer): Promise<Written> {
  const transaction = database.transaction([UPDATES, CUSTOM], 'readwrite', { durability: 'relaxed' });
  const updates = transaction.objectStore(UPDATES);
  const custom = transaction.objectStore(CUSTOM);
  const written: Written = { rows: [], isCleared: false, newer: null, copyId: writer.newCopyId, isErased: false };
  for (const copy of keep) putKept(custom, copy);
  for (const key of drop) custom.delete(JOURNAL + key);
  onAnswer(custom.get(COPY) as IDBRequest<string | undefined>, (known) => {
    if (known === undefined) custom.put(writer.newCopyId, COPY);
    else written.copyId = known;
    written.isErased = writer.copyId !== null && known !== writer.copyId;
  });
  const add = (entries: readonly Found[]): void => {
    const isOurs = entries.every(({ key }) => isEntryOf(writer.tab, key));
    for (const row of joinedIfSmall([...entries.map(({ entry }) => entry.update), ...rows])) {
      onAnswer(updates.add(row), (key) => written.rows.push({ key, bytes: row.byteLength, isOurs }));
    }
    const made = new Map([...covers, [writer.tab, writer.made]]);
    const settled = new Map(writer.settled);
    for (const { entry } of entries) {
      for (const [tab, number] of entry.made) raise(made, tab, number);
      for (const [tab, number] of entry.settled) raise(settled, tab, number);
    }
    writeMarks(custom, made, settled);
  };
  onAnswer(custom.get(EPOCH) as IDBRequest<Epoch | undefined>, (known = FIRST_EPOCH) => {
    if (known.number > epoch.number) written.newer = known;
    else
      readEntries(custom, (found) => {
        const { current, older } = takeEntries(custom, found, epoch.number);
        written.isCleared = known.number < epoch.number;
        if (written.isCleared) return giveUp(transaction, epoch, older, () => add(current));
        keepOlder(custom, known, older);
        add(current);
      });
  });
  await finished(transaction);
  return written;
}

/** Removes entries that become rows or part of a kept copy. Those of a newer document wait for its epoch. */
function takeEntries(custom: IDBObjectStore, found: readonly Found[], epoch: number): { current: Found[]; older: Found[] } {
  const current: Found[] = [];
  const older: Found[] = [];
  for (const one of found) {
    const { key, entry } = one;
    if (!isReadable(one)) custom.put(entry, BROKEN + String(key));
    else if (entry.epoch > epoch) continue;
    else (entry.epoch === epoch ? current : older).push(one);
    custom.delete(key);
  }
  return { current, older };
}

/** Adds changes that came late for a document given up to its kept copy. */
function keepOlder(custom: IDBObjectStore, { kept }: Epoch, older: readonly Found[]): void {
  const update = joined(older.map(({ entry }) => entry.update));
  if (update !== null && kept !== null) putKept(custom, { ...kept, changes: Math.max(1, kept.changes), update });
}

/** Removes all rows and marks; the rows go into the kept copy of their document. */
function giveUp(transaction: IDBTransaction, epoch: Epoch, older: readonly Found[], then: () => void): void {
  const updates = transaction.objectStore(UPDATES);
  const custom = transaction.objectStore(CUSTOM);
  readAll(updates, (all) => {
    const { rows, broken } = sort(all);
    moveAside(transaction, broken);
    const update = joined([...rows, ...older.map(({ entry }) => entry.update)]);
    if (update !== null && epoch.kept !== null) putKept(custom, { ...epoch.kept, update });
    updates.clear();
    onAnswer(custom.getAllKeys(), (keys) => {
      for (const key of keys) if (String(key).startsWith(UNSAVED)) custom.delete(key);
      custom.put(epoch, EPOCH);
      then();
    });
  });
}

/** Writes a kept copy, merged with what is there: several tabs may have parts of it. */
function putKept(custom: IDBObjectStore, { isSpare = false, ...copy }: KeptToWrite): void {
  const key = KEPT + copy.id;
  if (isSpare) return onAnswer(custom.getKey(key), (known) => void (known ?? custom.put(copy, key)));
  onAnswer(custom.get(key) as IDBRequest<KeptRecord | undefined>, (known) => {
    custom.put(known === undefined ? copy : { ...copy, update: Y.mergeUpdates([known.update, copy.update]) }, key);
  });
}

/** A mark counts a tab's changes that are here and not saved; it is deleted once all are saved. */
function writeMarks(custom: IDBObjectStore, made: Counters, settled: Counters): void {
  for (const tab of new Set([...made.keys(), ...settled.keys()])) {
    onAnswer(custom.get(UNSAVED + tab) as IDBRequest<Mark | undefined>, (mark) => {
      const here = Math.max(mark?.made ?? 0, made.get(tab) ?? 0);
      const saved = Math.max(mark?.settled ?? 0, settled.get(tab) ?? 0);
      if (here > saved) custom.put({ made: here, settled: saved }, UNSAVED + tab);
      else if (mark !== undefined) custom.delete(UNSAVED + tab);
    });
  }
}

export async function setAside(database: IDBDatabase, broken: readonly Row[]): Promise<void> {
  const transaction = database.transaction([UPDATES, CUSTOM], 'readwrite');
  moveAside(transaction, broken);
  await finished(transaction);
}

/** The id of the copy, set to `id` where there is none yet: from then on an erasure is noticed. */
export async function claimCopy(database: IDBDatabase, id: string): Promise<string> {
  let claimed = id;
  const transaction = database.transaction(CUSTOM, 'readwrite');
  const custom = transaction.objectStore(CUSTOM);
  onAnswer(custom.get(COPY) as IDBRequest<string | undefined>, (known) => {
    if (known === undefined) custom.put(id, COPY);
    else claimed = known;
  });
  await finished(transaction);
  return claimed;
}

/** Epoch and id of the copy, without reading the rows. `copyId` is null when nothing was written since the copy was erased. */
export async function readHead(database: IDBDatabase): Promise<{ epoch: Epoch; copyId: string | null }> {
  let epoch = FIRST_EPOCH;
  let copyId: string | null = null;
  const transaction = database.transaction(CUSTOM, 'readonly');
  const custom = transaction.objectStore(CUSTOM);
  onAnswer(custom.get(EPOCH) as IDBRequest<Epoch | undefined>, (known) => (epoch = known ?? epoch));
  onAnswer(custom.get(COPY) as IDBRequest<string | undefined>, (known) => (copyId = known ?? null));
  await finished(transaction);
  return { epoch, copyId };
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
