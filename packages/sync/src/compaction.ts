/**
 * Replaces rows by others without a task that freezes the page: one request at a time, each a slice of 1 MB.
 * The transaction finds all the rows that it replaces or changes nothing, so two tabs at once do no harm, and the new
 * ones take their place in the order: later rows build on them.
 */
import { finished, onAnswer, UPDATES } from './database.ts';

/** Copying 1 MB into a request takes about 1 ms. */
export const PIECE_BYTES = 1024 * 1024;

export async function rowKeys(database: IDBDatabase): Promise<IDBValidKey[]> {
  let keys: IDBValidKey[] = [];
  const transaction = database.transaction(UPDATES, 'readonly');
  onAnswer(transaction.objectStore(UPDATES).getAllKeys(), (all) => (keys = all));
  await finished(transaction);
  return keys;
}

export async function readRow(database: IDBDatabase, key: IDBValidKey): Promise<unknown> {
  let value: unknown;
  const transaction = database.transaction(UPDATES, 'readonly');
  onAnswer(transaction.objectStore(UPDATES).get(key), (found) => (value = found));
  await finished(transaction);
  return value;
}

/**
 * @param old Keys in order. Without any, the rows are added.
 * @returns Keys of the new rows, or null when another tab has replaced some of the old ones.
 */
export async function replaceRows(
  database: IDBDatabase,
  old: readonly IDBValidKey[],
  pieces: Iterable<Uint8Array>,
): Promise<{ keys: IDBValidKey[]; bytes: number } | null> {
  const transaction = database.transaction(UPDATES, 'readwrite', { durability: 'relaxed' });
  const updates = transaction.objectStore(UPDATES);
  const keys: IDBValidKey[] = [];
  const iterator = pieces[Symbol.iterator]();
  let bytes = 0;
  let isMissing = false;
  const putNext = (): void => {
    const { value, done } = iterator.next();
    if (done) return;
    bytes += value.byteLength;
    onAnswer(old.length === 0 ? updates.add(value) : updates.put(value, placeOf(old, keys.length)), (key) => {
      keys.push(key);
      putNext();
    });
  };
  onAnswer(updates.getAllKeys(), (all) => {
    const here = new Set(all);
    isMissing = old.some((key) => !here.has(key));
    if (isMissing) return;
    for (const key of old) updates.delete(key);
    putNext();
  });
  await finished(transaction);
  return isMissing ? null : { keys, bytes };
}

/** A key behind the last old row, so that none is used again, and before the next whole number, which may be taken. */
function placeOf(old: readonly IDBValidKey[], index: number): IDBValidKey {
  return Number(old.at(-1)) + (index + 1) / 2 ** 30;
}
