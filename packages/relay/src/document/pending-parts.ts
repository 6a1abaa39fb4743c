/**
 * What a document was sent before what it builds on, kept beside Yjs and not in it.
 *
 * Yjs keeps such parts itself (`store.pendingStructs`, `store.pendingDs`), as one: it reads all that it has of deletions
 * with each update, whoever sends it, and merges all structs with each that has to wait. With 200 kB waiting a message
 * of one letter took 19 ms that way. Here each part lies by itself, and costs nothing until a client that it waits for
 * has moved on:
 *
 *     update ──▶ Yjs ──▶ what it puts aside ──▶ a part, under each client id that it waits for
 *                 ▲                                  │
 *                 └────── that client has moved on ──┘
 *
 * A part may be tried in vain, since only the next thing that it misses is known. Each time all of it is read, so
 * somebody could have each step of another person read what they have left here: see `isExhausted`.
 */

import * as Y from 'yjs';

type Store = Y.Doc['store'];

interface Part {
  /** Of the second format, as Yjs puts it aside: structs or deletions. */
  readonly update: Uint8Array;
  readonly kind: 'structs' | 'deletions';
  /** Worth a try when any of these clients has come beyond this clock. */
  readonly needs: ReadonlyMap<number, number>;
  /** The number of the call of `take` that brought it. */
  readonly batch: number;
  /** In the first format, as it came: in the second a byte can be a hundred structs. */
  readonly bytes: number;
  isHeld: boolean;
}

/** `bytes` of the part that this is left of, if it is: not counted anew, since that reads all of it. */
type Origin = Pick<Part, 'batch' | 'isHeld'> & { bytes?: number };

/** For each part and each client id it waits for, beside its bytes: what they take in memory, so that their number is bounded too. */
const ENTRY_BYTES = 64;
/**
 * What may be read in vain until nothing that people sent waits any more: eight times the most that waits, and 50 ms. An
 * honest change waits for a thing or two that others did before it, which come together.
 */
const MAX_VAIN_BYTES = 512 * 1024;
/** Parts that wait for each other in turn, as those of two people who wrote one text, are tried as one after so many tries. */
const TRIES_APART = 8;
/** Yjs sorts all that it merges again for each struct, so few at a time. */
const MERGED_AT_ONCE = 64;

export class PendingParts {
  readonly #parts = new Set<Part>();
  readonly #partsByClient = new Map<number, Set<Part>>();
  #bytes = 0;
  #sentParts = 0;
  #vainBytes = 0;
  #structParts = 0;
  #batch = 0;

  get isEmpty(): boolean {
    return this.#parts.size === 0;
  }

  get hasStructs(): boolean {
    return this.#structParts > 0;
  }

  /** Upper estimate of what is kept, without what is held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What people sent was tried in vain so often that it is better given up: they come back and send everything. */
  get isExhausted(): boolean {
    return this.#vainBytes > MAX_VAIN_BYTES;
  }

  /** Keeps what Yjs has put aside, and takes it out of there. @returns Its number, for `forget`; 0 when it was nothing. */
  take(store: Store): number {
    if (store.pendingStructs === null && store.pendingDs === null) return 0;
    this.#batch += 1;
    this.#takeAs(store, { batch: this.#batch, isHeld: false });
    return this.#batch;
  }

