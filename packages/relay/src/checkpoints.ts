/**
 * When a room's document is written whole, so that loading it stays quick. Every row is durable by itself: a checkpoint
 * that fails loses nothing and is tried again when the next one is due.
 */

import type { Store } from '@wetink/storage';
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

  /** The room was loaded with so many rows after its checkpoint. */
  loaded(rows: number): void {
    this.#rows = rows;
    this.#bytes = 0;
  }

  journaled(bytes: number): void {
    this.#rows += 1;
    this.#bytes += bytes;
  }

  /** The document holds every row up to the journal's position, so it may stand for them. One at a time. */
  async write(document: RoomDocument, journal: Journal): Promise<void> {
    while (this.#writing !== null) await this.#writing.catch(() => undefined); // the one who started it reports its failure
    this.#writtenAtMs = this.#environment.now();
    this.#rows = 0;
    this.#bytes = 0;
    this.#writing = this.#store.checkpoint(this.#room, document.full(), journal.position);
    try {
      await this.#writing;
    } finally {
      this.#writing = null;
    }
  }
}
