/**
 * The storage of one browser, in memory: the parts of IndexedDB that the client uses, on the virtual clock.
 *
 * A transaction runs and takes effect at one moment; its success event follows a moment later. If the page dies in between,
 * its rows are stored. If the page dies before, none are, unless the transaction was committed: the browser completes a
 * committed one, unless it dies too.
 */

import type { Life } from './life.ts';
import type { Random } from './random.ts';

type Key = number | string;

interface Table {
  rows: Map<Key, unknown>;
  nextKey: number;
}

/** The storage that survives the page. */
export class Device {
  readonly databases = new Map<string, Map<string, Table>>();
  /** While true, every write fails as on a full disk. */
  isFull = false;
  /** A deliberate fault: reports a transaction as complete before it is. */
  isLying = false;
  /** Counts transactions that changed something. */
  commits = 0;

  /** Counts deaths of the browser. Transactions that have not run by then never run. */
  lives = 0;
  readonly #open = new Set<Database>();
  #busyUntilMs = 0;

  /** Updates in a database: rows of the store `updates` in order, and entries of the journal. */
  rows(name: string): Uint8Array[] {
    const tables = this.databases.get(name);
    const rows = [...(tables?.get('updates')?.rows.values() ?? [])] as Uint8Array[];
    const entries = [...(tables?.get('custom')?.rows ?? [])].filter(([key]) => String(key).startsWith('wetink.new/'));
    return [...rows, ...entries.map(([, entry]) => (entry as { update: Uint8Array }).update)];
  }

  /** Queues a transaction of `ms`, since those over the same stores run in order. @returns Milliseconds until its turn. */
  turnInMs(nowMs: number, ms: number): number {
    this.#busyUntilMs = Math.max(this.#busyUntilMs, nowMs + ms);
    return this.#busyUntilMs - nowMs;
  }

  /** Clears the site data, as a person can: open connections end. */
  clear(): void {
    this.databases.clear();
    for (const database of this.#open) database.end();
    this.#open.clear();
  }

  /** Removes all rows and leaves the database, as a script of the page can. */
  empty(): void {
    for (const tables of this.databases.values()) for (const name of tables.keys()) tables.set(name, { rows: new Map(), nextKey: 1 });
  }

  /** The `indexedDB` of a page. Dies with the page. @param fault Returns the error with which writes of this page fail. */
  factory(life: Life, random: Random, fault: () => string | null = () => null): IDBFactory {
    const open = (name: string): object => {
      const request = new Request();
      life.schedule(() => {
        const known = this.databases.get(name);
        const tables = known ?? new Map<string, Table>();
        this.databases.set(name, tables);
        const database = new Database(this, tables, life, random, fault);
        this.#open.add(database);
        request.result = database;
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
  onclose: (() => void) | null = null;
  readonly #device: Device;
  readonly #tables: Map<string, Table>;
  readonly #life: Life;
  readonly #random: Random;
  readonly #fault: () => string | null;
  #isOpen = true;

  constructor(device: Device, tables: Map<string, Table>, life: Life, random: Random, fault: () => string | null) {
    this.#device = device;
    this.#tables = tables;
    this.#life = life;
    this.#random = random;
    this.#fault = fault;
  }

  get objectStoreNames(): { contains(name: string): boolean } {
    return { contains: (name) => this.#tables.has(name) };
  }

  createObjectStore(name: string): void {
    this.#tables.set(name, { rows: new Map(), nextKey: 1 });
  }

  transaction(_stores: unknown, mode: string): Transaction {
    if (!this.#isOpen) throw new DOMException('the connection is closed', 'InvalidStateError');
    const transaction = new Transaction(this.#tables);
    const { lives } = this.#device;
    const isEarly = this.#device.isLying && mode === 'readwrite';
    if (isEarly) this.#life.schedule(() => transaction.end(null), 0);
    const run = (): void => {
      if (lives !== this.#device.lives) return;
      const name = mode === 'readonly' ? null : this.#device.isFull ? 'QuotaExceededError' : this.#fault();
      const failure = name === null ? null : new DOMException('no', name);
      const isDone = failure === null && transaction.run();
      if (isDone && mode === 'readwrite') this.#device.commits += 1;
      if (isEarly) return;
      this.#life.schedule(() => transaction.end(isDone ? null : (failure ?? transaction.error)), this.#random.int(4));
    };
    this.#life.outlive(
      (isAlive) => {
        if (isAlive || transaction.isCommitted) run();
      },
      this.#device.turnInMs(this.#life.nowMs(), this.#random.int(12)),
    );
    return transaction;
  }

  close(): void {
    this.#isOpen = false; // Running transactions are completed, as in a browser.
  }

  /** The browser closes the connection. */
  end(): void {
    this.#isOpen = false;
    this.#life.schedule(() => this.onclose?.(), this.#random.int(8));
  }
}

class Transaction {
  oncomplete: (() => void) | null = null;
  onabort: (() => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  error: Error | null = null;
  isCommitted = false;
  readonly #tables: Map<string, Table>;
  /** Copies of the written tables, put in place together. */
  readonly #written = new Map<string, Table>();
  #requests: { request: Request; answer: () => unknown }[] = [];

  constructor(tables: Map<string, Table>) {
    this.#tables = tables;
  }

  commit(): void {
    this.isCommitted = true;
  }

  objectStore(name: string): object {
    const ask = (answer: () => unknown): Request => {
      const request = new Request();
      this.#requests.push({ request, answer });
      return request;
    };
    return {
      get: (key: Key) => ask(() => this.#read(name).rows.get(key)),
      getKey: (key: Key) => ask(() => (this.#read(name).rows.has(key) ? key : undefined)),
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

  /** Answers all requests, including those made by handlers. @returns False when a handler threw: nothing is written. */
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
