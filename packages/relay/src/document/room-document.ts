/**
 * The document of one room, fed with bytes from clients and from the store.
 *
 * Nothing reaches Yjs before `checkUpdate` and `Y.parseUpdateMeta` have read it: seven crafted bytes otherwise allocate
 * 255 MB. What an apply changed is taken from Yjs's own 'update' event and handed out only when the apply returned:
 * an apply that throws may have changed the document and even fired the event, so the document must then be replaced.
 *
 * Pending structs live beside Yjs (`pending-parts.ts`), and are never part of what this class encodes: its encodings are
 * causally closed. Pending structs that members sent can be dropped, as they were not acknowledged. Those that came from
 * the store cannot: they are held until their hole is filled.
 */

import { createHash } from 'node:crypto';
import { checkStateVector, checkUpdate, limits as wire, SyncError, type UpdateSummary } from '@wetink/protocol';
import * as Y from 'yjs';
import { containsAll, isMetBy, unmetNeed, type Need } from './need.ts';
import { coverageOf, type Coverage } from './coverage.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { ArrayChange } from '../ports/array-watch.ts';
import { findRootTypesAtOnce } from './root-types.ts';
import { PendingParts } from './pending-parts.ts';

/** `changes`: updates with exactly the new structs and deletions, maybe none. `need`: what the update still misses. */
interface Applied {
  kind: 'applied';
  changes: Uint8Array[];
  need: Need | null;
}

/** The document may be damaged: replace it. */
interface Broken {
  kind: 'broken';
  error: unknown;
}

export type ApplyOutcome =
  | Applied
  /** Not an update. The document is as it was. */
  | { kind: 'refused'; error: SyncError }
  | Broken;

/** Least size of a struct that names a root type: kind, kind of parent, length of the name, and content, one byte each. */
export const MIN_ROOT_BYTES = 4;
/** Size of a document's digest, by which nodes compare their documents: the first half of a SHA-256. */
export const DIGEST_BYTES = 16;

/** An update that Yjs can read, with the facts of a first look at it. */
export interface Inspected {
  readonly update: Uint8Array;
  readonly summary: UpdateSummary;
  /** Per client the clock after the update's last struct, as Yjs reads it. */
  readonly to: ReadonlyMap<number, number>;
}

/** A stored row that the document does not show: it waits for `need`, or cannot be applied at all (null). */
export interface HeldRow {
  update: Uint8Array;
  need: Need | null;
}

/** Emits only events with listeners: for each of the six others of a transaction, lib0 makes a Map and an array. */
class QuietDoc extends Y.Doc {
  override emit(...[name, args]: Parameters<Y.Doc['emit']>): void {
    if (this._observers.has(name)) super.emit(name, args);
  }
}

export class RoomDocument {
  /** A fixed guid: nobody reads it, and Yjs calls for random bytes 32 times to make one. */
  readonly #doc = new QuietDoc({ guid: '' });
  readonly #waiting = new PendingParts();
  #held: readonly HeldRow[] = [];
  #heldCoverage: Coverage | null = null;
  #changes: Uint8Array[] = [];
  #version = 0;
  #full: { version: number; bytes: Uint8Array } | null = null;
  #stateVector: { version: number; bytes: Uint8Array } | null = null;
  #digest: { version: number; bytes: Uint8Array } | null = null;
  #bytes = 0;
  /** Upper bound of the subdocuments in pending structs. */
  #waitingSubdocuments = 0;
  /** Number under which `#waiting` keeps the pending part of the last update. */
  #lastBatch = 0;
  #isForeign = false;
  #isDestroyed = false;

