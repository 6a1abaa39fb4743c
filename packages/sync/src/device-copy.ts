/**
 * The copy of one document on this device. Promises:
 *  - it never throws into an edit and always settles: `persistent`, or `memory-only` with a reason;
 *  - edits of this tab are handed to the browser at once, in a way that it finishes when the page goes (journal.ts);
 *  - edits and the mark "not saved yet" that belongs to them are one transaction, so they are on the device together or
 *    not at all;
 *  - what could not be written is kept in memory and tried again;
 *  - a row that can't be read is set aside, not fatal; rows of other tabs are never lost to a compaction.
 */
import { Alarm } from './alarm.ts';
import type { DeviceCopyOptions, DeviceState } from './device-copy-options.ts';
import { DeviceConnection } from './device-connection.ts';
import {
  claimCopy,
  emptyBatch,
  FIRST_EPOCH,
  readCopy,
  readHead,
  setAside,
  writeBatch,
  type Batch,
  type Epoch,
  type KeptRecord,
  type KeptToWrite,
} from './device-layout.ts';
import { DeviceRows } from './device-rows.ts';
import { mintId, type Environment } from './environment.ts';
import {
  BATCH_MS,
  ERASED_DELAY_MS,
  FAILURES_BEFORE_GIVING_UP,
  FOLD_MS,
  LOOK_MS,
  MARK_MS,
  MAX_UNDER_WAY,
  OPEN_DEADLINE_MS,
  RETRY_CAP_MS,
  RETRY_MS,
} from './device-timing.ts';
import { joinedIfSmall, putEntries } from './journal.ts';
import { KeptOnDevice } from './kept-on-device.ts';
import { raise, type Counters, type CounterList } from './ledger.ts';
import type { CopyFact, StorageFact } from './status.ts';
import { WritesUnderWay } from './writes-under-way.ts';

export class DeviceCopy {
  readonly #options: DeviceCopyOptions;
  readonly #environment: Environment;
  readonly #alarm: Alarm;
  readonly #look: Alarm;
  readonly #connection: DeviceConnection;
  readonly #rows: DeviceRows;
  readonly #kept: KeptOnDevice;
  #state: DeviceState = { kind: 'opening' };
  /** Not handed to the browser yet. */
  #batch = emptyBatch(FIRST_EPOCH);
  readonly #underWay = new WritesUnderWay();
  #isMarkStale = false;
  #hasLoaded = false;
  /** The rows of the device are in the document and counted. */
  #hasRead = false;
  #isReading = false;
  /** Changes that were shown as kept may be gone. */
  #isInDoubt = false;
  #mustWriteAll = false;
  #copyId: string | null = null;
  /** Epoch of the rows on the device, as far as we know; -1 before it was read. */
  #epochThere = -1;
  /** Entries of this tab in the journal. */
  #entries: string[] = [];
  #entriesMade = 0;
  #writing: Promise<void> | null = null;
  #failures = 0;
  #hasAskedToPersist = false;
  #isClosed = false;

