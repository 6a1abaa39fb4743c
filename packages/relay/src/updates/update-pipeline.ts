/**
 * Changes that members make to a room's document, a batch at a time:
 *
 *     receive   check -> inbox
 *     work      inbox -> decide -> apply -> fan out -> journal -> ack when durable
 *
 * Each is applied, refused, or kept until its predecessors have come. A change with structs of another user's id first
 * waits for that owner's answer (`held-updates.ts`). Changes of one batch that do not depend on each other are applied in
 * one transaction (`joint-changes.ts`). Needs a loaded document; the room passes it in and decides when there is one.
 */

import { SyncError, type ErrorName } from '@wetink/protocol';
import type { Checkpoints } from '../journal/checkpoints.ts';
import type { Environment } from '../ports/environment.ts';
import type { Need } from '../document/need.ts';
import type { LoadedRoom } from '../journal/loaded-room.ts';
import { HeldUpdates, type HeldMessage } from '../ownership/held-updates.ts';
import type { OwnerAnswer } from '../ownership/struct-ownership.ts';
import type { Journal } from '../journal/journal.ts';
import type { Author } from './durable-lane.ts';
import type { FanOut } from './fan-out.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { Logger } from '../ports/logger.ts';
import type { Seat, Seats } from '../member/seat.ts';
import { createOutgoing, type Framing, type Outgoing } from '../framing/outgoing.ts';
import type { Owners } from '../ownership/owners.ts';
import { changesNothing, type Inspected, type RoomDocument } from '../document/room-document.ts';
import { WaitingIds } from '../ownership/waiting-ids.ts';
import { Inbox, type ReceivedChange } from './inbox.ts';
import { JointChanges } from './joint-changes.ts';
import { RoomAcks } from './room-acks.ts';

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
  /** Handling a change of this member threw. */
  onFailed(seat: Seat, error: unknown): void;
}

export class UpdatePipeline {
  readonly #context: UpdatePipelineContext;
  readonly #held: HeldUpdates;
  /** A message is being handled: held messages are looked at after it. */
  #isBusy = false;
  /** Members whose held messages were applied and still miss predecessors. */
  readonly #lacking = new Set<Seat>();
  readonly #waitingIds: WaitingIds;
  readonly #inbox: Inbox;
  readonly #acks: RoomAcks;
  /** Changes that are to be applied alone, because together with others one of them broke the document. */
  #suspects = 0;
  /** The last SyncStep1: members that join before the next change are sent the same one. */
  #question: { stateVector: Uint8Array; outgoing: Outgoing } | null = null;

  constructor(context: UpdatePipelineContext) {
    this.#context = context;
    this.#inbox = new Inbox(context.environment, () => this.#tick());
    this.#acks = new RoomAcks(context.seats, context.framing);
    this.#waitingIds = new WaitingIds(context.owners);
    this.#held = new HeldUpdates({ ...context, ask: (seat, document) => this.greet(seat, document) });
  }

