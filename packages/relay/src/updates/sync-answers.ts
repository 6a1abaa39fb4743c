/**
 * Answers to SyncStep1, and differences for members that fell behind. The whole document is encoded and framed once per
 * version and shared by all members that join; while a large one is being edited, they share a slightly older copy and
 * get the difference after it.
 */

import { SyncError } from '@wetink/protocol';
import type { RelayLimits } from '../limits/limits.ts';
import type { Member } from '../member/member.ts';
import { createOutgoing, type Framing, type Outgoing } from '../framing/outgoing.ts';
import type { RoomDocument } from '../document/room-document.ts';
import type { DocumentChange } from './update-pipeline.ts';

/** Documents below this are cheap enough to encode for each version. */
const LARGE_BYTES = 256 * 1024;
/** An older copy of a large document is used until this share of it has changed. */
const MAX_STALE_SHARE = 0.1;

interface Copy {
  version: number;
  bytes: number;
  estimatedBytes: number;
  stateVector: Uint8Array;
  asAnswer: Outgoing;
  asUpdate: Outgoing;
}

/** A difference up to this size is kept, for the next member at the same state. */
const MAX_KEPT_BYTES = 64 * 1024;

interface Difference {
  version: number;
  stateVector: Uint8Array;
  message: DocumentChange;
  outgoing: Outgoing;
}

export class SyncAnswers {
  readonly #framing: Framing;
  readonly #limits: RelayLimits;
  #copy: Copy | null = null;
  /** The last answer to a client that had something: after a break, many come back at the same state. */
  #difference: Difference | null = null;

  constructor(framing: Framing, limits: RelayLimits) {
    this.#framing = framing;
    this.#limits = limits;
  }

  /** The document was replaced. */
  reset(): void {
    this.#copy = null;
    this.#difference = null;
  }

  /** @throws {SyncError} MALFORMED when the state vector cannot be read. */
  answer(member: Member, document: RoomDocument, stateVector: Uint8Array): void {
    if (stateVector.length === 1 && stateVector[0] === 0) {
      this.#sendWhole(member, document, 'sync-step-2');
      return;
    }
    const last = this.#difference;
    if (last !== null && last.version === document.version && isEqual(last.stateVector, stateVector)) {
      return member.sendSync(last.outgoing, { isShared: false, ...counted(last.message) });
    }
    const message: DocumentChange = { type: 'sync-step-2', update: differenceFor(document, stateVector) };
    const outgoing = this.#sendDifference(member, document, message);
    const isKept = outgoing !== null && message.update.length <= MAX_KEPT_BYTES;
    this.#difference = isKept ? { version: document.version, stateVector, message, outgoing } : null;
  }

  /** @param missedFrom Per client the first clock that was not sent. */
  catchUp(member: Member, document: RoomDocument, missedFrom: ReadonlyMap<number, number>): void {
    this.#sendDifference(member, document, { type: 'update', update: document.diffSince(missedFrom) });
  }

  /** @returns Null when the member was sent the whole document. */
  #sendDifference(member: Member, document: RoomDocument, message: DocumentChange): Outgoing | null {
    // A long difference is for one member alone, and a stalled socket would hold all of it. The whole document is shared.
    if (message.update.length > this.#limits.hardSendBytes / 2) {
      this.#sendWhole(member, document, message.type);
      return null;
    }
    const outgoing = createOutgoing([message], this.#framing);
    member.sendSync(outgoing, { isShared: false, ...counted(message) });
    return outgoing;
  }

  #sendWhole(member: Member, document: RoomDocument, type: DocumentChange['type']): void {
    const isAnswer = type === 'sync-step-2';
    const copy = this.#usableCopy(document);
    const answered = isAnswer ? { answeredBytes: copy.bytes } : {};
    if (copy.version === document.version) {
      member.sendSync(isAnswer ? copy.asAnswer : copy.asUpdate, { isShared: true, ...answered });
      return;
    }
    member.sendSync(copy.asUpdate, { isShared: true, ...answered });
    const update = document.diff(copy.stateVector);
    member.sendSync(createOutgoing([{ type, update }], this.#framing), { isShared: false });
  }

  #usableCopy(document: RoomDocument): Copy {
    const copy = this.#copy;
    if (copy !== null) {
      if (copy.version === document.version) return copy;
      const grownBytes = document.estimatedBytes - copy.estimatedBytes;
      const limitBytes = Math.min(copy.bytes * MAX_STALE_SHARE, this.#limits.softSendBytes);
      if (copy.bytes >= LARGE_BYTES && grownBytes >= 0 && grownBytes < limitBytes) return copy;
    }
    const update = document.full();
    return (this.#copy = {
      version: document.version,
      bytes: update.length,
      estimatedBytes: document.estimatedBytes,
      stateVector: document.stateVector(),
      asAnswer: createOutgoing([{ type: 'sync-step-2', update }], this.#framing),
      asUpdate: createOutgoing([{ type: 'update', update }], this.#framing),
    });
  }
}

/** @throws {SyncError} MALFORMED when the state vector cannot be read. */
function differenceFor(document: RoomDocument, stateVector: Uint8Array): Uint8Array {
  try {
    return document.diff(stateVector);
  } catch (error) {
    throw error instanceof SyncError ? new SyncError('MALFORMED', 'state vector', { cause: error }) : error;
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** An answer counts towards the member's limit; a difference that it missed does not. */
function counted({ type, update }: DocumentChange): { answeredBytes?: number } {
  return type === 'sync-step-2' ? { answeredBytes: update.length } : {};
}
