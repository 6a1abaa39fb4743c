/**
 * Edits as they are first written, under `wetink.new/` in `custom`: one `put` and a `commit` at once, which a browser
 * finishes when the page goes in the same moment. Whatever needs an answer first does not survive that, so nothing is
 * read: an entry carries the epoch it belongs to, and what each tab had made by then. The next transaction that may
 * take its time moves the entries of all tabs into `updates`, where y-indexeddb finds them.
 */
import * as Y from 'yjs';
import { clocksOf } from './check-update.ts';
import { CUSTOM, finished, onAnswer } from './database.ts';
import type { CounterList } from './ledger.ts';

export const JOURNAL = 'wetink.new/';

/** Updates below this are joined into one row. Larger ones are not: Yjs would read and write every string in them. */
const SMALL_BYTES = 16 * 1024;

export interface Entry {
  /** Documents given up before the one that the entry changes. */
  epoch: number;
  update: Uint8Array;
  /** Changes of each tab that are on the device with it. */
  made: CounterList;
  /** Those of them that a relay has. */
  settled: CounterList;
}

/** Writes all of them or none. Throws at once when the connection is gone. */
export function putEntries(database: IDBDatabase, entries: ReadonlyMap<string, Entry>): Promise<void> {
  const transaction = database.transaction(CUSTOM, 'readwrite', { durability: 'relaxed' });
  for (const [key, entry] of entries) transaction.objectStore(CUSTOM).put(entry, JOURNAL + key);
  transaction.commit();
  return finished(transaction);
}

export interface Found {
  key: IDBValidKey;
  entry: Entry;
}

/** Passes all entries, in the order of their keys, to `then` inside the same transaction. */
export function readEntries(custom: IDBObjectStore, then: (found: Found[]) => void): void {
  onAnswer(custom.getAllKeys(), (keys) => {
    const found: Found[] = [];
    const ours = keys.filter((key) => typeof key === 'string' && key.startsWith(JOURNAL));
    if (ours.length === 0) return then(found);
    for (const key of ours) {
      onAnswer(custom.get(key) as IDBRequest<Entry>, (entry) => {
        found.push({ key, entry });
        if (found.length === ours.length) then(found);
      });
    }
  });
}

export function isEntryOf(tab: string, key: IDBValidKey): boolean {
  return String(key).startsWith(`${JOURNAL}${tab}/`);
}

export function isReadable({ entry }: Found): boolean {
  return entry?.update instanceof Uint8Array && clocksOf(entry.update) !== null;
}

/** All merged into one update, or null for none. */
export function joined(updates: readonly Uint8Array[]): Uint8Array | null {
  return updates.length > 1 ? Y.mergeUpdates(updates as Uint8Array[]) : (updates[0] ?? null);
}

/** As few updates as can be made of them in a moment: small ones in a row are joined. */
export function joinedIfSmall(updates: readonly Uint8Array[]): Uint8Array[] {
  const few: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const join = (): void => {
    const one = joined(small);
    if (one !== null) few.push(one);
    small = [];
  };
  for (const update of updates) {
    if (update.byteLength < SMALL_BYTES) small.push(update);
    else {
      join();
      few.push(update);
    }
  }
  join();
  return few;
}