  /**
   * Checks a change and puts it into the inbox.
   * @param count The message's number on its connection, for its ack.
   */
  receive(loaded: LoadedRoom, seat: Seat, { type, update }: DocumentChange, count: number): void {
    let inspected: Inspected;
    try {
      inspected = loaded.document.inspect(update);
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      this.work(loaded);
      if (!seat.isRefused) this.#refuse(seat, count, seat.member.role === 'viewer' ? 'READ_ONLY' : 'BAD_UPDATE', error);
      if (type === 'sync-step-2') this.#held.answered(seat, loaded.document);
      return this.settle(loaded);
    }
    if (type === 'sync-step-2' && this.#isEmptyAnswer(seat, inspected)) return this.#takeEmptyAnswer(loaded, seat, count);
    if (this.#inbox.push({ seat, inspected, count, type })) this.work(loaded);
  }

  /** Handles all that waits in the inbox. To be called before anything that a waiting change could have changed. */
  work(loaded: LoadedRoom): void {
    if (this.#inbox.isEmpty || this.#isBusy) return;
    const { journal } = loaded;
    const ackFor = this.#acks.during(journal, () => {
      this.#workOff(loaded);
      this.settle(loaded);
    });
    this.#guard(loaded, [], () => this.#context.fanOut.flush(ackFor));
    journal.flush();
  }

  /** Entries of the journal have become durable. Their acks go now; on a busy relay in one write with changes that wait for a tick. */
  durable(journal: Journal): void {
    this.#acks.durable(journal, { mayWait: this.#inbox.isLate && !this.#inbox.isEmpty && this.#context.current() !== null });
  }

  /** Drops what waits. Final. */
  close(): void {
    this.#inbox.close();
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
  askedByNode(loaded: LoadedRoom, clientId: number, tell: (answer: OwnerAnswer) => void): void {
    this.work(loaded);
    const { document, journal } = loaded;
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
    for (const change of changes) {
      this.#context.fanOut.change(author, change);
      if (isNews) this.#journal(loaded, change);
    }
    if (changes.length === 0) return;
    this.#acks.meetNeeds(loaded);
    this.settle(loaded);
  }

  /** Asks the member for what the document lacks, unless it has just been asked. */
  ask(seat: Seat, document: RoomDocument): void {
    if (seat.mayAsk(this.#context.environment.now())) this.greet(seat, document);
  }

  /** Sends the member the document's state vector; it answers with the rest. */
  greet(seat: Seat, document: RoomDocument): void {
    this.#held.asked(seat);
    // The document makes a new array after each change.
    const stateVector = document.stateVector();
    if (this.#question?.stateVector !== stateVector)
      this.#question = { stateVector, outgoing: createOutgoing([{ type: 'sync-step-1', stateVector }], this.#context.framing) };
    seat.member.send(this.#question.outgoing);
  }

  /**
   * The member is gone. If no other member waits for predecessors, the pending structs are of no use.
   * @param loaded Null while there is no document.
   */
  left(seat: Seat, loaded: LoadedRoom | null): void {
    this.#held.left(seat);
    if (loaded === null) return;
    if (seat.member.acks.hasUnmetNeed && !this.#acks.isSomeoneWaiting) loaded.document.dropPending();
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
    else if (document.pendingBytes > 0 && !this.#acks.isSomeoneWaiting) document.dropPending();
  }

  /**
   * True when a member that was asked has nothing new, and nothing that came before its answer waits. Most members that
   * join answer so. Each is asked once, so a sender of many such messages does not get an ack for each.
   */
  #isEmptyAnswer(seat: Seat, inspected: Inspected): boolean {
    const mayBeNext = this.#inbox.isEmpty && !this.#isBusy && !this.#held.isHolding(seat);
    return mayBeNext && this.#held.isAsked(seat) && changesNothing(inspected);
  }

  /** A message that changes nothing is never refused, and waits for no tick. */
  #takeEmptyAnswer(loaded: LoadedRoom, seat: Seat, count: number): void {
    seat.member.acks.settle(count, loaded.journal.lastSeq);
    this.#acks.acknowledge(seat, loaded.journal);
    this.#held.answered(seat, loaded.document);
    this.settle(loaded);
  }

  #workOff(loaded: LoadedRoom): void {
    this.#isBusy = true;
    try {
      const waiting = this.#inbox.take();
      while (waiting.length > 0 && this.#isCurrent(loaded)) {
        const beganAtMs = this.#context.environment.now();
        let batch: ReceivedChange[] = [];
        this.#guard(loaded, waiting, () => (batch = this.#nextBatch(loaded, waiting)));
        this.#guard(loaded, batch, () => {
          if (batch.length > 1) waiting.unshift(...this.#applyTogether(loaded, batch));
          else for (const change of batch) this.#handle(loaded, change);
          countWork(batch, this.#context.environment.now() - beganAtMs);
        });
      }
      this.#inbox.giveBack(waiting);
    } finally {
      this.#isBusy = false;
    }
  }

  /**
   * Error boundary of changes: anything thrown ends their senders. The document may then have a change that is in no
   * journal, and nothing that builds on it may be acknowledged: the document is built again.
   */
  #guard(loaded: LoadedRoom, changes: readonly Pick<ReceivedChange, 'seat'>[], work: () => void): void {
    const { logger, room } = this.#context;
    try {
      work();
    } catch (error) {
      // Ended changes the list.
      for (const { seat } of [...changes]) this.#context.onFailed(seat, error);
      if (error instanceof SyncError && changes.length > 0) return;
      logger.error({ room, err: error }, 'bug in handling changes: the document is built again');
      if (this.#isCurrent(loaded)) this.#context.onBroken(loaded);
    }
  }

  #tick(): void {
    const loaded = this.#context.current();
    if (loaded !== null) this.work(loaded);
  }

  /** Takes the changes off the front of `waiting` that may be applied together, or the first one alone. */
  #nextBatch({ document, journal }: LoadedRoom, waiting: ReceivedChange[]): ReceivedChange[] {
    const joint = new JointChanges(document, this.#context.limits);
    const mayJoin = waiting.length > 1 && this.#suspects === 0 && this.#held.isIdle && !journal.isStuck && document.isWhole;
    while (mayJoin && joint.changes.length < waiting.length) {
      const next = waiting[joint.changes.length];
      if (next === undefined || !this.#isPlain(document, next) || !joint.add(next)) break;
    }
    return waiting.splice(0, Math.max(1, joint.changes.length));
  }

  /** True when the change is applied in any case, and whole. */
  #isPlain(document: RoomDocument, change: ReceivedChange): boolean {
    const { seat } = change;
    if (!seat.canWrite || !this.#isHere(seat)) return false;
    const decision = this.#held.judge(document, seat, change);
    return decision.kind === 'apply' && decision.brought === null;
  }

  #isHere(seat: Seat): boolean {
    return this.#context.seats.get(seat.member) === seat;
  }

  /** Handles one change by itself. */
  #handle(loaded: LoadedRoom, change: ReceivedChange): void {
    const { seat, inspected, type } = change;
    const held = this.#held;
    if (this.#suspects > 0) this.#suspects -= 1;
    // Refused or ended by a change before this one.
    if (seat.isRefused || !this.#isHere(seat)) return;
    seat.member.during({ type, update: inspected.update }, () => {
      held.heard(seat, inspected);
      if (held.isHolding(seat) || !this.#take(loaded, seat, change, 'now')) this.#hold(loaded.document, seat, change);
      if (type === 'sync-step-2') held.answered(seat, loaded.document);
    });
  }

  /**
   * Applies changes in one transaction: one change to fan out, and one row. @returns Those that are to be handled again:
   * after one that left something pending, or all of them, one by one, when the document broke.
   */
  #applyTogether(loaded: LoadedRoom, batch: ReceivedChange[]): ReceivedChange[] {
    const { fanOut, logger, room } = this.#context;
    const { document } = loaded;
    const outcome = document.applyTogether(batch.map(({ inspected }) => inspected));
    if (outcome.kind === 'broken') {
      logger.warn({ room, err: outcome.error, changes: batch.length }, 'changes broke the document, which is built again');
      this.#suspects = batch.length;
      this.#context.onBroken(loaded);
      return batch;
    }
    const applied = batch.slice(0, outcome.applied);
    const parts = applied.map(({ seat, inspected }) => ({ author: seat, update: inspected.update }));
    for (const change of outcome.changes) {
      // A pending struct must reach no member, so all get the change and none the updates as they came.
      if (outcome.need !== null) fanOut.change('several', change);
      else fanOut.joint(change, parts);
      this.#journal(loaded, change);
    }
    if (outcome.changes.length > 0) this.#acks.meetNeeds(loaded);
    for (const [at, change] of applied.entries()) {
      const need = at === applied.length - 1 ? outcome.need : null;
      this.#applied(loaded, change, { need, brought: null, when: 'now' });
      if (change.type === 'sync-step-2') this.#held.answered(change.seat, document);
    }
    return batch.slice(outcome.applied);
  }

  #journal({ journal }: LoadedRoom, change: Uint8Array): void {
    journal.push(change);
    this.#context.checkpoints.journaled(change.length);
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
      this.#guard(loaded, [{ seat }], () => {
        if (this.#settleSeat(loaded, seat)) isProgress = true;
      });
    }
    return isProgress;
  }

  #settleSeat(loaded: LoadedRoom, seat: Seat): boolean {
    let isProgress = false;
    for (let first = this.#held.first(seat); first !== null && this.#isCurrent(loaded); first = this.#held.first(seat)) {
      if (!this.#take(loaded, seat, first, 'settling')) {
        const decision = this.#held.judge(loaded.document, seat, first);
        if (decision.kind === 'hold') this.#held.waitFor(loaded.document, seat, decision.claims);
        break;
      }
      this.#held.shift(seat);
      isProgress = true;
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
      this.#acks.acknowledge(seat, journal);
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
    const { document } = loaded;
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
    this.changed(loaded, outcome.changes, { author, isNews: true });
    this.#applied(loaded, { seat, inspected, count }, { need: outcome.need, brought, when });
  }

  /**
   * Acknowledges an applied change once it is durable, and asks its sender for what it needs.
   * @param how `need`: what it misses. `brought`, `when`: as above.
   */
  #applied(
    { document, journal }: LoadedRoom,
    { seat, inspected, count }: Pick<ReceivedChange, 'seat' | 'inspected' | 'count'>,
    { need: missing, brought, when }: { need: Need | null; brought: ReadonlyMap<number, number> | null; when: 'now' | 'settling' },
  ): void {
    const { acks } = seat.member;
    if (missing !== null) this.#waitingIds.add(seat, inspected, missing);
    const need = document.needOf(missing, brought);
    // Structs that the store holds are durable, even if the document can't show them: asking for them again would never end.
    const isHeld = missing !== null && brought === null && document.isHeld(inspected.update);
    if (isHeld && !this.#acks.isSomeoneWaiting) document.dropPending();
    if (need === null || isHeld) {
      acks.settle(count, journal.lastSeq);
      this.#acks.acknowledge(seat, journal);
      return;
    }
    acks.wait(count, need, this.#context.environment.now());
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

  #isTooMuch(document: RoomDocument): boolean {
    return document.isPendingInVain || document.pendingBytes > this.#context.limits.maxPendingBytes;
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

/** Counts the time that changes took as their senders', by size. */
function countWork(changes: readonly ReceivedChange[], ms: number): void {
  const bytes = changes.reduce((sum, { inspected }) => sum + inspected.update.length, 0);
  for (const { seat, inspected } of changes) seat.member.worked((ms * inspected.update.length) / bytes);
}
