/**
 * Pending structs and deletions, which came before their predecessors. Kept beside Yjs and not in it.
 *
 * Yjs keeps them itself (`store.pendingStructs`, `store.pendingDs`), all as one: it reads all pending deletions with each
 * update, from any sender, and merges all pending structs with each new one. With 200 kB pending, a message of one letter
 * took 19 ms that way. Here each part lies by itself, and costs nothing until a client that it waits for has moved on:
 *
 *     update ──▶ Yjs ──▶ pending in Yjs ───────▶ a part, under each client id that it waits for
 *                 ▲                                  │
 *                 └────── that client has moved on ──┘
 *
 * A part may be tried in vain, since only the next clock that it misses is known. Each try reads all of it, so an
 * attacker could leave a part here that is read again with each step of another person: see `isExhausted`.
 */

import * as Y from 'yjs';

type Store = Y.Doc['store'];

interface Part {
  /** In the second format, as Yjs puts it aside: structs or deletions. */
  readonly update: Uint8Array;
  readonly kind: 'structs' | 'deletions';
  /** Worth a try when any of these clients has come beyond this clock. */
  readonly needs: ReadonlyMap<number, number>;
  /** The number of the call of `take` that brought it. */
  readonly batch: number;
  /** Size in the first format, as it came: in the second format one byte can be a hundred structs. */
  readonly bytes: number;
  isHeld: boolean;
}

/** `bytes`, for the rest of a part: the size of that part. It is not counted anew, since that would read all of it. */
type Origin = Pick<Part, 'batch' | 'isHeld'> & { bytes?: number };

/** Memory for each part and each client id it waits for, counted besides its bytes, so that their number is bounded too. */
const ENTRY_BYTES = 64;
/**
 * Bytes that may be read in vain before everything that members sent is dropped: eight times the most that may be
 * pending, and 50 ms. An honest change waits for one or two changes of others before it, which come together.
 */
const MAX_VAIN_BYTES = 512 * 1024;
/** Tries after which parts are tried as one: those of two people who wrote one text wait for each other in turn. */
const TRIES_APART = 8;
/** Few, because Yjs sorts all that it merges again for each struct. */
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

  /** Upper estimate of the pending bytes, without held ones. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Retried in vain too often: drop what members sent; they come back and send everything. */
  get isExhausted(): boolean {
    return this.#vainBytes > MAX_VAIN_BYTES;
  }

  /** Moves what Yjs has put aside to here. @returns Its number, for `forget`; 0 when there was nothing. */
  take(store: Store): number {
    if (store.pendingStructs === null && store.pendingDs === null) return 0;
    this.#batch += 1;
    this.#takeAs(store, { batch: this.#batch, isHeld: false });
    return this.#batch;
  }

  /**
   * Applies the parts that have come within reach, and those that these bring within reach. To be called in the
   * transaction that moved the clients.
   * @param moved Client ids that may have come further.
   */
  retry(doc: Y.Doc, moved: Iterable<number>): void {
    this.#tryThoseOf(doc, [...moved]);
    if (this.#sentParts === 0) this.#vainBytes = 0;
  }

  /** All pending parts are in the store: only `drop('all')` drops them, and they count towards no bound. */
  hold(): void {
    for (const part of this.#parts) part.isHeld = true;
    this.#bytes = this.#sentParts = this.#vainBytes = 0;
  }

  /** Drops what `take` has kept under this number. */
  forget(batch: number): void {
    for (const part of this.#parts) if (part.batch === batch && !part.isHeld) this.#remove(part);
  }

  /** Drops pending parts. @param what `sent`: except held ones. */
  drop(what: 'sent' | 'all'): void {
    for (const part of this.#parts) if (what === 'all' || !part.isHeld) this.#remove(part);
    this.#vainBytes = 0;
  }

  #tryThoseOf(doc: Y.Doc, clients: number[]): void {
    let vain = 0;
    for (let client = clients.pop(); client !== undefined; client = clients.pop()) {
      // If the rest of a part waits for this client again, this loop meets it too.
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

  /** Makes one part of all structs that members sent. @returns The clients that it waits for. */
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

/** The last clock that they need, per client: deletions of a client are done together. */
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
