/**
 * How a room gets updates of other nodes that it missed: by exchanging state vectors with one node, in both directions,
 * or from the store, which has everything that is durable.
 *
 *     ask ──▶ one node ──answer──▶ applied ──the other direction, if that node lacks something──▶
 *      └── no answer in time, too large for the bus, or incomplete ──▶ tail: load(since the known position)
 *
 * One exchange and one read at a time per room, with pauses between. A process limits its reads at once, because after
 * a break of the bus every room wants one. An answer contains only durable content: it is encoded first and sent when
 * the journal has it.
 */

import { SyncError } from '@wetink/protocol';
import { isCovered, START, type Position, type Store } from '@wetink/storage';
import type { BusMessage } from '../bus/bus-codec.ts';
import type { Environment } from '../ports/environment.ts';
import { errorFields } from '../ports/error-fields.ts';
import type { ForeignChanges } from './foreign-changes.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { Logger } from '../ports/logger.ts';
import type { RelayObserver } from '../ports/observer.ts';
import type { RepairGate } from './repair-gate.ts';
import type { LoadedRoom } from '../journal/loaded-room.ts';

export interface RepairsContext {
  room: string;
  store: Store;
  environment: Environment;
  limits: RelayLimits;
  logger: Logger;
  observer: RelayObserver;
  gate: RepairGate;
  foreign: ForeignChanges;
  current(): LoadedRoom | null;
  epoch(): number;
  send(node: string, message: BusMessage): void;
  /** Called when the store says that the room was removed. */
  onErased(): void;
  /** Called when the store was read. @param known The position known before the read. */
  onRead(found: Position, known: Position): void;
  /** Called when a node had something that the store did not show. */
  onHealed(bytes: number): void;
}

/** `digest`: the positions are equal and the documents are not. */
type Reason = 'gap' | 'digest';

interface Exchange {
  node: string;
  id: number;
  reason: Reason;
  /** Position to reach. */
  wanted: Position;
  startedAtMs: number;
  cancelTimeout: () => void;
}

interface Answer {
  id: number;
  /** The other node's state vector. */
  theirs: Uint8Array;
  /** This node's, to get the other direction too; null when the other node has sent it. */
  stateVector: Uint8Array | null;
  /** Deletions alone are not worth an answer. */
  isOneSided: boolean;
}

/** Struct count of an update without structs: zero clients, then only deletions. */
const NO_STRUCTS = 0;

export class Repairs {
  readonly #context: RepairsContext;
  #exchange: Exchange | null = null;
  #next: { node: string; reason: Reason; wanted: Position } | null = null;
  #lastId = 0;
  #askedAtMs = -Infinity;
  readonly #answeredAtMsByNode = new Map<string, number>();
  #reading: Promise<boolean> | null = null;
  #readAgain = false;
  #readAtMs = -Infinity;
  #cancelLater: (() => void) | null = null;
  #cancelRead: (() => void) | null = null;
  #isClosed = false;

  constructor(context: RepairsContext) {
    this.#context = context;
  }

  /** When the store was last read. */
  get readAtMs(): number {
    return this.#readAtMs;
  }

  get isIdle(): boolean {
    return this.#exchange === null && this.#next === null && this.#reading === null && this.#cancelRead === null;
  }

