/**
 * IndexedDB as promises, on the layout of y-indexeddb 9: a database per document with the stores `updates`
 * (auto-incremented keys, one Yjs update a row) and `custom` (anything by key). Either side can read the other.
 */

export const UPDATES = 'updates';
export const CUSTOM = 'custom';

/** Resolves with the result of a request, or rejects with the browser's reason. */
export function answerTo<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no reason given'));
  });
}

/**
 * May wait for ever behind another connection, or in a browser that blocks storage without saying so.
 * @throws Whatever the browser says.
 */
export function openDatabase(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  const request = factory.open(name);
  request.onupgradeneeded = () => {
    const stores = request.result.objectStoreNames;
    if (!stores.contains(UPDATES)) request.result.createObjectStore(UPDATES, { autoIncrement: true });
    if (!stores.contains(CUSTOM)) request.result.createObjectStore(CUSTOM);
  };
  return answerTo(request);
}

/** Settles when the transaction has: resolved means that the browser took all of it. */
export function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('no reason given'));
    // An error of one request aborts the transaction, and that is reported above.
    transaction.onerror = (event) => event.stopPropagation();
  });
}

/** Passes the result to `then` inside the same transaction. A throw aborts it. */
export function onAnswer<T>(request: IDBRequest<T>, then: (result: T) => void): void {
  request.onsuccess = () => then(request.result);
}

export interface Row {
  key: IDBValidKey;
  value: unknown;
}

/** Passes all rows of a store, in key order, to `then` inside the same transaction. */
export function readAll(store: IDBObjectStore, then: (rows: Row[]) => void): void {
  const keys = store.getAllKeys();
  const values = store.getAll();
  // Requests of one transaction finish in order, so the keys are there.
  onAnswer(values, (all) => then(keys.result.map((key, i) => ({ key, value: all[i] as unknown }))));
}
