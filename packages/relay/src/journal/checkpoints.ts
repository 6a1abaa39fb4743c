/**
 * Writes a room's document whole now and then, so that loading it stays quick. Every row is durable by itself: a
 * checkpoint that fails loses nothing and is tried again when the next one is due.
 *
 * A checkpoint takes the place of the rows it covers. Rows that the document does not show (they wait behind a damaged
 * one, or can't be applied) are therefore appended again first, behind what it covers:
 *
 *     1 (2) 3 4 5            2 is damaged, 3 to 5 build on it: the document shows 1
 *     1 (2) 3 4 5 | 3 4 5    appended again and durable; then the checkpoint of 1 covers up to |
 *
 * A checkpoint holds nothing that is not durable. Several nodes write checkpoints of one room; a node that is behind
 * another's checkpoint reads what it lacks and tries again. A worker builds large documents, from what the store has.
 */

import type { CheckpointOutcome, Position, Store } from '@wetink/storage';
import type { DocumentWorker } from '../document/document-worker.ts';
import type { Environment } from '../ports/environment.ts';
import { isErasedError } from '../ports/error-fields.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { RelayObserver } from '../ports/observer.ts';
import type { LoadedRoom } from './loaded-room.ts';

export interface CheckpointsContext {
  store: Store;
  environment: Environment;
  limits: RelayLimits;
  observer: RelayObserver;
  /** Null: this thread does the work. */
  worker: DocumentWorker | null;
}

export interface CheckpointsPort {
  /** Null while the document is being loaded. */
  current(): LoadedRoom | null;
  /** Appends rows that the document does not show. Resolves when durable. */
  append(rows: readonly Uint8Array[]): Promise<unknown>;
  /** Reads rows of other nodes into the document. */
  catchUp(): Promise<unknown>;
}

/** Attempts at one checkpoint while other nodes write theirs. */
const MAX_ATTEMPTS = 4;
/** Failures in a row after which this thread does the work: a room without checkpoints loads slower and slower. */
const MAX_WORKER_FAILURES = 2;

export class Checkpoints {
  readonly #room: string;
  readonly #context: CheckpointsContext;
  readonly #port: CheckpointsPort;
  #writing: Promise<void> | null = null;
  #writtenAtMs = -Infinity;
  #rows = 0;
  #bytes = 0;
  /** Time of the first row of this node that no checkpoint covers. */
  #changedAtMs = Infinity;
  /** The document may have changes that the store lacks. */
  #mustUseDocument = false;
  #workerFailures = 0;
  /** Held rows stand behind this position, appended by an attempt that then failed; the next needs no second copy. */
  #heldBehind: Position | null = null;

  constructor(room: string, context: CheckpointsContext, port: CheckpointsPort) {
    this.#room = room;
    this.#context = context;
    this.#port = port;
  }

  /** True when there are rows that no checkpoint covers. */
  get isWorthwhile(): boolean {
    return this.#rows > 0;
  }

  /** Rows of this node since the last checkpoint. */
  get rows(): number {
    return this.#rows;
  }