  /**
   * Applies what has come within reach, and what that brings within reach. In the transaction that moved the clients.
   * @param moved Client ids that may have come further.
   */
  retry(doc: Y.Doc, moved: Iterable<number>): void {
    this.#tryThoseOf(doc, [...moved]);
    if (this.#sentParts === 0) this.#vainBytes = 0;
  }

  /** All that waits is in the store: it is given up by nothing but `drop('all')`, and counts towards no bound. */
  hold(): void {
    for (const part of this.#parts) part.isHeld = true;
    this.#bytes = this.#sentParts = this.#vainBytes = 0;
  }

  /** Gives up what `take` has kept under this number. */
  forget(batch: number): void {
    for (const part of this.#parts) if (part.batch === batch && !part.isHeld) this.#remove(part);
  }

  /** Gives up what waits. @param what `sent`: without what is held. */
  drop(what: 'sent' | 'all'): void {
    for (const part of this.#parts) if (what === 'all' || !part.isHeld) this.#remove(part);
    this.#vainBytes = 0;
  }

  #tryThoseOf(doc: Y.Doc, clients: number[]): void {
    let vain = 0;
    for (let client = clients.pop(); client !== undefined; client = clients.pop()) {
      // What of a part waits on for this client is met again here.
      for (const part of this.#partsByClient.get(client) ?? []) {
        if (Y.getState(doc.store, client) <= (part.needs.get(client) ?? 0)) continue;
        this.#remove(part);
        Y.applyUpdateV2(doc, part.update);
        if (part.kind === 'structs') clients.push(...Y.parseUpdateMetaV2(part.update).to.keys());
        if (doc.store.pendingStructs === null && doc.store.pendingDs === null) continue;
        vain += 1;
        this.#takeAs(doc.store, part);
        if (!part.isHeld) this.#vainBytes += part.bytes;
        if (vain % TRIES_APART === 0) clients.push(...this.#join());
      }
    }
  }

  #takeAs(store: Store, { batch, isHeld, bytes }: Origin): void {
    const { pendingStructs, pendingDs } = store;
    store.pendingStructs = null;
    store.pendingDs = null;
    if (pendingStructs !== null)
      this.#add({ kind: 'structs', update: pendingStructs.update, needs: pendingStructs.missing, batch, isHeld }, bytes);
    if (pendingDs !== null) this.#add({ kind: 'deletions', update: pendingDs, needs: lastClocks(pendingDs), batch, isHeld }, bytes);
  }

  #add(made: Omit<Part, 'bytes'>, bytes = sizeOf(made)): void {
    const part: Part = { ...made, bytes };
    this.#parts.add(part);
    if (part.kind === 'structs') this.#structParts += 1;
    if (!part.isHeld) {
      this.#bytes += part.bytes;
      this.#sentParts += 1;
    }
    for (const client of part.needs.keys()) {
      const parts = this.#partsByClient.get(client);
      if (parts === undefined) this.#partsByClient.set(client, new Set([part]));
      else parts.add(part);
    }
  }

  #remove(part: Part): void {
    this.#parts.delete(part);
    if (part.kind === 'structs') this.#structParts -= 1;
    if (!part.isHeld) {
      this.#bytes -= part.bytes;
      this.#sentParts -= 1;
    }
    for (const client of part.needs.keys()) {
      const parts = this.#partsByClient.get(client);
      parts?.delete(part);
      if (parts?.size === 0) this.#partsByClient.delete(client);
    }
  }

  /** Makes one of all structs that people sent. @returns The clients that it waits for. */
  #join(): Iterable<number> {
    const parts = [...this.#parts].filter(({ kind, isHeld }) => kind === 'structs' && !isHeld);
    if (parts.length < 2) return [];
    const needs = new Map<number, number>();
    for (const part of parts) {
      this.#remove(part);
      for (const [client, clock] of part.needs) needs.set(client, Math.min(clock, needs.get(client) ?? clock));
    }
    this.#add({ kind: 'structs', update: merged(parts.map(({ update }) => update)), needs, batch: 0, isHeld: false });
    return needs.keys();
  }
}

function sizeOf({ update, needs }: Omit<Part, 'bytes'>): number {
  return Y.convertUpdateFormatV2ToV1(update).length + ENTRY_BYTES * (1 + needs.size);
}

/** Deletions of a client are done together, so per client the last clock that they need. */
function lastClocks(deletions: Uint8Array): Map<number, number> {
  const needs = new Map<number, number>();
  for (const [client, ranges] of Y.decodeUpdateV2(deletions).ds.clients) {
    for (const { clock, len } of ranges) needs.set(client, Math.max(clock + len - 1, needs.get(client) ?? 0));
  }
  return needs;
}

function merged(updates: readonly Uint8Array[]): Uint8Array {
  let left = updates;
  while (left.length > 1) {
    const next: Uint8Array[] = [];
    for (let at = 0; at < left.length; at += MERGED_AT_ONCE) next.push(Y.mergeUpdatesV2(left.slice(at, at + MERGED_AT_ONCE)));
    left = next;
  }
  return left[0] ?? new Uint8Array();
}
