/**
 * One Y.Doc and the border around it: changes of this tab go out in batches, changes of others come in checked.
 * Nothing that arrives can throw into the application, and nothing that claims to be ours is applied.
 */
import * as Y from 'yjs';
import { Alarm } from './alarm.ts';
import { clocksOf } from './check-update.ts';
import type { Environment } from './environment.ts';
import { Pace } from './pace.ts';
import { cutUpdate, SLICE_BYTES } from './update-slices.ts';
import { UpdateWalk } from './update-walk.ts';

export type Source = 'relay' | 'tabs' | 'device';
/** `forged`: it holds changes under our own client id that we never made. */
export type Verdict = 'applied' | 'malformed' | 'forged';

/** Transaction origin of everything this package applies, so that an application can tell it from its own. */
export class RemoteOrigin {
  readonly source: Source;
  constructor(source: Source) {
    this.source = source;
  }
}

export interface ReplicaOptions {
  doc: Y.Doc;
  clock: Pick<Environment, 'elapsed' | 'schedule' | 'nextTask'>;
  /** At once, for each local change. */
  onChange(): void;
  /** All local changes of one task, merged. */
  onBatch(update: Uint8Array): void;
  /** A change of others that this document did not have before. */
  onArrival(update: Uint8Array, source: Source): void;
  /** Receives errors that observers of the application throw. */
  report(error: unknown): void;
}

export class Replica {
  readonly doc: Y.Doc;
  readonly #options: ReplicaOptions;
  readonly #origins = { relay: new RemoteOrigin('relay'), tabs: new RemoteOrigin('tabs'), device: new RemoteOrigin('device') };
  #pending: Uint8Array[] = [];
  #isReleased = false;
  /** Rings at the end of the task. */
  readonly #alarm: Alarm;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.doc = options.doc;
    this.#alarm = new Alarm(options.clock, () => this.flush());
    this.doc.on('update', this.#onUpdate);
  }

  /** No change waits for the end of the task. */
  get isFlushed(): boolean {
    return this.#pending.length === 0;
  }

  /** Sends the batch now instead of at the end of the task: the page is about to freeze. */
  flush(): void {
    this.#alarm.stop();
    const pending = this.#pending;
    this.#pending = [];
    const [only] = pending;
    if (only !== undefined) this.#options.onBatch(pending.length === 1 ? only : Y.mergeUpdates(pending));
  }

  /** Applies an update at once, however large it is. */
  apply(update: Uint8Array, source: Source): Verdict {
    const clocks = clocksOf(update);
    if (clocks === null) return 'malformed';
    if (this.isForged(clocks)) return 'forged';
    this.#applyAll([update], source);
    return 'applied';
  }

  /** Applies a small update at once, a large one in slices, each a transaction, with turns for the page between them. */
  take(update: Uint8Array, source: Source): Verdict | Promise<Verdict> {
    return update.byteLength > SLICE_BYTES
      ? this.#applyInSlices(update, source, new Pace(this.#options.clock))
      : this.apply(update, source);
  }

  /**
   * Applies rows kept on this device, also changes under our own client id. As `take`, with many small rows in a slice.
   *
   * @returns Indexes of rows that can't be read.
   */
  async restore(rows: readonly Uint8Array[]): Promise<number[]> {
    const pace = new Pace(this.#options.clock);
    const broken: number[] = [];
    let slice: Uint8Array[] = [];
    let bytes = 0;
    for (const [index, row] of rows.entries()) {
      if (row.byteLength > SLICE_BYTES) {
        if ((await this.#applyInSlices(row, 'device', pace)) === 'malformed') broken.push(index);
      } else if (clocksOf(row) === null) {
        broken.push(index);
      } else {
        slice.push(row);
        bytes += row.byteLength;
      }
      if (bytes < SLICE_BYTES) continue;
      this.#applyAll(slice, 'device');
      slice = [];
      bytes = 0;
      if (pace.isOver) await pace.rest();
    }
    this.#applyAll(slice, 'device');
    return broken;
  }

  /** Whether somebody else claims more under our client id than we ever made. @param clocks The other side's. */
  isForged(clocks: ReadonlyMap<number, number>): boolean {
    return (clocks.get(this.doc.clientID) ?? 0) > Y.getState(this.doc.store, this.doc.clientID);
  }

  /** The whole document, or null when it is empty. */
  content(): Uint8Array | null {
    return this.doc.store.clients.size === 0 ? null : Y.encodeStateAsUpdate(this.doc);
  }

  /** The document lives on as the application's; this room no longer listens. */
  release(): void {
    this.flush();
    this.#isReleased = true;
    this.doc.off('update', this.#onUpdate);
  }

  async #applyInSlices(update: Uint8Array, source: Source, pace: Pace): Promise<Verdict> {
    const walk = new UpdateWalk(update);
    try {
      while (walk.step()) if (pace.isOver) await pace.rest();
    } catch {
      return 'malformed';
    }
    if (source !== 'device' && this.isForged(walk.clocks)) return 'forged';
    const { store } = this.doc;
    const before = store.pendingStructs?.update;
    for (const slice of cutUpdate(walk) ?? [update]) {
      this.#applyAll([slice], source, slice);
      // Something is missing. Yjs would read all pending structs again with each slice, so it gets the rest at once.
      if (store.pendingDs !== null || store.pendingStructs?.update !== before) {
        this.#applyAll([update], source);
        break;
      }
      if (pace.isOver) await pace.rest();
    }
    return 'applied';
  }

  /**
   * In one transaction: observers see one change.
   *
   * Yjs encodes each transaction for listeners of `update`, which takes as long as applying it. Rows of the device are
   * passed to nobody, and slices as they are, so we don't listen then, except to what observers of the application write
   * meanwhile.
   *
   * @param slice The only update: it says all that is new by it.
   */
  #applyAll(updates: readonly Uint8Array[], source: Source, slice?: Uint8Array): void {
    if (this.#isReleased || updates.length === 0) return;
    const { doc } = this;
    const origin = this.#origins[source];
    let isNew = false;
    const listen = (): void => void doc.on('update', this.#onUpdate);
    const onNext = ({ origin: from, deleteSet, beforeState, afterState }: Y.Transaction): void => {
      if (from !== origin) listen();
      else isNew = deleteSet.clients.size > 0 || [...afterState].some(([client, clock]) => clock !== beforeState.get(client));
    };
    if (source === 'device' || slice !== undefined) doc.off('update', this.#onUpdate);
    doc.on('beforeObserverCalls', onNext);
    try {
      doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)), origin);
    } catch (error) {
      // The bytes were readable, so an observer of the application threw: Yjs integrates before it calls observers.
      this.#options.report(error);
    }
    doc.off('beforeObserverCalls', onNext);
    listen();
    if (source !== 'device' && slice !== undefined && isNew) this.#options.onArrival(slice, source);
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin instanceof RemoteOrigin) return this.#options.onArrival(update, origin.source);
    this.#pending.push(update);
    this.#options.onChange();
    this.#alarm.within(0);
  };
}

/**
 * A client id that is already in the document was used by an earlier life or another tab. Two documents writing under
 * one id diverge silently with equal state vectors, so it is replaced before the first change.
 */
export function ensureFreshClientId(doc: Y.Doc, random: () => number): void {
  while (Y.getState(doc.store, doc.clientID) > 0) doc.clientID = Math.floor(random() * 0xffff_ffff) + 1;
}
