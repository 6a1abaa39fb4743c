/**
 * The copy of one document on this device. Promises:
 *  - it never throws into an edit and always settles: `persistent`, or `memory-only` with a reason;
 *  - a batch of rows and the mark "not saved yet" that belongs to it are one transaction, so they are on the device
 *    together or not at all;
 *  - what could not be written is kept in memory and tried again;
 *  - a row that can't be read is set aside, not fatal; rows of other tabs are never lost to a compaction.
 */
import * as Y from 'yjs';
import { Alarm } from './alarm.ts';
import { openDatabase } from './database.ts';
import {
  deleteKept,
  emptyBatch,
  FIRST_EPOCH,
  joinBatches,
  readCopy,
  readKept,
  rewriteAsOne,
  setAside,
  writeBatch,
  type Epoch,
  type KeptRecord,
  type KeptToWrite,
} from './device-layout.ts';
import type { Environment } from './environment.ts';
import type { Ledger } from './ledger.ts';
import type { StorageFact } from './status.ts';

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

export type DeviceState = { kind: 'opening' } | { kind: 'persistent' } | { kind: 'memory-only'; reason: 'blocked' | 'full' | 'failing' };

export interface DeviceCopyOptions {
  name: string;
  environment: Environment;
  /** This tab: its unsaved mark is written with every batch. */
  tab: string;
  /** Marks of other tabs and earlier lives on this device go into it. */
  ledger: Ledger;
  /** The whole document, for a database that was deleted under us. */
  snapshot(): Uint8Array;
  /**
   * What is on the device, possibly late: rows of the document in `epoch`. May take its time.
   *
   * @returns Those that can't be read, by index.
   */
  onRows(updates: readonly Uint8Array[], epoch: Epoch): Promise<readonly number[]>;
  /** Another tab has given the document up, and this one did not hear of it. */
  onNewer(epoch: Epoch): void;
  onState(): void;
}

export class DeviceCopy {
  readonly #options: DeviceCopyOptions;
  readonly #environment: Environment;
  readonly #alarm: Alarm;
  readonly #compaction: Alarm;
  #state: DeviceState = { kind: 'opening' };
  #database: IDBDatabase | null = null;
  #opening: Promise<IDBDatabase> | null = null;
  /** Not in a completed transaction yet. */
  #batch = emptyBatch(FIRST_EPOCH);
  #isMarkStale = false;
  #hasLoaded = false;
  /** It was closed for a while, in which it may have been erased. */
  #mayBeEmpty = false;
  #writing: Promise<void> | null = null;
  /** Kept copies that are known to be here. */
  readonly #keptIds = new Set<string>();
  #failures = 0;
  #bytesOnDevice = 0;
  #rowsOnDevice = 0;
  /** Of the document itself, as far as we know. */
  #snapshotBytes = 0;
  #hasAskedToPersist = false;
  #isClosed = false;

