/**
 * Edits as they are first written, under `wetink.new/` in `custom`: one `put` and a `commit` at once, which a browser
 * finishes when the page goes in the same moment. Whatever needs an answer first does not survive that, so nothing is
 * read: an entry carries the epoch it belongs to, and what each tab had made by then. The next transaction that may
 * take its time moves the entries of all tabs into `updates`, where y-indexeddb finds them.
 */
import * as Y from 'yjs';
import { clocksOf } from './check-update.ts';
import { CUSTOM, finished, onAnswer } from './database.ts';
import type { CounterList } from './tab-channel.ts';

export const JOURNAL = 'wetink.new/';

export interface Entry {
  /** Documents given up before the one that it is a change of. */
  epoch: number;
  update: Uint8Array;
  /** Changes of each tab that are on the device with it. */
  made: CounterList;
  /** Of these, what a relay has. */
  settled: CounterList;
}

/** Throws at once when the connection is gone. */
export function putEntry(database: IDBDatabase, key: string, entry: Entry): Promise<void> {
  const transaction = database.transaction(CUSTOM, 'readwrite', { durability: 'relaxed' });
  transaction.objectStore(CUSTOM).put(entry, JOURNAL + key);
  transaction.commit();
  return finished(transaction);
}

export interface Found {
  key: IDBValidKey;
  entry: Entry;
}

/** All entries, in the order of their keys, to `then` inside the same transaction. */
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

/** Entries of one tab in a row are one update, as are those of all tabs. Null for none. */
export function joined(updates: readonly Uint8Array[]): Uint8Array | null {
  return updates.length > 1 ? Y.mergeUpdates(updates as Uint8Array[]) : (updates[0] ?? null);
}