  /** Asks `node`, which has everything up to `wanted`. */
  exchange(node: string, reason: Reason, wanted: Position): void {
    if (this.#isClosed) return;
    const loaded = this.#context.current();
    const { environment, limits } = this.#context;
    const waitMs = this.#askedAtMs + limits.repairPauseMs - environment.now();
    if (this.#exchange !== null || waitMs > 0 || loaded === null) {
      // The latest request wins: its answer includes what was missed before.
      this.#next = { node, reason, wanted };
      if (this.#exchange === null) this.#cancelLater ??= environment.schedule(() => this.#goOn(), Math.max(1, waitMs));
      return;
    }
    const id = (this.#lastId += 1);
    this.#askedAtMs = environment.now();
    this.#exchange = {
      node,
      id,
      reason,
      wanted,
      startedAtMs: environment.now(),
      cancelTimeout: environment.schedule(() => this.#unanswered(id), limits.repairTimeoutMs),
    };
    this.#context.send(node, { type: 'ask', epoch: this.#context.epoch(), id, stateVector: loaded.document.stateVector() });
  }

  /** Answers another node's question. */
  async answer(from: string, message: Extract<BusMessage, { type: 'ask' }>): Promise<void> {
    const nowMs = this.#context.environment.now();
    const answeredAtMs = this.#answeredAtMsByNode.get(from) ?? -Infinity;
    if (nowMs - answeredAtMs < this.#context.limits.repairPauseMs / 2) return;
    this.#answeredAtMsByNode.set(from, nowMs);
    const loaded = this.#context.current();
    if (loaded === null) return;
    const stateVector = loaded.document.stateVector();
    await this.#answerWith(from, loaded, { id: message.id, theirs: message.stateVector, stateVector, isOneSided: false });
  }

  answered(from: string, message: Extract<BusMessage, { type: 'answer' }>): void {
    const loaded = this.#context.current();
    const exchange = this.#exchange;
    const isReply = exchange !== null && exchange.node === from && exchange.id === message.id && message.stateVector !== null;
    if (loaded === null || (message.stateVector !== null && !isReply)) return;
    const { journal } = loaded;
    const { changedBytes, isComplete } =
      message.update === null ? { changedBytes: 0, isComplete: false } : this.#context.foreign.apply(loaded, [message.update]);
    if (isComplete) journal.contains(message.position);
    if (!isReply) {
      if (!isComplete) this.tailSoon();
      return;
    }
    this.#end(exchange);
    if (exchange.reason === 'digest' && changedBytes > 0) this.#context.onHealed(changedBytes);
    if (!isComplete || !isCovered(exchange.wanted, journal.position)) this.tailSoon();
    else this.#context.observer.repaired('node', this.#context.environment.now() - exchange.startedAtMs);
    const isOneSided = exchange.reason === 'gap';
    if (message.stateVector !== null)
      void this.#answerWith(from, loaded, { id: message.id, theirs: message.stateVector, stateVector: null, isOneSided });
    this.#goOn();
  }

  /** Forgets a node that will not answer any more. */
  gone(node: string): void {
    this.#answeredAtMsByNode.delete(node);
    if (this.#exchange?.node === node) this.#unanswered(this.#exchange.id);
    if (this.#next?.node === node) this.#next = null;
  }

  /** Reads the tail, after a pause if one was read just now. */
  tailSoon(): void {
    if (this.#isClosed || this.#cancelRead !== null) return;
    const { environment, limits } = this.#context;
    const waitMs = this.#readAtMs + limits.repairPauseMs - environment.now();
    if (waitMs <= 0) void this.tail();
    else
      this.#cancelRead = environment.schedule(() => {
        this.#cancelRead = null;
        void this.tail();
      }, waitMs);
  }

  /**
   * Reads the new rows from the store. One read at a time; a call during a read gets the next one.
   * @param isWhole Reads everything, also rows that the document should have.
   * @returns false when the store could not be read.
   */
  tail(options: { isWhole?: boolean } = {}): Promise<boolean> {
    if (this.#reading !== null) {
      this.#readAgain = true;
      return this.#reading;
    }
    this.#reading = this.#readAll({ isWhole: options.isWhole === true }).finally(() => (this.#reading = null));
    return this.#reading;
  }

  close(): void {
    this.#isClosed = true;
    this.#exchange?.cancelTimeout();
    this.#cancelLater?.();
    this.#cancelRead?.();
  }

  async #readAll(options: { isWhole: boolean }): Promise<boolean> {
    const { environment, gate, logger, observer, room } = this.#context;
    const startedAtMs = environment.now();
    let hasNews = false;
    try {
      do {
        this.#readAgain = false;
        this.#readAtMs = environment.now();
        const read = await gate.run(() => this.#read(options));
        if (read === null) return false;
        hasNews ||= read.hasNews;
      } while (this.#readAgain);
    } catch (error) {
      logger.warn({ room, ...errorFields(error) }, 'rows of other nodes could not be read, will retry');
      return false;
    } finally {
      this.#readAtMs = environment.now();
    }
    if (hasNews) observer.repaired('store', environment.now() - startedAtMs);
    return true;
  }

  /** Reads the store once. @returns Null when it could not be read. */
  async #read({ isWhole }: { isWhole: boolean }): Promise<{ hasNews: boolean } | null> {
    const { store, room, observer, foreign, current } = this.#context;
    const before = current();
    if (before === null || this.#isClosed) return null;
    const stored = await store.load(room, isWhole ? START : before.journal.position);
    const loaded = current();
    if (loaded === null || this.#isClosed) return null;
    if (stored.isErased) {
      this.#context.onErased();
      return null;
    }
    if (stored.quarantined > 0) observer.quarantined(stored.quarantined);
    const hasNews = isWhole || !isCovered(stored.position, loaded.journal.position);
    this.#context.onRead(stored.position, loaded.journal.position);
    foreign.absorb(loaded, stored);
    return { hasNews };
  }

  /** Sends node `to` what it lacks. */
  async #answerWith(to: string, loaded: LoadedRoom, { id, theirs, stateVector, isOneSided }: Answer): Promise<void> {
    const { logger, room, limits } = this.#context;
    const { document, journal } = loaded;
    let update: Uint8Array | null;
    try {
      update = document.diff(theirs);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      logger.warn({ room, node: to, err: error }, 'the state vector of another node cannot be read');
      return;
    }
    if (isOneSided && update[0] === NO_STRUCTS) return;
    // The position covers held rows that the document does not have; the node that asks must read those itself.
    const position = document.held().length > 0 ? START : journal.position;
    if (update.length > limits.maxBusUpdateBytes) update = null;
    if (!(await journal.whenDurable(journal.lastSeq)) || this.#isClosed) return;
    this.#context.send(to, { type: 'answer', epoch: this.#context.epoch(), id, position, update, stateVector });
  }

  #unanswered(id: number): void {
    const exchange = this.#exchange;
    if (exchange === null || exchange.id !== id) return;
    this.#end(exchange);
    this.tailSoon();
    this.#goOn();
  }

  #end(exchange: Exchange): void {
    exchange.cancelTimeout();
    this.#exchange = null;
  }

  #goOn(): void {
    this.#cancelLater?.();
    this.#cancelLater = null;
    const next = this.#next;
    const loaded = this.#context.current();
    if (next === null || loaded === null) return;
    this.#next = null;
    // The gap may have been filled in another way meanwhile.
    if (next.reason === 'digest' || !isCovered(next.wanted, loaded.journal.position)) this.exchange(next.node, next.reason, next.wanted);
  }
}
