/**
 * IndexedDB as promises, on the layout of y-indexeddb 9: a database per document with the stores `updates`
 * (auto-incremented keys, one Yjs update a row) and `custom` (anything by key). Either side can read the other.
 */

export const UPDATES = 'updates';
export const CUSTOM = 'custom';

/** Opening may wait for ever behind another connection, or in a browser that blocks storage without saying so. */
export class OpenTimeout extends Error {
  override readonly name = 'OpenTimeout';
}

/** @throws Whatever the browser says, or never settles: the caller brings the deadline. */
export function openDatabase(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name);
    request.onupgradeneeded = () => {
      const stores = request.result.objectStoreNames;
      if (!stores.contains(UPDATES)) request.result.createObjectStore(UPDATES, { autoIncrement: true });
      if (!stores.contains(CUSTOM)) request.result.createObjectStore(CUSTOM);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException('open failed', 'UnknownError'));
  });
}

/** Settles when the transaction has: resolved means that the browser took all of it. */
export function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException('aborted', 'AbortError'));
    // An error of one request aborts the transaction, and that is reported above.
    transaction.onerror = (event) => event.stopPropagation();
  });
}

export interface Row {
  key: IDBValidKey;
  value: unknown;
}

/** All rows of a store, in key order, to `then` inside the same transaction. */
export function readAll(store: IDBObjectStore, then: (rows: Row[]) => void): void {
  const keys = store.getAllKeys();
  const values = store.getAll();
  // Requests of one transaction finish in order, so the keys are there.
  values.onsuccess = () => then(keys.result.map((key, i) => ({ key, value: values.result[i] as unknown })));
}