  constructor() {
    findRootTypesAtOnce(this.#doc);
    this.#doc.on('update', (update: Uint8Array) => {
      this.#changes.push(update);
    });
  }

  /** Rises with every change. */
  get version(): number {
    return this.#version;
  }

  /** Upper estimate of the encoded size: the last encoding plus everything applied since. */
  get estimatedBytes(): number {
    return this.#bytes;
  }

  /** True when the update brings new client ids and the document would then have more than `maxIds`. */
  hasTooManyIds({ summary }: Inspected, maxIds: number): boolean {
    const { clients } = this.#doc.store;
    if (clients.size + summary.clocks.length <= maxIds) return false;
    const added = new Set<number>();
    for (const { client } of summary.clocks) if (!clients.has(client)) added.add(client);
    return added.size > 0 && clients.size + added.size > maxIds;
  }

  /** True when the update brings new root types, or subdocuments, and there would then be more than `limits` allow. */
  hasTooManyParts({ update, summary }: Inspected, limits: Pick<RelayLimits, 'maxRootTypes' | 'maxSubdocuments'>): boolean {
    const { share, subdocs } = this.#doc;
    const known = subdocs.size + this.#waitingSubdocuments;
    const mayHaveTooManyRoots = share.size + update.length / MIN_ROOT_BYTES > limits.maxRootTypes;
    const mayHaveTooManySubdocuments = summary.subdocuments > 0 && known + summary.subdocuments > limits.maxSubdocuments;
    if (!mayHaveTooManyRoots && !mayHaveTooManySubdocuments) return false;
    const roots = new Set<string>();
    let subdocuments = 0;
    checkUpdate(update, {
      onRoot: (name) => {
        if (!share.has(name)) roots.add(name);
      },
      onSubdocument: (client, clock) => {
        if (clock >= this.clockOf(client)) subdocuments += 1;
      },
    });
    return (
      (roots.size > 0 && share.size + roots.size > limits.maxRootTypes) ||
      (subdocuments > 0 && known + subdocuments > limits.maxSubdocuments)
    );
  }

  /** The clock after the last struct of a client; 0 when it has none. */
  clockOf(client: number): number {
    return Y.getState(this.#doc.store, client);
  }

  /** Bytes that wait for predecessors, without held ones. */
  get pendingBytes(): number {
    return this.#waiting.bytes;
  }

  /** True when nothing waits for predecessors, and the store has no row that this document does not show. */
  get isWhole(): boolean {
    return this.#waiting.isEmpty && this.held().length === 0;
  }

  /** Pending parts, held ones excluded, have been retried in vain too often. */
  get isPendingInVain(): boolean {
    return this.#waiting.isExhausted;
  }

  /** Takes the stored rows that the document, loaded just now, does not show. Kept until the missing rows arrive. */
  hold(rows: readonly HeldRow[]): void {
    this.#held = rows;
    this.#waiting.hold();
    this.#heldCoverage = null;
  }

  /** True when every part of `update` that the document does not show is held, so in the store. @throws {SyncError} BAD_UPDATE */
  isHeld(update: Uint8Array): boolean {
    if (this.held().length === 0) return false;
    this.inspect(update);
    this.#heldCoverage ??= coverageOf(this.#held.flatMap(({ update: row, need }) => (need === null ? [] : [row])));
    return this.#heldCoverage.covers(update, (client) => Y.getState(this.#doc.store, client));
  }

  /** Rows that must stay in the store beside this document. */
  held(): readonly Uint8Array[] {
    this.#held = this.#held.filter(({ need }) => need === null || !this.isMet(need));
    return this.#held.map(({ update }) => update);
  }

  /**
   * Applies these in one transaction, in order, up to the first that leaves something pending. Nothing may be pending yet.
   * `need`: what the last one still misses.
   */
  applyTogether(batch: readonly Inspected[]): (Applied & { applied: number }) | Broken {
    let applied = 0;
    const outcome = this.#transact(() => {
      for (const inspected of batch) {
        applied += 1;
        const { update, to } = inspected;
        if (changesNothing(inspected)) continue;
        if (this.#read(update, () => to)) return { update, toOf: () => to };
      }
      return null;
    });
    if (outcome.kind !== 'applied') return outcome;
    const last = batch[applied - 1];
    if (last !== undefined && outcome.need !== null) this.#waitingSubdocuments += last.summary.subdocuments;
    const { kind, changes, need } = outcome;
    return { kind, changes, need, applied };
  }

  apply(update: Uint8Array): ApplyOutcome {
    let inspected: Inspected;
    try {
      inspected = this.inspect(update);
    } catch (error) {
      return refusedBy(error);
    }
    return this.applyInspected(inspected);
  }

  applyInspected(inspected: Inspected): ApplyOutcome {
    const { update, to, summary } = inspected;
    if (changesNothing(inspected)) return { kind: 'applied', changes: [], need: null };
    const outcome = this.#apply(update, () => to);
    if (!this.#waiting.hasStructs) this.#waitingSubdocuments = 0;
    else if (outcome.kind === 'applied' && outcome.need !== null) this.#waitingSubdocuments += summary.subdocuments;
    return outcome;
  }

  /** Reads only. @throws {SyncError} BAD_UPDATE */
  inspect(update: Uint8Array): Inspected {
    const summary = checkUpdate(update);
    let to: Map<number, number>;
    try {
      to = Y.parseUpdateMeta(update).to;
    } catch (cause) {
      throw new SyncError('BAD_UPDATE', 'its structs cannot be read', { cause });
    }
    for (const clock of to.values()) {
      if (!(clock <= wire.maxUpdateClock)) throw new SyncError('BAD_UPDATE', `a clock of ${clock}`);
    }
    return { update, summary, to };
  }

  /**
   * Applies a checkpoint to an empty document. It is an encoding of ours, of updates that were checked when they came. So
   * its structs are decoded once, not twice, and it is not encoded again for members that ask for everything.
   */
  applyCheckpoint(checkpoint: Uint8Array): ApplyOutcome {
    try {
      checkUpdate(checkpoint);
    } catch (error) {
      return refusedBy(error);
    }
    const outcome = this.#apply(checkpoint, () => this.inspect(checkpoint).to);
    if (outcome.kind !== 'applied' || outcome.need !== null) return outcome;
    for (const client of this.#doc.store.clients.keys()) {
      if (!(Y.getState(this.#doc.store, client) <= wire.maxUpdateClock))
        return { kind: 'broken', error: new SyncError('BAD_UPDATE', 'a clock beyond what can be sent') };
    }
    this.#bytes = checkpoint.length;
    if (this.#waiting.isEmpty) this.#full = { version: this.#version, bytes: checkpoint };
    return outcome;
  }

  /** @param toOf Per client the clock after the update's last struct; called when something is pending. */
  #apply(update: Uint8Array, toOf: () => ReadonlyMap<number, number>): ApplyOutcome {
    return this.#transact(() => (this.#read(update, toOf) ? { update, toOf } : null));
  }

  /**
   * One transaction, so one change, together with the parts that waited for it.
   * @param work Gives the update that left something pending.
   */
  #transact(work: () => { update: Uint8Array; toOf: () => ReadonlyMap<number, number> } | null): Applied | Broken {
    this.#changes = [];
    this.#lastBatch = 0;
    let need: Need | null;
    try {
      const pending = this.#doc.transact(work, this);
      need = pending === null ? null : unmetNeed(this.#doc.store, pending.update, pending.toOf());
    } catch (error) {
      return { kind: 'broken', error };
    }
    const changes = this.#changes;
    this.#changes = [];
    for (const change of changes) {
      this.#version += 1;
      this.#bytes += change.length;
    }
    return { kind: 'applied', changes, need };
  }

  /** @returns True when something of it is pending. */
  #read(update: Uint8Array, toOf: () => ReadonlyMap<number, number>): boolean {
    Y.applyUpdate(this.#doc, update, this);
    this.#lastBatch = this.#waiting.take(this.#doc.store);
    if (!this.#waiting.isEmpty) this.#waiting.retry(this.#doc, toOf().keys());
    return this.#lastBatch !== 0;
  }

  /**
   * Like `apply`, for an update that did not come from a member: its pending part is forgotten again, so that it counts
   * towards no member's bounds.
   */
  applyForeign(update: Uint8Array): ApplyOutcome {
    this.#isForeign = true;
    const outcome = this.apply(update);
    this.#isForeign = false;
    if (outcome.kind === 'applied' && outcome.need !== null) this.#waiting.forget(this.#lastBatch);
    return outcome;
  }

  /** @param onChange Called within the transaction that changed the root array or map of this name, so it must not throw. */
  watchRoots(
    array: string,
    maps: readonly string[],
    onChange: (root: string, cause: 'member' | 'node') => void,
  ): Pick<ArrayChange, 'read'> {
    const tell = (root: string): void => onChange(root, this.#isForeign ? 'node' : 'member');
    this.#doc.getArray(array).observe(() => tell(array));
    for (const map of maps) this.#doc.getMap(map).observe(() => tell(map));
    return { read: (reader) => (this.#isDestroyed ? null : reader(this.#doc)) };
  }

  /** The update without the structs of these clients up to the given clocks. */
  without({ update }: Inspected, clocks: ReadonlyMap<number, number>): Inspected {
    return this.inspect(Y.diffUpdate(update, Y.encodeStateVector(new Map(clocks))));
  }

  /** A need and clocks together, without those that the document has reached; null when it has reached all. */
  needOf(need: Need | null, clocks: ReadonlyMap<number, number> | null): Need | null {
    if (clocks === null) return need;
    const unmet = new Map([...clocks].filter(([client, clock]) => this.clockOf(client) < clock));
    for (const [client, clock] of need ?? []) unmet.set(client, Math.max(clock, unmet.get(client) ?? 0));
    return unmet.size > 0 ? unmet : null;
  }

  /** Equal for documents of equal content: a hash of the state vector and of everything deleted. */
  digest(): Uint8Array {
    if (this.#digest?.version !== this.#version) {
      const hash = createHash('sha256')
        .update(Y.encodeSnapshot(Y.snapshot(this.#doc)))
        .digest();
      this.#digest = { version: this.#version, bytes: new Uint8Array(hash.subarray(0, DIGEST_BYTES)) };
    }
    return this.#digest.bytes;
  }

  get rootTypes(): number {
    return this.#doc.share.size;
  }

  /** Number of client ids that ever wrote. */
  get clientIds(): number {
    return this.#doc.store.clients.size;
  }

  isMet(need: Need): boolean {
    return isMetBy(this.#doc.store, need);
  }

  /** True when the update would change nothing. Reads only. */
  contains({ update, to }: Inspected): boolean {
    return containsAll(this.#doc.store, update, to);
  }

  /** Encoded once per version. */
  stateVector(): Uint8Array {
    if (this.#stateVector?.version !== this.#version) {
      this.#stateVector = { version: this.#version, bytes: Y.encodeStateVector(this.#doc) };
    }
    return this.#stateVector.bytes;
  }

  /** Everything, encoded once per version. */
  full(): Uint8Array {
    if (this.#full?.version !== this.#version) {
      this.#full = { version: this.#version, bytes: Y.encodeStateAsUpdate(this.#doc) };
      this.#bytes = this.#full.bytes.length;
    }
    return this.#full.bytes;
  }

  /** The difference for a client at `stateVector`. @throws {SyncError} BAD_UPDATE when it cannot be read. */
  diff(stateVector: Uint8Array): Uint8Array {
    checkStateVector(stateVector);
    return Y.encodeStateAsUpdate(this.#doc, stateVector);
  }

  /** For `diffSince`, when nothing is known about the reader: every client from clock 0. */
  clocksFromZero(): Map<number, number> {
    return new Map([...this.#doc.store.clients.keys()].map((client) => [client, 0]));
  }

  /** The difference for a reader that has everything except structs from the given clocks on, and maybe deletions. */
  diffSince(missedFrom: ReadonlyMap<number, number>): Uint8Array {
    const clocks = Y.decodeStateVector(this.stateVector());
    for (const [client, clock] of missedFrom) clocks.set(client, Math.min(clock, clocks.get(client) ?? clock));
    return Y.encodeStateAsUpdate(this.#doc, Y.encodeStateVector(clocks));
  }

  /** Drops pending parts, except held ones. */
  dropPending(): void {
    const isHolding = this.#held.some(({ need }) => need !== null && !this.isMet(need));
    this.#waiting.drop(isHolding ? 'sent' : 'all');
  }

  destroy(): void {
    this.#isDestroyed = true;
    this.#doc.destroy();
  }
}

/** The answer of a client that has nothing new, on a board where nothing was ever deleted. */
export function changesNothing({ summary }: Inspected): boolean {
  return summary.structs === 0 && summary.deleteRanges === 0;
}

function refusedBy(error: unknown): ApplyOutcome {
  return { kind: 'refused', error: error instanceof SyncError ? error : new SyncError('BAD_UPDATE', 'unreadable', { cause: error }) };
}

/** Per client, the first clock in `updates`: from there on a reader that was not sent them lacks structs. */
export function firstClocks(updates: readonly Uint8Array[]): Map<number, number> {
  const first = new Map<number, number>();
  for (const update of updates) {
    for (const [client, clock] of Y.parseUpdateMeta(update).from) first.set(client, Math.min(clock, first.get(client) ?? clock));
  }
  return first;
}
