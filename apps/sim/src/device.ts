/**
 * The storage of one browser, in memory: as much of IndexedDB as the client uses, on the virtual clock.
 *
 * A transaction runs whole at one moment and takes effect then; its success is told a moment later. A page that dies
 * between the two has its rows. One that dies before has none of that transaction, unless it was committed: the browser
 * finishes that one, if it does not die with the page.
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
  /** A fault built in on purpose: it says that a transaction is done before it is. */
  isLying = false;
  /** Counts transactions that changed something. */
  commits = 0;

  /** Counts deaths of the browser: what it had not run by then never runs. */
  lives = 0;
  readonly #open = new Set<Database>();
  #busyUntilMs = 0;

  /** Updates of a database: rows of the store `updates` in their order, and entries of the journal. */
  rows(name: string): Uint8Array[] {
    const tables = this.databases.get(name);
    const rows = [...(tables?.get('updates')?.rows.values() ?? [])] as Uint8Array[];
    const entries = [...(tables?.get('custom')?.rows ?? [])].filter(([key]) => String(key).startsWith('wetink.new/'));
    return [...rows, ...entries.map(([, entry]) => (entry as { update: Uint8Array }).update)];
  }

  /** Transactions over the same stores run in the order in which they began. @returns When one that would take `ms` has its turn. */
  turnInMs(nowMs: number, ms: number): number {
    this.#busyUntilMs = Math.max(this.#busyUntilMs, nowMs + ms);
    return this.#busyUntilMs - nowMs;
  }

  /** The person clears the data of the site: open connections end. */
  clear(): void {
    this.databases.clear();
    for (const database of this.#open) database.end();
    this.#open.clear();
  }

  /** A script of the page takes all rows away and leaves the database where it is. */
  empty(): void {
    for (const tables of this.databases.values()) for (const name of tables.keys()) tables.set(name, { rows: new Map(), nextKey: 1 });
  }

  /** What a page of this browser sees as `indexedDB`. Dies with the page. @param fault What writes of this page end with. */
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
    this.#isOpen = false; // Transactions under way are finished, as in a browser.
  }

  /** The browser closes it. */
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
  /** Copies of what is written, put in place together. */
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
