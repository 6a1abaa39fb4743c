/**
 * The storage of one browser, in memory: as much of IndexedDB as the client uses, on the virtual clock.
 *
 * A transaction runs whole at one moment and takes effect then; its success is told a moment later. A page that dies
 * between the two has its rows, and one that dies before has none of that transaction.
 */

import type { Life } from './life.ts';
import type { Random } from './random.ts';

type Key = number | string;

interface Table {
  rows: Map<Key, unknown>;
  nextKey: number;
}

/** What stays when the page is gone. */
export class Device {
  readonly databases = new Map<string, Map<string, Table>>();
  /** While true, every write fails as on a full disk. */
  isFull = false;
  /** Counts transactions that changed something. */
  commits = 0;

  /** Rows of the store `updates` of a database, in their order. */
  rows(name: string): Uint8Array[] {
    const table = this.databases.get(name)?.get('updates');
    return table === undefined ? [] : ([...table.rows.values()] as Uint8Array[]);
  }

  /** What a page of this browser sees as `indexedDB`. Dies with the page. */
  factory(life: Life, random: Random): IDBFactory {
    const open = (name: string): object => {
      const request = new Request();
      life.schedule(() => {
        const known = this.databases.get(name);
        const tables = known ?? new Map<string, Table>();
        this.databases.set(name, tables);
        request.result = new Database(this, tables, life, random);
        if (known === undefined) request.onupgradeneeded?.({});
        request.onsuccess?.({});
      }, random.int(8));
      return request;
    };
    return { open } as unknown as IDBFactory;
  }
}

class Request {
  result: unknown = undefined;
  error: Error | null = null;
  onsuccess: ((event: object) => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  onupgradeneeded: ((event: object) => void) | null = null;
}

class Database {
  onversionchange: unknown = null;
  onclose: unknown = null;
  readonly #device: Device;
  readonly #tables: Map<string, Table>;
  readonly #life: Life;
  readonly #random: Random;

  constructor(device: Device, tables: Map<string, Table>, life: Life, random: Random) {
    this.#device = device;
    this.#tables = tables;
    this.#life = life;
    this.#random = random;
  }

  get objectStoreNames(): { contains(name: string): boolean } {
    return { contains: (name) => this.#tables.has(name) };
  }

  createObjectStore(name: string): void {
    this.#tables.set(name, { rows: new Map(), nextKey: 1 });
  }

  transaction(_stores: unknown, mode: string): Transaction {
    const transaction = new Transaction(this.#tables);
    this.#life.schedule(() => {
      const failure = mode === 'readwrite' && this.#device.isFull ? new DOMException('the disk is full', 'QuotaExceededError') : null;
      const isDone = failure === null && transaction.run();
      if (isDone && mode === 'readwrite') this.#device.commits += 1;
      this.#life.schedule(() => transaction.end(isDone ? null : (failure ?? transaction.error)), this.#random.int(4));
    }, this.#random.int(12));
    return transaction;
  }

  close(): void {
    // Transactions under way are finished, as in a browser.
  }
}

class Transaction {
  oncomplete: (() => void) | null = null;
  onabort: (() => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  error: Error | null = null;
  readonly #tables: Map<string, Table>;
  /** Copies of what is written, put in place together. */
  readonly #written = new Map<string, Table>();
  #requests: { request: Request; answer: () => unknown }[] = [];

  constructor(tables: Map<string, Table>) {
    this.#tables = tables;
  }

  objectStore(name: string): object {
    const ask = (answer: () => unknown): Request => {
      const request = new Request();
      this.#requests.push({ request, answer });
      return request;
    };
    return {
      get: (key: Key) => ask(() => this.#read(name).rows.get(key)),
      getAll: () => ask(() => this.#sorted(name).map(([, value]) => value)),
      getAllKeys: () => ask(() => this.#sorted(name).map(([key]) => key)),
      count: () => ask(() => this.#read(name).rows.size),
      add: (value: unknown) =>
        ask(() => {
          const table = this.#write(name);
          table.rows.set(table.nextKey, value);
          return table.nextKey++;
        }),
      put: (value: unknown, key: Key) => ask(() => void this.#write(name).rows.set(key, value)),
      delete: (key: Key) => ask(() => void this.#write(name).rows.delete(key)),
      clear: () => ask(() => void this.#write(name).rows.clear()),
    };
  }

  /** Answers every request, those that answers ask for too. @returns False when a handler threw: nothing is written. */
  run(): boolean {
    try {
      for (let next = this.#requests.shift(); next !== undefined; next = this.#requests.shift()) {
        next.request.result = next.answer();
        next.request.onsuccess?.({});
      }
    } catch (error) {
      this.error = error instanceof Error ? error : new Error(String(error));
      return false;
    }
    for (const [name, table] of this.#written) this.#tables.set(name, table);
    return true;
  }

  end(error: Error | null): void {
    this.error = error;
    if (error === null) this.oncomplete?.();
    else this.onabort?.();
  }

  #read(name: string): Table {
    const table = this.#written.get(name) ?? this.#tables.get(name);
    if (table === undefined) throw new DOMException(`no store ${name}`, 'NotFoundError');
    return table;
  }

  #write(name: string): Table {
    const known = this.#written.get(name);
    if (known !== undefined) return known;
    const { rows, nextKey } = this.#read(name);
    const copy = { rows: new Map(rows), nextKey };
    this.#written.set(name, copy);
    return copy;
  }

  #sorted(name: string): [Key, unknown][] {
    return [...this.#read(name).rows].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }
}