  get isDue(): boolean {
    const { checkpointRows, checkpointBytes, checkpointPauseMs, checkpointMaxAgeMs } = this.#context.limits;
    if (this.#writing !== null || this.#rows === 0) return false;
    const nowMs = this.#context.environment.now();
    const isOld = nowMs - this.#changedAtMs >= checkpointMaxAgeMs;
    return (isOld || this.#rows >= checkpointRows || this.#bytes >= checkpointBytes) && nowMs - this.#writtenAtMs >= checkpointPauseMs;
  }

  /** The room was loaded. `rows`: those that a checkpoint could replace. `isDamaged`: some rows were lost. */
  loaded({ rows, isDamaged }: { rows: number; isDamaged: boolean }): void {
    this.#rows = rows;
    this.#bytes = 0;
    this.#changedAtMs = Infinity;
    this.#heldBehind = null;
    this.#mustUseDocument = isDamaged;
  }

  journaled(bytes: number): void {
    this.#rows += 1;
    this.#bytes += bytes;
    this.#changedAtMs = Math.min(this.#changedAtMs, this.#context.environment.now());
  }

  /** The document got changes from a node that are not in the store: only a checkpoint of the document keeps them. */
  healed(bytes: number): void {
    this.journaled(bytes);
    this.#mustUseDocument = true;
  }

  /** The document shows or holds every row up to the journal's position, so it may stand for them. One at a time. */
  async write(): Promise<void> {
    while (this.#writing !== null) await this.#writing.catch(() => undefined); // the caller that started it reports its failure
    this.#writing = this.#write();
    try {
      await this.#writing;
    } finally {
      this.#writing = null;
    }
  }

  async #write(): Promise<void> {
    const [rows, bytes, changedAtMs] = [this.#rows, this.#bytes, this.#changedAtMs];
    this.#writtenAtMs = this.#context.environment.now();
    this.#rows = 0;
    this.#bytes = 0;
    this.#changedAtMs = Infinity;
    try {
      for (let attempt = 1; (await this.#attempt()) === 'behind'; attempt++) {
        if (attempt === MAX_ATTEMPTS) throw new Error('other nodes write checkpoints faster than this one can follow');
        this.#heldBehind = null;
        await this.#port.catchUp();
      }
    } catch (error) {
      this.#rows += rows;
      this.#bytes += bytes;
      this.#changedAtMs = Math.min(changedAtMs, this.#changedAtMs);
      // Erased, closed or being built again meanwhile: no checkpoint was wanted any more.
      const isWanted = !isErasedError(error) && this.#port.current() !== null;
      if (isWanted) this.#context.observer.checkpoint('failed', 0, this.#context.environment.now() - this.#writtenAtMs);
      throw error;
    }
    this.#heldBehind = null;
  }

  async #attempt(): Promise<CheckpointOutcome> {
    const { store, environment, observer } = this.#context;
    const startedAtMs = environment.now();
    const made = (await this.#fromStore()) ?? (await this.#fromDocument());
    const outcome = await store.checkpoint(this.#room, made.state, made.covers);
    observer.checkpoint(outcome, made.state.length, environment.now() - startedAtMs);
    return outcome;
  }

  /** Built by the worker from the rows of the store; null when it must be taken from the document. */
  async #fromStore(): Promise<{ state: Uint8Array; covers: Position } | null> {
    const { store, limits, worker } = this.#context;
    const loaded = this.#port.current();
    if (worker === null || loaded === null || this.#mustUseDocument || this.#workerFailures >= MAX_WORKER_FAILURES) return null;
    if (loaded.document.estimatedBytes < limits.workerBytes || loaded.document.held().length > 0) return null;
    const stored = await store.load(this.#room);
    if (stored.isErased || stored.quarantined > 0) return null;
    this.#workerFailures += 1;
    const state = await worker.compact([...(stored.checkpoint === null ? [] : [stored.checkpoint]), ...stored.updates]);
    this.#workerFailures = 0;
    return state === null ? null : { state, covers: stored.position };
  }

  async #fromDocument(): Promise<{ state: Uint8Array; covers: Position }> {
    const loaded = this.#port.current();
    if (loaded === null) throw new Error('the document is being loaded');
    const { document, journal } = loaded;
    const state = document.full();
    const held = document.held();
    let covers = journal.position;
    // Otherwise another node could load, and build on, changes that a third node's checkpoint then removes.
    if (!(await journal.whenDurable(journal.lastSeq))) throw new Error('the room was closed');
    if (held.length > 0) {
      if (this.#heldBehind === null) {
        await this.#port.append(held);
        this.#heldBehind = covers;
      }
      covers = this.#heldBehind;
    }
    return { state, covers };
  }
}
