/**
 * One Y.Doc and the border around it: what this tab changed goes out in batches, what others changed comes in
 * checked. Nothing that arrives can throw into the application, and nothing goes in that claims to be ours.
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
  /** What an observer of the application threw. */
  report(error: unknown): void;
}

export class Replica {
  readonly doc: Y.Doc;
  readonly #options: ReplicaOptions;
  readonly #origins = { relay: new RemoteOrigin('relay'), tabs: new RemoteOrigin('tabs'), device: new RemoteOrigin('device') };
  #pending: Uint8Array[] = [];
  #isReleased = false;
  /** The end of the task. */
  readonly #alarm: Alarm;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.doc = options.doc;
    this.#alarm = new Alarm(options.clock, () => this.flush());
    this.doc.on('update', this.#onUpdate);
  }

  /** Nothing waits for the end of the task. */
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

  /** At once, however large it is. */
  apply(update: Uint8Array, source: Source): Verdict {
    const clocks = clocksOf(update);
    if (clocks === null) return 'malformed';
    if (this.isForged(clocks)) return 'forged';
    this.#applyAll([update], source);
    return 'applied';
  }

  /** At once when it is small; a large one in slices, each a transaction, with turns for the page between them. */
  take(update: Uint8Array, source: Source): Verdict | Promise<Verdict> {
    return update.byteLength > SLICE_BYTES
      ? this.#applyInSlices(update, source, new Pace(this.#options.clock))
      : this.apply(update, source);
  }

  /**
   * What this device has kept, ours even under our own client id: as `take`, many small rows being one slice.
   *
   * @returns Those that can't be read, by index.
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

  /** @param clocks Of a peer: does it claim more under our client id than we ever made? */
  isForged(clocks: ReadonlyMap<number, number>): boolean {
    return (clocks.get(this.doc.clientID) ?? 0) > Y.getState(this.doc.store, this.doc.clientID);
  }

  /** All that is in the document, or null when nothing is. */
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
      this.#applyAll([slice], source);
      // Something is missing here. Yjs would read all that waits for it again with each slice: it gets the rest at once.
      if (store.pendingDs !== null || store.pendingStructs?.update !== before) {
        this.#applyAll([update], source);
        break;
      }
      if (pace.isOver) await pace.rest();
    }
    return 'applied';
  }

  /** In one transaction: observers see one change. */
  #applyAll(updates: readonly Uint8Array[], source: Source): void {
    if (this.#isReleased || updates.length === 0) return;
    const origin = this.#origins[source];
    const applyEach = (): void => this.doc.transact(() => updates.forEach((update) => Y.applyUpdate(this.doc, update)), origin);
    try {
      if (source === 'device') this.#unheard(applyEach, origin);
      else applyEach();
    } catch (error) {
      // The bytes were readable, so this is an observer of the application: Yjs has integrated before it calls them.
      this.#options.report(error);
    }
  }

  /**
   * Yjs encodes what a transaction brought for whoever listens to updates, which takes as long as applying it. Nobody is
   * told what came from the device, so we don't listen then, but do to what observers of the application write meanwhile.
   */
  #unheard(transact: () => void, origin: RemoteOrigin): void {
    const { doc } = this;
    const listen = (): void => void doc.on('update', this.#onUpdate);
    const onNext = (transaction: Y.Transaction): void => {
      if (transaction.origin !== origin) listen();
    };
    doc.off('update', this.#onUpdate);
    doc.on('beforeObserverCalls', onNext);
    try {
      transact();
    } finally {
      doc.off('beforeObserverCalls', onNext);
      listen();
    }
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
