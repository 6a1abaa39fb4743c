/**
 * Changes that members make to a room's document. Each is applied, refused, or kept until its predecessors have come, and
 * acknowledged when it is durable. A change with structs of another user's id first waits for that owner's answer
 * (`held-updates.ts`). Needs a loaded document; the room passes it in and decides when there is one.
 */

import { SyncError, type ErrorName } from '@wetink/protocol';
import type { Checkpoints } from '../journal/checkpoints.ts';
import type { Environment } from '../ports/environment.ts';
import type { LoadedRoom } from '../journal/loaded-room.ts';
import { HeldUpdates, type HeldMessage } from '../ownership/held-updates.ts';
import type { OwnerAnswer } from '../ownership/struct-ownership.ts';
import type { Journal } from '../journal/journal.ts';
import type { Author, FanOut } from './fan-out.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { Logger } from '../ports/logger.ts';
import type { Seat, Seats } from '../member/seat.ts';
import { createOutgoing, type Framing } from '../framing/outgoing.ts';
import type { Owners } from '../ownership/owners.ts';
import type { Inspected, RoomDocument } from '../document/room-document.ts';
import { WaitingIds } from '../ownership/waiting-ids.ts';

export interface DocumentChange {
  type: 'sync-step-2' | 'update';
  update: Uint8Array;
}

export interface UpdatePipelineContext {
  room: string;
  seats: Seats;
  logger: Logger;
  environment: Environment;
  limits: RelayLimits;
  framing: Framing;
  fanOut: FanOut;
  checkpoints: Checkpoints;
  owners: Owners;
  /** Null while the document is being loaded. */
  current(): LoadedRoom | null;
  /** Asks another node about an id of one of its members. @returns False when the bus cannot send now. */
  askNode(node: string, id: number, clientId: number): boolean;
  /** An apply threw: the document can no longer be used. */
  onBroken(loaded: LoadedRoom): void;
}

export class UpdatePipeline {
  readonly #context: UpdatePipelineContext;
  readonly #held: HeldUpdates;
  /** A message is being handled: held messages are looked at after it. */
  #isBusy = false;
  /** Members whose held messages were applied and still miss predecessors. */
  readonly #lacking = new Set<Seat>();
  readonly #waitingIds: WaitingIds;

  constructor(context: UpdatePipelineContext) {
    this.#context = context;
    this.#waitingIds = new WaitingIds(context.owners);
    this.#held = new HeldUpdates({ ...context, ask: (seat, document) => this.greet(seat, document) });
  }

