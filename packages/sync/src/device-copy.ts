/**
 * The copy of one document on this device. Promises:
 *  - it never throws into an edit and always settles: `persistent`, or `memory-only` with a reason;
 *  - a batch of rows and the mark "not saved yet" that belongs to it are one transaction, so they are on the device
 *    together or not at all;
 *  - what could not be written is kept in memory and tried again;
 *  - a row that can't be read is set aside, not fatal; rows of other tabs are never lost to a compaction.
 *
 * Keys in `custom`, all beginning `wetink.`: `unsaved/<tab>`, `kept/<id>`, `broken/<row key>`.
 */
import type { ErrorName } from '@wetink/protocol';
import * as Y from 'yjs';
import { clocksOf } from './check-update.ts';
import { CUSTOM, finished, openDatabase, OpenTimeout, readAll, UPDATES, type Row } from './database.ts';
import type { Environment } from './environment.ts';
import type { Counters } from './ledger.ts';

/** Longest time that an edit is only in memory. y-indexeddb writes at once, one transaction an update: 300 a stroke. */
export const BATCH_MS = 100;
/** Acknowledgements alone are worth a transaction a second, not ten: late means "not saved" is shown once too often. */
export const MARK_MS = 1_000;
/** A database that does not open in this time is taken for blocked; it may still come. */
export const OPEN_DEADLINE_MS = 4_000;
const RETRY_MS = 5_000;
const RETRY_CAP_MS = 60_000;
/** Rows are rewritten as one when they hold twice the document, or are so many that reading them is what takes long. */
const COMPACT_FACTOR = 2;
const COMPACT_MIN_BYTES = 256 * 1024;
const COMPACT_ROWS = 500;
/** After the first paint and a burst of writes. */
const COMPACT_DELAY_MS = 5_000;
/** Writing this often in a row failed: say memory-only. Once may be a connection that the browser closed. */
const FAILURES_BEFORE_GIVING_UP = 2;

const UNSAVED = 'wetink.unsaved/';
const KEPT = 'wetink.kept/';
const BROKEN = 'wetink.broken/';

export type DeviceState = { kind: 'opening' } | { kind: 'persistent' } | { kind: 'memory-only'; reason: 'blocked' | 'full' | 'failing' };

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

export interface DeviceCopyOptions {
  name: string;
  environment: Environment;
  /** This tab: its unsaved mark is written with every batch. */
  tab: string;
  made(): number;
  settled(): Counters;
  /** The whole document, for a database that was deleted under us. */
  snapshot(): Uint8Array;
  /** A row from the device, possibly late. */
  onRows(updates: readonly Uint8Array[]): void;
  /** Another life or tab has changes up to `made` on this device; up to `settled` are acknowledged. */
  onUnsaved(tab: string, made: number, settled: number): void;
  onState(): void;
}

export class DeviceCopy {
  readonly #options: DeviceCopyOptions;
  readonly #environment: Environment;
  #state: DeviceState = { kind: 'opening' };
  #database: IDBDatabase | null = null;
  #opening: Promise<IDBDatabase> | null = null;
  /** Not in a completed transaction yet. */
  #rows: Uint8Array[] = [];
  #keep: KeptRecord[] = [];
  #isMarkStale = false;
  #mustClear = false;
  #hasLoaded = false;
  #mayBeEmpty = false;
  #writing: Promise<void> | null = null;
  #cancelTimer: (() => void) | null = null;
  #cancelCompaction: (() => void) | null = null;
  #timerAt = Infinity;
  #failures = 0;
  #bytesOnDevice = 0;
  #rowsOnDevice = 0;
  #snapshotBytes = 0;
  #isClosed = false;

  constructor(options: DeviceCopyOptions) {
    this.#options = options;
    this.#environment = options.environment;
  }

  get state(): DeviceState {
    return this.#state;
  }

  /** Everything handed over is in a completed transaction. */
  get isWritten(): boolean {
    return this.#rows.length === 0 && this.#keep.length === 0 && !this.#mustClear && this.#writing === null;
  }

