/**
 * One Y.Doc and the border around it: what this tab changed goes out in batches, what others changed comes in
 * checked. Nothing that arrives can throw into the application, and nothing goes in that claims to be ours.
 */
import * as Y from 'yjs';
import { Alarm } from './alarm.ts';
import { clocksOf } from './check-update.ts';
import type { Environment } from './environment.ts';

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
  clock: Pick<Environment, 'elapsed' | 'schedule'>;
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

  apply(update: Uint8Array, source: Source): Verdict {
    const clocks = clocksOf(update);
    if (clocks === null) return 'malformed';
    if (this.isForged(clocks)) return 'forged';
    this.#applyAll([update], source);
    return 'applied';
  }

  /** What this device has kept: checked when it was read, and ours even under our own client id. */
  restore(rows: readonly Uint8Array[]): void {
    this.#applyAll(rows, 'device');
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
    this.doc.off('update', this.#onUpdate);
  }

  /** In one transaction: observers see one change, however many rows a document has. */
  #applyAll(updates: readonly Uint8Array[], source: Source): void {
    try {
      this.doc.transact(() => updates.forEach((update) => Y.applyUpdate(this.doc, update)), this.#origins[source]);
    } catch (error) {
      // The bytes were readable, so this is an observer of the application: Yjs has integrated before it calls them.
      this.#options.report(error);
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