  /** @param count The message's number on its connection, for its ack. */
  write(loaded: LoadedRoom, seat: Seat, { type, update }: DocumentChange, count: number): void {
    const held = this.#held;
    const inspected = this.#inspect(loaded.document, seat, update, count);
    if (inspected !== null) {
      const message = { inspected, count };
      held.heard(seat, inspected);
      this.#isBusy = true;
      try {
        if (held.isHolding(seat) || !this.#take(loaded, seat, message, 'now')) this.#hold(loaded.document, seat, message);
      } finally {
        this.#isBusy = false;
      }
    }
    if (type === 'sync-step-2') held.answered(seat, loaded.document);
    this.settle(loaded);
  }

  /** Judges held messages again. To be called when an owner has answered, or the owners have changed. */
  settle(loaded: LoadedRoom): void {
    if (this.#held.isIdle || this.#isBusy || !this.#isCurrent(loaded)) return;
    this.#isBusy = true;
    try {
      while (this.#settleOnce(loaded));
    } finally {
      this.#isBusy = false;
    }
    const lacking = [...this.#lacking];
    this.#lacking.clear();
    if (!this.#isCurrent(loaded)) return;
    const { document, journal } = loaded;
    if (this.#isTooMuch(document)) this.#givePendingUp(document);
    else for (const seat of lacking) if (seat.member.acks.hasUnmetNeed) this.ask(seat, document);
    this.#held.tellNodes(document, journal);
  }

  /** Another node asks which clock a member of this node has reached with its id. */
  askedByNode({ document, journal }: LoadedRoom, clientId: number, tell: (answer: OwnerAnswer) => void): void {
    this.#held.askFor(document, clientId, tell);
    this.#held.tellNodes(document, journal);
  }

  answeredByNode(loaded: LoadedRoom, node: string, id: number, answer: OwnerAnswer): void {
    this.#held.answeredByNode(node, id, answer);
    this.settle(loaded);
  }

  /** To be called before every apply: drops pending structs that it must not bring into the document. */
  distrust(document: RoomDocument): void {
    if (document.pendingBytes === 0) this.#waitingIds.clear();
    else if (this.#waitingIds.mayBelongToOthers || document.isPendingInVain) this.#givePendingUp(document);
  }

  /** Passes changes of the document on, and journals them if `isNews`: not durable yet. */
  changed(loaded: LoadedRoom, changes: readonly Uint8Array[], { author, isNews }: { author: Author; isNews: boolean }): void {
    const { fanOut, checkpoints } = this.#context;
    for (const change of changes) {
      fanOut.change(author, change);
      if (!isNews) continue;
      loaded.journal.push(change);
      checkpoints.journaled(change.length);
    }
    if (changes.length === 0) return;
    this.#meetNeeds(loaded);
    this.settle(loaded);
  }

  /** Sends the member an ack for the messages that have become durable. */
  acknowledge({ member }: Seat, journal: Journal): void {
    const count = member.acks.advance(journal.durableSeq);
    if (count !== null && member.isExtension) member.send(createOutgoing([{ type: 'ack', count }], this.#context.framing));
  }

  /** Asks the member for what the document lacks, unless it has just been asked. */
  ask(seat: Seat, document: RoomDocument): void {
    if (seat.mayAsk(this.#context.environment.now())) this.greet(seat, document);
  }

  /** Sends the member the document's state vector; it answers with the rest. */
  greet(seat: Seat, document: RoomDocument): void {
    this.#held.asked(seat);
    seat.member.send(createOutgoing([{ type: 'sync-step-1', stateVector: document.stateVector() }], this.#context.framing));
  }

  /**
   * The member is gone. If no other member waits for predecessors, the pending structs are of no use.
   * @param loaded Null while there is no document.
   */
  left(seat: Seat, loaded: LoadedRoom | null): void {
    this.#held.left(seat);
    if (loaded === null) return;
    if (seat.member.acks.hasUnmetNeed && !this.#someoneWaits()) loaded.document.dropPending();
    this.settle(loaded);
  }

  /** Drops what has waited too long, or is too much. */
  housekeeping(loaded: LoadedRoom, nowMs: number): void {
    const { document } = loaded;
    const { pendingMs } = this.#context.limits;
    for (const { member } of this.#held.late(nowMs)) member.end('INCOMPLETE');
    this.settle(loaded);
    const isLate = [...this.#context.seats.keys()].some((member) => nowMs - (member.acks.unmetSinceMs ?? nowMs) > pendingMs);
    if (isLate || this.#isTooMuch(document)) this.#givePendingUp(document);
    // Its structs came in another way, or the member that sent it is gone.
    else if (document.pendingBytes > 0 && !this.#someoneWaits()) document.dropPending();
  }

  /** @returns Null when the update cannot be read; it was then refused. */
  #inspect(document: RoomDocument, seat: Seat, update: Uint8Array, count: number): Inspected | null {
    try {
      return document.inspect(update);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.#refuse(seat, count, seat.member.role === 'viewer' ? 'READ_ONLY' : 'BAD_UPDATE', error);
      return null;
    }
  }

  #hold(document: RoomDocument, seat: Seat, message: HeldMessage): void {
    const isFirst = !this.#held.isHolding(seat);
    this.#held.push(seat, message);
    const decision = isFirst ? this.#held.judge(document, seat, message) : null;
    if (decision?.kind === 'hold') this.#held.waitFor(document, seat, decision.claims);
  }

  /** @returns True when a message was handled, so that another look may find more. */
  #settleOnce(loaded: LoadedRoom): boolean {
    let isProgress = false;
    for (const seat of this.#held.seats) {
      // The document may have been replaced: a message before this one may have broken it.
      if (!this.#isCurrent(loaded)) return false;
      for (let first = this.#held.first(seat); first !== null; first = this.#held.first(seat)) {
        if (!this.#take(loaded, seat, first, 'settling')) {
          const decision = this.#held.judge(loaded.document, seat, first);
          if (decision.kind === 'hold') this.#held.waitFor(loaded.document, seat, decision.claims);
          break;
        }
        this.#held.shift(seat);
        isProgress = true;
      }
    }
    return isProgress;
  }

  /**
   * Refuses or applies the message.
   * @param when `settling`: held messages that it may build on, or that build on it, follow at once.
   * @returns False when it has to wait for the owner of an id.
   */
  #take(loaded: LoadedRoom, seat: Seat, message: HeldMessage, when: 'now' | 'settling'): boolean {
    const { inspected, count } = message;
    const { member } = seat;
    const { limits } = this.#context;
    const { document, journal } = loaded;
    const bytes = inspected.update.length;
    const mayWrite = member.role !== 'viewer';
    const isFull =
      (document.estimatedBytes + bytes > limits.maxDocumentBytes && document.full().length + bytes > limits.maxDocumentBytes) ||
      document.hasTooManyIds(inspected, limits.maxClientIds) ||
      document.hasTooManyParts(inspected, limits);
    if (!mayWrite || isFull || journal.isStuck) {
      // A message that changes nothing is never refused.
      if (!document.contains(inspected)) {
        if (!mayWrite) this.#refuse(seat, count, 'READ_ONLY');
        else if (isFull) this.#refuse(seat, count, 'DOCUMENT_TOO_LARGE');
        else member.end('STORAGE_UNAVAILABLE', { retryAfterMs: limits.retryMaxMs });
        return true;
      }
      member.acks.settle(count, journal.lastSeq);
      this.acknowledge(seat, journal);
      return true;
    }
    const decision = this.#held.judge(document, seat, message);
    if (decision.kind === 'hold') return false;
    if (decision.kind === 'refuse') {
      this.#context.logger.warn(
        { room: this.#context.room, connection: member.id, client: decision.client },
        'refused a change that was made under the client id of another member',
      );
      this.#refuse(seat, count, 'FOREIGN_CLIENT');
      return true;
    }
    const { brought } = decision;
    const own = brought === null ? message : { inspected: document.without(inspected, brought), count };
    this.#apply(loaded, seat, own, { brought, when });
    return true;
  }

  /** `brought`: clocks of structs that the owners themselves have sent or will send, and that this message builds on. */
  #apply(
    loaded: LoadedRoom,
    seat: Seat,
    { inspected, count }: HeldMessage,
    { brought, when }: { brought: ReadonlyMap<number, number> | null; when: 'now' | 'settling' },
  ): void {
    const { environment } = this.#context;
    const { document, journal } = loaded;
    const { member } = seat;
    this.distrust(document);
    // Pending structs of others may come in with it, and the sender lacks those.
    const author = document.pendingBytes > 0 || document.held().length > 0 ? 'several' : seat;
    const outcome = document.applyInspected(inspected);
    if (outcome.kind !== 'applied') {
      this.#refuse(seat, count, 'BAD_UPDATE', outcome.error);
      if (outcome.kind !== 'broken') return;
      const { logger, room } = this.#context;
      logger.warn(
        { room, connection: member.id, err: outcome.error, bytes: inspected.update.length },
        'a change broke the document, which is built again',
      );
      this.#context.onBroken(loaded);
      return;
    }
    if (outcome.need !== null) this.#waitingIds.add(seat, inspected, outcome.need);
    this.changed(loaded, outcome.changes, { author, isNews: true });
    const need = document.needOf(outcome.need, brought);
    // Structs that the store holds are durable, even if the document can't show them: asking for them again would never end.
    const isHeld = outcome.need !== null && brought === null && document.isHeld(inspected.update);
    if (isHeld && !this.#someoneWaits()) document.dropPending();
    if (need === null || isHeld) {
      member.acks.settle(count, journal.lastSeq);
      this.acknowledge(seat, journal);
      return;
    }
    member.acks.wait(count, need, environment.now());
    if (when === 'settling') {
      // Structs that their owner brings need not come from this member too.
      if (brought === null) this.#lacking.add(seat);
      return;
    }
    if (this.#isTooMuch(document)) this.#givePendingUp(document);
    else this.ask(seat, document);
  }

  #isCurrent({ document }: LoadedRoom): boolean {
    return this.#context.current()?.document === document;
  }

  #meetNeeds({ document, journal }: LoadedRoom): void {
    for (const seat of this.#context.seats.values()) {
      const { acks } = seat.member;
      if (!acks.hasUnmetNeed) continue;
      acks.meet((need) => document.isMet(need), journal.lastSeq);
      // The missing structs may have come from another node, and be durable already.
      this.acknowledge(seat, journal);
    }
  }

  #isTooMuch(document: RoomDocument): boolean {
    return document.isPendingInVain || document.pendingBytes > this.#context.limits.maxPendingBytes;
  }

  #someoneWaits(): boolean {
    for (const member of this.#context.seats.keys()) if (member.acks.hasUnmetNeed) return true;
    return false;
  }

  /** Drops pending structs. Members that sent them still have them, without an ack: they come back and send everything. */
  #givePendingUp(document: RoomDocument): void {
    document.dropPending();
    for (const member of [...this.#context.seats.keys()]) if (member.acks.hasUnmetNeed) member.end('INCOMPLETE');
  }

  #refuse(seat: Seat, count: number, code: ErrorName, error?: unknown): void {
    const { framing } = this.#context;
    const { member } = seat;
    seat.isRefused = true;
    this.#held.drop(seat);
    if (member.isExtension) member.send(createOutgoing([{ type: 'refused', count, code }], framing));
    else if (code === 'READ_ONLY')
      member.send(createOutgoing([{ type: 'permission-denied', reason: new SyncError(code).sentence }], framing));
    const isEnd = code === 'BAD_UPDATE' || (code !== 'READ_ONLY' && !member.isExtension);
    if (isEnd) member.end(code, { error });
  }
}
