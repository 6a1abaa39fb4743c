/**
 * The copy of a room's document that edits are made on, so that a callback that throws leaves the room's own document as
 * it was. Edits of one room share it; it is brought up to date before each of them.
 *
 * A copy that holds anything the room may not have is spoiled: no further edit may build on it.
 */

import * as Y from 'yjs';

/** A client id of the relay's own in one room, and the clock that it has reached there. */
export interface OwnId {
  clientId: number;
  clock: number;
}

export interface Changed<Result> {
  result: Result;
  /** Exactly what the callback has changed. */
  update: Uint8Array;
}

/** No structs, no deletions. */
const NOTHING = new Uint8Array([0, 0]);

export class Replica {
  readonly #doc = new Y.Doc();
  readonly #random: () => number;
  #own: OwnId;
  /** Writes go on that this class began. */
  #isExpected = false;
  #changes: Uint8Array[] = [];
  #isSpoiled = false;

  /**
   * @param kept The id under which earlier edits of this room were made; null before the first.
   * @param random For a new one.
   */
  constructor(kept: OwnId | null, random: () => number) {
    this.#random = random;
    this.#own = kept ?? this.#newId();
    this.#doc.on('update', (update: Uint8Array) => {
      if (this.#isExpected) this.#changes.push(update);
      // By a callback that kept the document and writes later: nobody would send that.
      else this.#isSpoiled = true;
    });
  }

  get isSpoiled(): boolean {
    return this.#isSpoiled;
  }

  /** The id under which the next edit is made, unless the room's document turns out to have more or less of it. */
  get ownId(): OwnId {
    return this.#own;
  }

  stateVector(): Uint8Array {
    return Y.encodeStateVector(this.#doc);
  }

  /** The part that a reader with this state vector lacks. */
  diff(stateVector: Uint8Array): Uint8Array {
    return Y.encodeStateAsUpdate(this.#doc, stateVector);
  }

  /** Takes in what the room has. */
  take(update: Uint8Array): void {
    this.#write(() => Y.applyUpdate(this.#doc, update));
  }

  spoil(): void {
    this.#isSpoiled = true;
  }

  destroy(): void {
    this.#isSpoiled = true;
    this.#doc.destroy();
  }

  /**
   * Runs the callback in one transaction.
   * @throws What the callback throws, and a TypeError when it returns a promise. The copy is then spoiled.
   */
  change<Result>(callback: (doc: Y.Doc) => Result): Changed<Result> {
    const { clientID: idBefore } = this.#doc;
    this.#doc.clientID = this.#claimId();
    try {
      const { result, changes } = this.#write(() => this.#doc.transact(() => callback(this.#doc)));
      if (isThenable(result)) throw new TypeError('the callback of an edit must return before it is done: no promise');
      this.#own = { ...this.#own, clock: Y.getState(this.#doc.store, this.#own.clientId) };
      return { result, update: changes.length === 0 ? NOTHING : Y.mergeUpdates(changes) };
    } catch (error) {
      this.#isSpoiled = true;
      throw error;
    } finally {
      // Yjs prints a line when it reads changes of the id that is set: a forger could fill the log.
      this.#doc.clientID = idBefore;
    }
  }

  /**
   * Goes on under the id of earlier edits, if the document has exactly what was made under it. Otherwise the store was put
   * back to an earlier state, or another client wrote under that id: a new one is safe.
   */
  #claimId(): number {
    if (Y.getState(this.#doc.store, this.#own.clientId) !== this.#own.clock) this.#own = this.#newId();
    return this.#own.clientId;
  }

  #newId(): OwnId {
    return { clientId: Math.floor(this.#random() * 2 ** 32), clock: 0 };
  }

  #write<Result>(write: () => Result): { result: Result; changes: Uint8Array[] } {
    this.#changes = [];
    this.#isExpected = true;
    try {
      return { result: write(), changes: this.#changes };
    } finally {
      this.#isExpected = false;
      this.#changes = [];
    }
  }
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
