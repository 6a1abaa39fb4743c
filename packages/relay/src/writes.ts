/**
 * What members do to a room's document: each change is taken, refused, or kept until what it builds on has come, and
 * acknowledged when it is durable. Needs a loaded document; the room brings it and decides when there is one.
 */

import { SyncError, type ErrorName } from '@wetink/protocol';
import type { Checkpoints } from './checkpoints.ts';
import type { Environment } from './environment.ts';
import type { Journal } from './journal.ts';
import type { Author, Lanes } from './lanes.ts';
import type { RelayLimits } from './limits.ts';
import type { Logger } from './logger.ts';
import type { Member } from './member.ts';
import { createOutgoing, type Framing } from './outgoing.ts';
import type { RoomDocument } from './room-document.ts';

/** A member is asked again for what is missing only after so long. */
const ASK_PAUSE_MS = 1_000;

/** A room's document and the log of what changed it. */
export interface Loaded {
  document: RoomDocument;
  journal: Journal;
}

export interface WritesContext {
  room: string;
  members: ReadonlySet<Member>;
  logger: Logger;
  environment: Environment;
  limits: RelayLimits;
  framing: Framing;
  lanes: Lanes;
  checkpoints: Checkpoints;
  /** An apply threw: the document is of no further use. */
  onBroken(loaded: Loaded): void;
}

export class Writes {
  readonly #context: WritesContext;

  constructor(context: WritesContext) {
    this.#context = context;
  }

  /** @param count The message's number on its connection, for its ack. */
  write(loaded: Loaded, member: Member, update: Uint8Array, count: number): void {
    const { limits, environment, logger, room } = this.#context;
    const { document, journal } = loaded;
    const mayWrite = member.role !== 'viewer';
    const isFull =
      (document.estimatedBytes + update.length > limits.maxDocumentBytes &&
        document.full().length + update.length > limits.maxDocumentBytes) ||
      bringsTooManyIds(document, update, limits.maxClientIds);
    if (!mayWrite || isFull || this.#isStuck(journal)) {
      // What changes nothing is never refused.
      if (!isKnown(document, update)) {
        if (!mayWrite) return this.#refuse(member, count, 'READ_ONLY');
        if (isFull) return this.#refuse(member, count, 'DOCUMENT_TOO_LARGE');
        return member.end('STORAGE_UNAVAILABLE', limits.retryMaxMs);
      }
      member.acks.settle(count, journal.lastSeq);
      return this.acknowledge(member, journal);
    }
    const outcome = document.apply(update);
    if (outcome.kind !== 'applied') {
      logger.warn({ room, connection: member.id, err: outcome.error, bytes: update.length }, 'a change could not be applied');
      this.#refuse(member, count, 'BAD_UPDATE');
      if (outcome.kind === 'broken') this.#context.onBroken(loaded);
      return;
    }
    this.changed(loaded, outcome.changes, member, true);
    // What the store holds already is durable, even where it can't be shown: asking for it again would never end.
    const isHeld = outcome.need !== null && document.isHeld(update);
    if (isHeld && !this.#someoneWaits()) document.dropPending();
    if (outcome.need === null || isHeld) {
      member.acks.settle(count, journal.lastSeq);
      this.acknowledge(member, journal);
      return;
    }
    member.acks.wait(count, outcome.need, environment.now());
    if (document.pendingBytes > limits.maxPendingBytes) this.#givePendingUp(document);
    else this.ask(member, document);
  }

  /** The document has changed: passes it on, and journals it unless it is durable already. */
  changed(loaded: Loaded, changes: readonly Uint8Array[], author: Author, isNews: boolean): void {
    const { lanes, checkpoints } = this.#context;
    for (const change of changes) {
      lanes.change(author, change);
      if (!isNews) continue;
      loaded.journal.push(change);
      checkpoints.journaled(change.length);
    }
    if (changes.length > 0) this.#meetNeeds(loaded);
  }

  /** Tells the member how much of what it sent is durable. */
  acknowledge(member: Member, journal: Journal): void {
    const count = member.acks.advance(journal.durableSeq);
    if (count !== null && member.isExtension) member.send(createOutgoing([{ type: 'ack', count }], this.#context.framing));
  }

  /** Asks the member for what the document lacks. */
  ask(member: Member, document: RoomDocument): void {
    const nowMs = this.#context.environment.now();
    if (nowMs - member.askedAtMs < ASK_PAUSE_MS) return;
    member.askedAtMs = nowMs;
    member.send(createOutgoing([{ type: 'sync-step-1', stateVector: document.stateVector() }], this.#context.framing));
  }

  /** The member is gone. If it was the last who waits for something, what waits is of no use. */
  left(member: Member, document: RoomDocument): void {
    if (member.acks.hasUnmetNeed && !this.#someoneWaits()) document.dropPending();
  }

  /** Gives up what has waited too long, or is too much. */
  housekeeping(document: RoomDocument, nowMs: number): void {
    const { maxPendingBytes, pendingMs } = this.#context.limits;
    const isLate = [...this.#context.members].some((member) => nowMs - (member.acks.unmetSinceMs ?? nowMs) > pendingMs);
    if (isLate || document.pendingBytes > maxPendingBytes) this.#givePendingUp(document);
  }

  #isStuck(journal: Journal): boolean {
    const { refuseAfterFailures, maxUnsavedBytes } = this.#context.limits;
    return journal.failures >= refuseAfterFailures || journal.unsavedBytes > maxUnsavedBytes;
  }

  #meetNeeds({ document, journal }: Loaded): void {
    for (const member of this.#context.members) {
      if (!member.acks.hasUnmetNeed) continue;
      member.acks.meet((need) => document.isMet(need), journal.lastSeq);
      // What met it may have come from another node, and be durable already.
      this.acknowledge(member, journal);
    }
  }

  #someoneWaits(): boolean {
    for (const member of this.#context.members) if (member.acks.hasUnmetNeed) return true;
    return false;
  }

  /** Those whose changes waited have them still, unacknowledged: they come back and send everything. */
  #givePendingUp(document: RoomDocument): void {
    document.dropPending();
    for (const member of [...this.#context.members]) if (member.acks.hasUnmetNeed) member.end('INCOMPLETE');
  }

  #refuse(member: Member, count: number, code: ErrorName): void {
    const { framing } = this.#context;
    member.isRefused = true;
    if (member.isExtension) member.send(createOutgoing([{ type: 'refused', count, code }], framing));
    else if (code === 'READ_ONLY')
      member.send(createOutgoing([{ type: 'permission-denied', reason: new SyncError(code).sentence }], framing));
    if (code === 'BAD_UPDATE' || (code === 'DOCUMENT_TOO_LARGE' && !member.isExtension)) member.end(code);
  }
}

function bringsTooManyIds(document: RoomDocument, update: Uint8Array, maxIds: number): boolean {
  try {
    return document.hasTooManyIds(update, maxIds);
  } catch (error) {
    // Applying it refuses it, with a better reason.
    if (error instanceof SyncError) return false;
    throw error;
  }
}

function isKnown(document: RoomDocument, update: Uint8Array): boolean {
  try {
    return document.contains(update);
  } catch (error) {
    // Unreadable is not known; the refusal that follows says the rest.
    if (error instanceof SyncError) return false;
    throw error;
  }
}