  /** Reads the copy. Always settles, within `OPEN_DEADLINE_MS` when the browser does not answer. */
  async load(): Promise<void> {
    let cancel = (): void => undefined;
    const deadline = new Promise<never>((_, reject) => {
      cancel = this.#environment.schedule(() => reject(new OpenTimeout('the database did not open')), OPEN_DEADLINE_MS);
    });
    const reading = this.#read();
    try {
      await Promise.race([reading, deadline]);
    } catch {
      this.#become({ kind: 'memory-only', reason: 'blocked' });
      // A slow disk: the rows are welcome later, too. A second failure is what memory-only already says.
      reading.catch(() => this.#retryLater());
    } finally {
      cancel();
    }
  }

  /** Never throws. Written within `BATCH_MS`. */
  append(update: Uint8Array): void {
    this.#rows.push(update);
    this.#isMarkStale = true;
    this.#writeWithin(BATCH_MS);
  }

  /** Something was acknowledged. */
  mark(): void {
    this.#isMarkStale = true;
    this.#writeWithin(MARK_MS);
  }

  /**
   * Sets the document aside and empties the copy, in one transaction, for a new document to begin.
   * @param mustClear False when another tab clears it: what that tab writes next must not go, too.
   */
  replace(kept: KeptRecord | null, { mustClear }: { mustClear: boolean }): void {
    if (kept !== null) this.#keep.push(kept);
    this.#rows = [];
    this.#mustClear ||= mustClear;
    this.#isMarkStale = true;
    this.#writeWithin(0);
  }

  async kept(): Promise<KeptRecord[]> {
    const inMemory = [...this.#keep];
    if (this.#database === null) return inMemory;
    const rows = await this.#readCustom(this.#database, KEPT);
    const stored = rows.map((row) => row.value as KeptRecord);
    return [...stored, ...inMemory.filter((copy) => !stored.some((other) => other.id === copy.id))];
  }

  async discard(id: string): Promise<void> {
    this.#keep = this.#keep.filter((copy) => copy.id !== id);
    if (this.#database === null) return;
    const transaction = this.#database.transaction(CUSTOM, 'readwrite');
    transaction.objectStore(CUSTOM).delete(KEPT + id);
    await finished(transaction);
  }

  /** Resolves when what was handed over so far was written, or could not be. */
  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    if (!this.isWritten || this.#isMarkStale) await this.#write();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#state.kind === 'persistent') await this.flush();
    this.#isClosed = true;
    this.#cancelTimer?.();
    this.#cancelCompaction?.();
    this.#forget(this.#database);
  }

  async #open(): Promise<IDBDatabase> {
    if (this.#database !== null) return this.#database;
    const factory = this.#environment.indexedDB;
    if (factory === undefined) throw new DOMException('no IndexedDB', 'NotSupportedError');
    this.#opening ??= openDatabase(factory, this.#options.name).finally(() => (this.#opening = null));
    const database = await this.#opening;
    if (this.#isClosed) {
      database.close();
      throw new DOMException('closed', 'AbortError');
    }
    this.#database = database;
    database.onversionchange = () => this.#forget(database); // Another tab erases or upgrades it: don't stand in the way.
    database.onclose = () => this.#forget(database);
    return database;
  }

  #forget(database: IDBDatabase | null): void {
    database?.close();
    if (this.#database !== database) return;
    this.#database = null;
    this.#mayBeEmpty = true;
  }

  async #read(): Promise<void> {
    const database = await this.#open();
    let rows: Row[] = [];
    let custom: Row[] = [];
    const transaction = database.transaction([UPDATES, CUSTOM], 'readonly');
    readAll(transaction.objectStore(UPDATES), (all) => (rows = all));
    readAll(transaction.objectStore(CUSTOM), (all) => (custom = all));
    await finished(transaction);
    if (this.#isClosed) return;
    const { readable, broken } = sort(rows);
    for (const { key, value } of custom) {
      if (typeof key !== 'string' || !key.startsWith(UNSAVED)) continue;
      const { made, settled } = value as { made: number; settled: number };
      this.#options.onUnsaved(key.slice(UNSAVED.length), made, settled);
    }
    this.#options.onRows(readable);
    this.#hasLoaded = true;
    this.#rowsOnDevice = readable.length;
    this.#bytesOnDevice = readable.reduce((sum, row) => sum + row.byteLength, 0);
    this.#become({ kind: 'persistent' });
    if (broken.length > 0) await this.#setAside(database, broken);
    this.#considerCompaction();
    if (!this.isWritten) this.#writeWithin(0);
  }

  async #setAside(database: IDBDatabase, broken: readonly Row[]): Promise<void> {
    try {
      const transaction = database.transaction([UPDATES, CUSTOM], 'readwrite');
      for (const { key, value } of broken) {
        transaction.objectStore(CUSTOM).put(value, `${BROKEN}${String(key)}`);
        transaction.objectStore(UPDATES).delete(key);
      }
      await finished(transaction);
    } catch {
      // They stay where they are and are passed over again at the next load.
    }
  }

  #writeWithin(delayMs: number): void {
    if (this.#isClosed) return;
    const at = this.#environment.now() + delayMs;
    if (at >= this.#timerAt) return;
    this.#cancelTimer?.();
    this.#timerAt = at;
    this.#cancelTimer = this.#environment.schedule(() => {
      this.#timerAt = Infinity;
      void this.flush();
    }, delayMs);
  }

  #write(): Promise<void> {
    if (this.#isClosed || !this.#hasLoaded) {
      if (this.#state.kind === 'memory-only') this.#retryLater();
      return Promise.resolve();
    }
    this.#writing = this.#writeBatch()
      .then(
        () => {
          this.#failures = 0;
          this.#become({ kind: 'persistent' });
        },
        (error: unknown) => this.#failed(error),
      )
      .finally(() => {
        this.#writing = null;
        if (this.#failures === 0 && !this.isWritten) this.#writeWithin(BATCH_MS);
        this.#options.onState();
      });
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    const rows = this.#rows;
    const keep = this.#keep;
    const mustClear = this.#mustClear;
    this.#rows = [];
    this.#keep = [];
    this.#mustClear = false;
    this.#isMarkStale = false;
    try {
      const database = await this.#open();
      const transaction = database.transaction([UPDATES, CUSTOM], 'readwrite', { durability: 'relaxed' });
      const updates = transaction.objectStore(UPDATES);
      const custom = transaction.objectStore(CUSTOM);
      if (mustClear) updates.clear();
      for (const copy of keep) custom.put(copy, KEPT + copy.id);
      const row = rows.length === 0 ? null : rows.length === 1 ? (rows[0] ?? null) : Y.mergeUpdates(rows);
      if (row !== null) updates.add(row);
      this.#writeMarks(custom, mustClear);
      if (this.#mayBeEmpty) this.#restoreIfEmpty(updates, row === null ? 0 : 1);
      await finished(transaction);
      if (mustClear) this.#bytesOnDevice = this.#rowsOnDevice = 0;
      if (row === null) return;
      this.#bytesOnDevice += row.byteLength;
      this.#rowsOnDevice++;
      this.#considerCompaction();
    } catch (error) {
      if (!this.#mustClear) this.#rows = rows.concat(this.#rows);
      this.#mustClear ||= mustClear;
      this.#keep = keep.concat(this.#keep);
      this.#isMarkStale = true;
      throw error;
    }
  }

  /** This tab's mark says what is true now; another's is taken away once all of it is settled. */
  #writeMarks(custom: IDBObjectStore, isReplaced: boolean): void {
    const { tab } = this.#options;
    const made = this.#options.made();
    const allSettled = this.#options.settled();
    const settled = allSettled.get(tab) ?? 0;
    if (made > settled) custom.put({ made, settled }, UNSAVED + tab);
    else custom.delete(UNSAVED + tab);
    for (const [other, number] of allSettled) {
      if (other === tab) continue;
      const key = UNSAVED + other;
      const request = custom.get(key);
      request.onsuccess = () => {
        const mark = request.result as { made: number } | undefined;
        if (mark !== undefined && (isReplaced || mark.made <= number)) custom.delete(key);
      };
    }
  }

  /** The database was erased while we had it closed: rows on top of nothing would be a document with holes. */
  #restoreIfEmpty(updates: IDBObjectStore, ownRows: number): void {
    const count = updates.count();
    count.onsuccess = () => {
      this.#mayBeEmpty = false;
      if (count.result <= ownRows) updates.add(this.#options.snapshot());
    };
  }

  #failed(error: unknown): void {
    const name = error instanceof DOMException || error instanceof Error ? error.name : '';
    this.#failures++;
    this.#forget(this.#database);
    const isFull = name === 'QuotaExceededError';
    if (isFull || this.#failures >= FAILURES_BEFORE_GIVING_UP) {
      this.#become({ kind: 'memory-only', reason: isFull ? 'full' : 'failing' });
    }
    if (this.#rows.length > 1) this.#rows = [Y.mergeUpdates(this.#rows)];
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#failures === 1 && this.#state.kind === 'persistent') return this.#writeWithin(0);
    const delayMs = Math.min(RETRY_CAP_MS, RETRY_MS * 2 ** Math.min(this.#failures, 8));
    if (this.#hasLoaded) return this.#writeWithin(delayMs);
    if (this.#timerAt !== Infinity || this.#isClosed) return;
    this.#failures++;
    this.#timerAt = this.#environment.now() + delayMs;
    this.#cancelTimer = this.#environment.schedule(() => {
      this.#timerAt = Infinity;
      this.#read().catch(() => this.#retryLater());
    }, delayMs);
  }

  #considerCompaction(): void {
    const isDue =
      this.#rowsOnDevice > COMPACT_ROWS ||
      (this.#rowsOnDevice > 1 && this.#bytesOnDevice > COMPACT_MIN_BYTES + COMPACT_FACTOR * this.#snapshotBytes);
    if (!isDue || this.#cancelCompaction !== null) return;
    this.#cancelCompaction = this.#environment.schedule(() => {
      this.#cancelCompaction = null;
      this.compact().catch(() => undefined); // The rows are as they were; the next batch considers it again.
    }, COMPACT_DELAY_MS);
  }

  /**
   * Replaces all rows by one, in one transaction: rows of other tabs are read in it, so none is lost, and two tabs
   * doing it at once wait for each other. Applies and re-encodes, since merging alone keeps what was deleted.
   */
  async compact(): Promise<void> {
    const database = await this.#open();
    const transaction = database.transaction([UPDATES, CUSTOM], 'readwrite');
    const updates = transaction.objectStore(UPDATES);
    readAll(updates, (rows) => {
      const { readable, broken } = sort(rows);
      const doc = new Y.Doc();
      doc.transact(() => readable.forEach((row) => Y.applyUpdate(doc, row)));
      const state = Y.encodeStateAsUpdate(doc);
      doc.destroy();
      for (const { key } of rows) updates.delete(key);
      for (const { key, value } of broken) transaction.objectStore(CUSTOM).put(value, `${BROKEN}${String(key)}`);
      updates.add(state);
      this.#snapshotBytes = this.#bytesOnDevice = state.byteLength;
      this.#rowsOnDevice = 1;
    });
    await finished(transaction);
  }

  async #readCustom(database: IDBDatabase, prefix: string): Promise<Row[]> {
    let rows: Row[] = [];
    const transaction = database.transaction(CUSTOM, 'readonly');
    readAll(transaction.objectStore(CUSTOM), (all) => (rows = all));
    await finished(transaction);
    return rows.filter(({ key }) => typeof key === 'string' && key.startsWith(prefix));
  }

  #become(state: DeviceState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#options.onState();
  }
}

function sort(rows: readonly Row[]): { readable: Uint8Array[]; broken: Row[] } {
  const readable: Uint8Array[] = [];
  const broken: Row[] = [];
  for (const row of rows) {
    if (row.value instanceof Uint8Array && clocksOf(row.value) !== null) readable.push(row.value);
    else broken.push(row);
  }
  return { readable, broken };
}
