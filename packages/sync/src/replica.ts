/**
 * One Y.Doc and the border around it: what this tab changed goes out in batches, what others changed comes in
 * checked. Nothing that arrives can throw into the application, and nothing goes in that claims to be ours.
 */
import * as Y from 'yjs';
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
  schedule: Environment['schedule'];
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
  #cancelFlush: (() => void) | null = null;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.doc = options.doc;
    this.doc.on('update', this.#onUpdate);
  }

  /** Sends the batch now instead of at the end of the task: the page is about to freeze. */
  flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = null;
    const pending = this.#pending;
    this.#pending = [];
    const [only] = pending;
    if (only !== undefined) this.#options.onBatch(pending.length === 1 ? only : Y.mergeUpdates(pending));
  }

  apply(update: Uint8Array, source: Source): Verdict {
    const clocks = clocksOf(update);
    if (clocks === null) return 'malformed';
    if (source !== 'device' && this.isForged(clocks)) return 'forged';
    try {
      Y.applyUpdate(this.doc, update, this.#origins[source]);
    } catch (error) {
      // The bytes were readable, so this is an observer of the application: Yjs has integrated before it calls them.
      this.#options.report(error);
    }
    return 'applied';
  }

  /** @param clocks Of a peer: does it claim more under our client id than we ever made? */
  isForged(clocks: ReadonlyMap<number, number>): boolean {
    return (clocks.get(this.doc.clientID) ?? 0) > Y.getState(this.doc.store, this.doc.clientID);
  }

  /** For a transaction around several `apply`. */
  originOf(source: Source): RemoteOrigin {
    return this.#origins[source];
  }

  /** The document lives on as the application's; this room no longer listens. */
  release(): void {
    this.flush();
    this.doc.off('update', this.#onUpdate);
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin instanceof RemoteOrigin) return this.#options.onArrival(update, origin.source);
    this.#options.onChange();
    this.#pending.push(update);
    this.#cancelFlush ??= this.#options.schedule(() => this.flush(), 0);
  };
}

/**
 * A client id that is already in the document was used by an earlier life or another tab. Two documents writing under
 * one id diverge silently with equal state vectors, so it is replaced before the first change.
 */
export function ensureFreshClientId(doc: Y.Doc, random: () => number): void {
  while (Y.getState(doc.store, doc.clientID) > 0) doc.clientID = Math.floor(random() * 0xffff_ffff) + 1;
}