  constructor(options: DeviceCopyOptions) {
    this.#options = options;
    this.#environment = options.environment;
    this.#alarm = new Alarm(this.#environment, () => void (this.#hasLoaded ? this.flush() : this.#read()));
    this.#compaction = new Alarm(this.#environment, () => {
      this.compact().catch(() => undefined); // The rows are as they were; the next batch considers it again.
    });
  }

  get state(): DeviceState {
    return this.#state;
  }

  get fact(): 'written' | 'writing' | 'memory-only' {
    if (this.#state.kind === 'memory-only') return 'memory-only';
    return this.isWritten ? 'written' : 'writing';
  }

  get storage(): StorageFact {
    return this.#state.kind === 'memory-only' ? this.#state.reason : 'working';
  }

  /** What earlier visits left on the device is not known yet. A machine without storage has none. */
  get hasUnread(): boolean {
    return !this.#hasLoaded && this.#environment.indexedDB !== undefined;
  }

  /** Everything handed over is in a completed transaction. */
  get isWritten(): boolean {
    const { rows, keep } = this.#batch;
    return rows.length === 0 && keep.length === 0 && this.#writing === null;
  }

  /** Reads the copy, to the end. Always settles, within `OPEN_DEADLINE_MS` when the browser does not answer. */
  load(): Promise<void> {
    return new Promise((settle) => {
      const cancel = this.#environment.schedule(() => {
        this.#become({ kind: 'memory-only', reason: 'blocked' }); // Or a slow disk: the rows are welcome later, too.
        settle();
      }, OPEN_DEADLINE_MS);
      void this.#read(cancel).then(() => {
        cancel();
        settle();
      });
    });
  }

  /** Never throws. Written within `BATCH_MS`. */
  append(update: Uint8Array): void {
    if (!this.#hasAskedToPersist) this.#environment.persist();
    this.#hasAskedToPersist = true;
    this.#batch.rows.push(update);
    this.#isMarkStale = true;
    this.#writeWithin(BATCH_MS);
  }

  /** Something was acknowledged. */
  mark(): void {
    this.#isMarkStale = true;
    this.#writeWithin(MARK_MS);
  }

  /** What comes from here on belongs to the document in `epoch`; rows of older ones go with the next write. */
  enter(epoch: Epoch): void {
    if (epoch.number <= this.#batch.epoch.number) return;
    this.#batch.epoch = epoch;
    this.#isMarkStale = true;
    this.#writeWithin(0);
  }

  /** The document was given up: what of it was not written yet is in `kept`, if anybody needs it. */
  replace(epoch: Epoch, kept: KeptToWrite | null): void {
    this.#batch.rows = [];
    if (kept !== null) this.#batch.keep.push(kept);
    this.enter(epoch);
  }

  /** A completed transaction wrote this kept copy, or found it here. */
  hasKept(id: string): boolean {
    return this.#keptIds.has(id);
  }

  /** Those of earlier lives and other tabs, too. */
  async kept(): Promise<KeptRecord[]> {
    const kept = this.#database === null ? [] : await readKept(this.#database);
    for (const { id } of kept) this.#keptIds.add(id);
    return kept;
  }

  async discard(id: string): Promise<void> {
    this.#batch.keep = this.#batch.keep.filter((copy) => copy.id !== id);
    this.#keptIds.delete(id);
    if (this.#database !== null) await deleteKept(this.#database, id);
  }

  /** Resolves when what was handed over so far was written, or could not be. */
  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    if (this.#hasLoaded && !this.#isClosed && (!this.isWritten || this.#isMarkStale)) await this.#write();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#state.kind === 'persistent') await this.flush();
    this.#isClosed = true;
    this.#alarm.stop();
    this.#compaction.stop();
    this.#forget(this.#database);
  }

  /** Leaves one row, of the size of the document. */
  async compact(): Promise<void> {
    this.#snapshotBytes = this.#bytesOnDevice = await rewriteAsOne(await this.#open());
    this.#rowsOnDevice = 1;
  }

  async #open(): Promise<IDBDatabase> {
    if (this.#database !== null) return this.#database;
    const factory = this.#environment.indexedDB;
    if (factory === undefined) throw new Error('no IndexedDB');
    this.#opening ??= openDatabase(factory, this.#options.name).finally(() => (this.#opening = null));
    const database = await this.#opening;
    if (this.#isClosed) {
      database.close();
      throw new Error('closed');
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

  /** Never rejects: what fails is tried again later. @param onAnswered The browser has given the rows. */
  async #read(onAnswered = (): void => undefined): Promise<void> {
    try {
      const database = await this.#open();
      const { rows, strange, marks, epoch } = await readCopy(database);
      onAnswered();
      if (this.#isClosed) return;
      this.enter(epoch);
      for (const { tab, made, settled } of marks) {
        this.#options.ledger.note(tab, made);
        this.#options.ledger.settle(new Map([[tab, settled]]));
      }
      // What is drawn while they are applied is written like everything else.
      this.#hasLoaded = true;
      this.#rowsOnDevice = rows.length;
      this.#bytesOnDevice = rows.reduce((sum, { value }) => sum + value.byteLength, 0);
      this.#become({ kind: 'persistent' });
      if (!this.isWritten) this.#writeWithin(0);
      const unreadable = await this.#options.onRows(
        rows.map(({ value }) => value),
        epoch,
      );
      if (this.#isClosed) return;
      const broken = rows.filter((_, index) => unreadable.includes(index));
      // Rows that can't be moved stay where they are and are passed over again at the next load.
      if (broken.length + strange.length > 0) await setAside(database, [...strange, ...broken]).catch(() => undefined);
      this.#considerCompaction();
    } catch {
      this.#become({ kind: 'memory-only', reason: 'blocked' });
      this.#retryLater();
    }
  }

  #writeWithin(delayMs: number): void {
    if (this.#hasLoaded && !this.#isClosed) this.#alarm.within(delayMs);
  }

  #write(): Promise<void> {
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
    const { tab, ledger, snapshot, onNewer } = this.#options;
    const batch = this.#batch;
    this.#batch = emptyBatch(batch.epoch);
    this.#isMarkStale = false;
    try {
      const database = await this.#open();
      const own = { tab, made: ledger.made(tab), settled: ledger.settled(tab) };
      const { bytes, isCleared, newer } = await writeBatch(database, batch, own, ledger.allSettled(), this.#mayBeEmpty ? snapshot : null);
      for (const { id } of batch.keep) this.#keptIds.add(id);
      if (newer?.kept) this.#keptIds.add(newer.kept.id);
      if (newer !== null) return onNewer(newer);
      this.#mayBeEmpty = false;
      if (isCleared) this.#bytesOnDevice = this.#rowsOnDevice = 0;
      if (bytes === 0) return;
      this.#bytesOnDevice += bytes;
      this.#rowsOnDevice++;
      this.#considerCompaction();
    } catch (error) {
      this.#batch = joinBatches(batch, this.#batch);
      this.#isMarkStale = true;
      throw error;
    }
  }

  #failed(error: unknown): void {
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
    this.#failures++;
    this.#forget(this.#database);
    if (isFull || this.#failures >= FAILURES_BEFORE_GIVING_UP) {
      this.#become({ kind: 'memory-only', reason: isFull ? 'full' : 'failing' });
    }
    const { rows } = this.#batch;
    if (rows.length > 1) this.#batch.rows = [Y.mergeUpdates(rows)];
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#isClosed) return;
    if (!this.#hasLoaded) this.#failures++;
    const isFirst = this.#failures === 1 && this.#state.kind === 'persistent';
    this.#alarm.within(isFirst ? 0 : Math.min(RETRY_CAP_MS, RETRY_MS * 2 ** Math.min(this.#failures, 8)));
  }

  #considerCompaction(): void {
    const isLarge = this.#bytesOnDevice > COMPACT_MIN_BYTES + COMPACT_FACTOR * this.#snapshotBytes;
    if (this.#rowsOnDevice > COMPACT_ROWS || (this.#rowsOnDevice > 1 && isLarge)) this.#compaction.within(COMPACT_DELAY_MS);
  }

  #become(state: DeviceState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#options.onState();
  }
}