  constructor(options: DeviceCopyOptions) {
    this.#options = options;
    this.#environment = options.environment;
    this.#alarm = new Alarm(this.#environment, () => void (this.#hasLoaded ? this.flush() : this.#read()));
    this.#look = new Alarm(this.#environment, () => void this.#lookAfter());
    this.#connection = new DeviceConnection({
      name: options.name,
      indexedDB: this.#environment.indexedDB,
      // It may stay erased while no change waits.
      onDeleted: () => void (options.ledger.waiting() > 0 && this.doubt(ERASED_DELAY_MS)),
      onEnded: () => this.doubt(),
    });
    this.#kept = new KeptOnDevice(this.#connection);
    this.#rows = new DeviceRows({ ...options, open: () => this.#connection.open() });
  }

  get state(): DeviceState {
    return this.#state;
  }

  /**
   * Where the waiting changes of all tabs are: `kept` when completed transactions hold all of them and nothing suggests
   * that these are gone. Without waiting changes, where the next will be.
   */
  copyOf(waiting: number): CopyFact {
    const isWritten = waiting > 0 ? this.#options.ledger.isKept() : this.#state.kind !== 'memory-only' && this.isWritten;
    if (isWritten && !this.#isInDoubt) return 'kept';
    return this.#state.kind === 'memory-only' ? 'none' : 'writing';
  }

  get copyId(): string | null {
    return this.#copyId;
  }

  get storage(): StorageFact {
    return this.#state.kind === 'memory-only' ? this.#state.reason : 'working';
  }

  /** Rows of earlier visits may still be unread. Always false without storage. */
  get hasUnread(): boolean {
    return !this.#hasRead && this.#environment.indexedDB !== undefined;
  }

  /** Everything handed over is in a completed transaction. */
  get isWritten(): boolean {
    const { rows, keep } = this.#batch;
    return rows.length === 0 && keep.length === 0 && this.#underWay.count === 0 && this.#writing === null;
  }

  /** Reads the whole copy. Always settles, within `OPEN_DEADLINE_MS` when the browser does not answer. */
  load(): Promise<void> {
    return new Promise((settle) => {
      const cancel = this.#environment.schedule(() => {
        this.#become({ kind: 'memory-only', reason: 'blocked' }); // Or the disk is slow: rows that come later are still taken.
        settle();
      }, OPEN_DEADLINE_MS);
      void this.#read(cancel).then(() => {
        cancel();
        settle();
      });
    });
  }

  /** An update of this tab, written at once. Never throws. @param covers As `appendLater`. */
  append(update: Uint8Array, covers: Counters): void {
    this.#add(update, covers);
    if (this.#underWay.count < MAX_UNDER_WAY) this.hurry();
    if (!this.isWritten) this.#writeWithin(BATCH_MS);
  }

  /**
   * An update from elsewhere, written within `BATCH_MS`. Never throws.
   * @param covers Changes of each tab that are on the device once this update is.
   */
  appendLater(update: Uint8Array, covers: Counters): void {
    this.#add(update, covers);
    this.#writeWithin(BATCH_MS);
  }

  #add(update: Uint8Array, covers: Counters): void {
    if (!this.#hasAskedToPersist) this.#environment.persist();
    this.#hasAskedToPersist = true;
    this.#batch.rows.push(update);
    for (const [tab, number] of covers) raise(this.#batch.covers, tab, number);
    this.#isMarkStale = true;
  }

  /** Hands the batch to the browser within this task, if that needs no answer from the browser first. */
  hurry(): void {
    const { rows, keep, epoch, covers } = this.#batch;
    const database = this.#connection.current;
    const isReady =
      this.#copyId !== null && this.#failures === 0 && !this.#isClosed && !this.#isInDoubt && this.#epochThere === epoch.number;
    if (database === null || rows.length === 0 || keep.length > 0 || !isReady) return;
    const made = [...covers];
    const settled = [...this.#options.ledger.allSettled()];
    const entries = new Map(joinedIfSmall(rows).map((update) => [this.#nextKey(), { epoch: epoch.number, update, made, settled }]));
    const handed = this.#handOver();
    try {
      void putEntries(database, entries).then(
        () => {
          this.#entries.push(...entries.keys());
          this.#landed(handed);
          this.#writeWithin(FOLD_MS);
        },
        (error: unknown) => this.#failed(error, handed),
      );
    } catch (error) {
      this.#failed(error, handed);
    }
  }

  #nextKey(): string {
    return `${this.#options.tab}/${String(this.#entriesMade++).padStart(9, '0')}`;
  }

  /** A relay acknowledged changes: their mark is written soon. */
  mark(): void {
    this.#isMarkStale = true;
    this.#writeWithin(MARK_MS);
  }

  /** Later rows belong to the document in `epoch`; the next write removes rows of older documents. */
  enter(epoch: Epoch): void {
    if (epoch.number <= this.#batch.epoch.number) return;
    this.#batch.epoch = epoch;
    this.#isMarkStale = true;
    this.#writeWithin(0);
  }

  /** The document was given up: `kept` holds what was not written yet, null when no copy is needed. */
  replace(epoch: Epoch, kept: KeptToWrite | null): void {
    this.#batch.rows = [];
    if (kept !== null) this.keep(kept);
    if (kept !== null && !kept.isSpare) this.#batch.drop.push(...this.#entries);
    this.enter(epoch);
  }

  keep(kept: KeptToWrite): void {
    this.#batch.keep.push(kept);
    this.#writeWithin(0);
  }

  /** A completed transaction wrote this kept copy, or found it here. */
  hasKept(id: string): boolean {
    return this.#kept.has(id);
  }

  kept(): Promise<KeptRecord[]> {
    return this.#kept.read();
  }

  discard(id: string): Promise<void> {
    this.#batch.keep = this.#batch.keep.filter((copy) => copy.id !== id);
    return this.#kept.discard(id);
  }

  /** Resolves when everything handed over so far was written, or could not be, and none of it is left in the journal. */
  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    const isBehind = !this.isWritten || this.#isMarkStale || this.#entries.length > 0;
    if (this.#hasLoaded && !this.#isClosed && isBehind) await this.#write();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#state.kind === 'persistent') await this.flush();
    this.#isClosed = true;
    this.#alarm.stop();
    this.#look.stop();
    this.#rows.stop();
    this.#connection.close();
  }

  compact(): Promise<void> {
    return this.#rows.compact();
  }

  /** Another tab says that the copy was erased. */
  doubt(delayMs = 0): void {
    this.#isInDoubt = true;
    this.#look.within(delayMs);
    this.#options.onState();
  }

  /** Never rejects: what fails is tried again later. @param onAnswered Called when the browser has delivered the rows. */
  async #read(onAnswered = (): void => undefined): Promise<void> {
    this.#isReading = true;
    try {
      const database = await this.#connection.open();
      // With these, edits can be written while a large copy is still being read.
      const head = await readHead(database);
      this.#copyId = head.copyId ?? (await this.#claim(database));
      this.enter(head.epoch);
      this.#epochThere = head.epoch.number;
      const { rows, strange, entries, marks, epoch } = await readCopy(database);
      onAnswered();
      if (this.#isClosed) return;
      this.enter(epoch);
      this.#epochThere = epoch.number;
      const current = entries.filter(({ entry }) => entry.epoch === epoch.number);
      // Edits made while the rows are applied are written like any other.
      this.#hasLoaded = true;
      this.#become({ kind: 'persistent' });
      if (!this.isWritten) this.#writeWithin(0);
      const journal = joinedIfSmall(current.map(({ entry }) => entry.update));
      const unreadable = await this.#options.onRows([...rows.map(({ value }) => value), ...journal], epoch);
      if (this.#isClosed) return;
      const broken = rows.filter((_, index) => unreadable.includes(index));
      // Only now: a message to the relay covers all counted changes, and a known row may be replaced.
      if (this.#batch.epoch.number === epoch.number) {
        for (const { tab, made, settled } of marks) this.#note([[tab, made]], [[tab, settled]]);
        for (const { entry } of current) this.#note(entry.made, entry.settled);
        if (!this.#mustWriteAll) this.#rows.loaded(rows.filter((row) => !broken.includes(row)));
      }
      this.#hasRead = true;
      this.#options.onState();
      // Rows that can't be moved stay where they are and are passed over again at the next load.
      if (broken.length + strange.length > 0) await setAside(database, [...strange, ...broken]).catch(() => undefined);
      this.#rows.consider();
      // The tab that wrote the entries may be gone; or the copy was erased before all of the document was here to rewrite.
      if (entries.length > 0 || this.#entries.length > 0 || this.#mustWriteAll) this.mark();
    } catch {
      this.#become({ kind: 'memory-only', reason: 'blocked' });
      this.#retryLater();
    } finally {
      this.#isReading = false;
    }
  }

  /** Null when there is no room for an id: nothing else can be written then either. */
  async #claim(database: IDBDatabase): Promise<string | null> {
    return claimCopy(database, mintId(this.#environment)).catch(() => null);
  }

  /** Counts changes that were found on the device. */
  #note(made: CounterList, settled: CounterList): void {
    const { ledger } = this.#options;
    for (const [tab, number] of made) ledger.note(tab, number);
    if (!this.#mustWriteAll) ledger.keep(new Map(made));
    ledger.settle(new Map(settled));
  }

  #writeWithin(delayMs: number): void {
    if (this.#hasLoaded && !this.#isClosed) this.#alarm.within(delayMs);
  }

  #write(): Promise<void> {
    this.#writing = this.#writeBatch().finally(() => {
      this.#writing = null;
      if (this.#failures === 0 && !this.isWritten) this.#writeWithin(BATCH_MS);
      this.#options.onState();
    });
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    const { tab, ledger } = this.#options;
    let handed: Batch | undefined;
    try {
      const database = await this.#connection.open();
      handed = this.#handOver();
      const { epoch, keep, covers } = handed;
      const entries = this.#entries;
      const made = Math.max(ledger.kept(tab), covers.get(tab) ?? 0);
      const writer = { tab, made, settled: ledger.allSettled(), copyId: this.#copyId, newCopyId: mintId(this.#environment) };
      const { rows, isCleared, newer, copyId, isErased } = await writeBatch(database, handed, writer);
      for (const { id } of keep) this.#kept.note(id);
      this.#copyId = copyId;
      if (newer !== null) return this.#givenUp(handed, newer);
      this.#epochThere = epoch.number;
      this.#entries = this.#entries.filter((key) => !entries.includes(key));
      if (isErased) this.#erased();
      if (isCleared) this.#rows.forget();
      for (const row of rows) this.#rows.added(row);
      if (this.#mustWriteAll && !this.#isReading) await this.#writeAll();
      this.#isInDoubt = this.#mustWriteAll;
      this.#landed(handed);
    } catch (error) {
      this.#failed(error, handed);
    }
  }

  #handOver(): Batch {
    const batch = this.#batch;
    this.#batch = emptyBatch(batch.epoch);
    this.#isMarkStale = false;
    this.#underWay.add(batch);
    return batch;
  }

  #landed(batch: Batch): void {
    if (!this.#underWay.has(batch)) return;
    this.#failures = 0;
    this.#become({ kind: 'persistent' });
    const landed = this.#underWay.done(batch);
    // A copy that lacks erased rows does not hold "this change and all before it".
    if (!this.#mustWriteAll) for (const { covers } of landed) this.#holds(covers);
    this.#options.onState();
  }

  #holds(covers: Counters): void {
    if (covers.size === 0) return;
    this.#options.ledger.keep(covers);
    this.#options.onWritten(covers);
  }

  #givenUp(batch: Batch, newer: Epoch): void {
    this.#underWay.drop(batch);
    this.#failures = 0;
    this.#become({ kind: 'persistent' });
    if (newer.kept !== null) this.#kept.note(newer.kept.id);
    this.#options.onNewer(newer);
  }

  #erased(): void {
    this.#mustWriteAll = this.#isInDoubt = true;
    this.#entries = [];
    this.#kept.erased();
    this.#rows.forget();
    this.#options.ledger.forgetKept();
    this.#options.onErased();
    this.#options.onState();
  }

  async #writeAll(): Promise<void> {
    const covers = this.#options.ledger.allMade();
    await this.#rows.writeAll();
    this.#mustWriteAll = false;
    this.#holds(covers);
  }

  /** Checks that the copy is still there. Every write does, too; this covers the time in which nothing is written. */
  async #lookAfter(): Promise<void> {
    if (!this.#hasLoaded || this.#isClosed) return;
    try {
      const { copyId } = await readHead(await this.#connection.open());
      const isOther = copyId !== this.#copyId;
      this.#copyId = copyId;
      if (isOther) this.#erased();
    } catch {
      this.#isInDoubt = true;
    }
    if (this.#isInDoubt) {
      this.#isMarkStale = true;
      await this.flush();
    }
    this.lookSoon();
  }

  /** Plans the next check: while in doubt, or while a visible page shows where waiting changes are. */
  lookSoon(): void {
    const isShown = this.#environment.page.isVisible() && this.#options.ledger.waiting() > 0;
    if ((isShown || this.#isInDoubt) && !this.#isClosed) this.#look.within(LOOK_MS);
  }

  /** @param handed Batch that the browser refused; later batches are written again with it. */
  #failed(error: unknown, handed?: Batch): void {
    if (handed !== undefined && !this.#underWay.has(handed)) return;
    this.#batch = this.#underWay.takeBack(this.#batch);
    this.#isMarkStale = true;
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
    this.#failures++;
    this.#connection.forget();
    if (isFull || this.#failures >= FAILURES_BEFORE_GIVING_UP) {
      this.#become({ kind: 'memory-only', reason: isFull ? 'full' : 'failing' });
    }
    const { rows } = this.#batch;
    this.#batch.rows = joinedIfSmall(rows);
    this.#retryLater();
    this.#options.onState();
  }

  #retryLater(): void {
    if (this.#isClosed) return;
    if (!this.#hasLoaded) this.#failures++;
    const isFirst = this.#failures === 1 && this.#state.kind === 'persistent';
    this.#alarm.within(isFirst ? 0 : Math.min(RETRY_CAP_MS, RETRY_MS * 2 ** Math.min(this.#failures, 8)));
  }

  #become(state: DeviceState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#options.onState();
  }
}
