/**
 * When a room's document is written whole, so that loading it stays quick. Every row is durable by itself: a checkpoint
 * that fails loses nothing and is tried again when the next one is due.
 *
 * A checkpoint takes the place of the rows it covers. Rows that the document does not show (they wait behind a damaged
 * one, or can't be applied) are therefore appended again first, behind what it covers:
 *
 *     1 (2) 3 4 5            2 is damaged, 3 to 5 build on it: the document shows 1
 *     1 (2) 3 4 5 | 3 4 5    appended again and durable; then the checkpoint of 1 covers up to |
 */

import type { Position, Store } from '@wetink/storage';
import type { Environment } from './environment.ts';
import type { Journal } from './journal.ts';
import type { RelayLimits } from './limits.ts';
import type { RoomDocument } from './room-document.ts';

export class Checkpoints {
  readonly #room: string;
  readonly #store: Store;
  readonly #environment: Environment;
  readonly #limits: RelayLimits;
  #writing: Promise<void> | null = null;
  #writtenAtMs = -Infinity;
  #rows = 0;
  #bytes = 0;
  /** Held rows stand behind this position, from an attempt that then failed; the next one needs no second copy. */
  #heldBehind: Position | null = null;

  constructor(room: string, store: Store, environment: Environment, limits: RelayLimits) {
    this.#room = room;
    this.#store = store;
    this.#environment = environment;
    this.#limits = limits;
  }

  /** True when there are rows that no checkpoint covers. */
  get isWorthwhile(): boolean {
    return this.#rows > 0;
  }

  get isDue(): boolean {
    const { checkpointRows, checkpointBytes, checkpointPauseMs } = this.#limits;
    if (this.#writing !== null || (this.#rows < checkpointRows && this.#bytes < checkpointBytes)) return false;
    return this.#environment.now() - this.#writtenAtMs >= checkpointPauseMs;
  }

  /** The room was loaded, with so many rows that a checkpoint could take the place of. */
  loaded(rows: number): void {
    this.#rows = rows;
    this.#bytes = 0;
    this.#heldBehind = null;
  }

  journaled(bytes: number): void {
    this.#rows += 1;
    this.#bytes += bytes;
  }

  /** The document shows or holds every row up to the journal's position, so it may stand for them. One at a time. */
  async write(document: RoomDocument, journal: Journal): Promise<void> {
    while (this.#writing !== null) await this.#writing.catch(() => undefined); // the one who started it reports its failure
    this.#writtenAtMs = this.#environment.now();
    this.#rows = 0;
    this.#bytes = 0;
    this.#writing = this.#replace(document.full(), document.held(), journal.position);
    try {
      await this.#writing;
    } finally {
      this.#writing = null;
    }
  }
  async #replace(state: Uint8Array, held: readonly Uint8Array[], position: Position): Promise<void> {
    let covers = position;
    if (held.length > 0) {
      if (this.#heldBehind === null) {
        await this.#store.append(this.#room, held);
        this.#heldBehind = position;
      }
      covers = this.#heldBehind;
    }
    const outcome = await this.#store.checkpoint(this.#room, state, covers);
    if (outcome === 'behind') throw new Error('another node has put rows into a checkpoint that this document lacks');
    this.#heldBehind = null;
  }
}
