/** Messages between a room and its members about the document. Each needs the document; the room decides when there is one. */

import type { RoomDocument } from '../document/room-document.ts';
import type { LoadedRoom } from '../journal/loaded-room.ts';
import type { Seat } from '../member/seat.ts';
import type { SyncAnswers } from '../updates/sync-answers.ts';
import type { UpdatePipeline } from '../updates/update-pipeline.ts';
import type { DocumentMessage } from './waiting-messages.ts';

export class DocumentMessages {
  readonly #pipeline: UpdatePipeline;
  readonly #answers: SyncAnswers;

  constructor(pipeline: UpdatePipeline, answers: SyncAnswers) {
    this.#pipeline = pipeline;
    this.#answers = answers;
  }

  /** Asks a member that has joined for what the document lacks. */
  greet(seat: Seat, document: RoomDocument): void {
    // A viewer would answer with its delete set, and get a pointless refusal.
    if (seat.member.role !== 'viewer') this.#pipeline.greet(seat, document);
  }

  /** After a rebuild the document may have changes of another node that no member of this one has seen. */
  tellAnew(seat: Seat, document: RoomDocument): void {
    const { member } = seat;
    const missed = document.clocksFromZero();
    if (member.isBehind()) seat.miss(missed);
    else this.#answers.catchUp(member, document, missed);
    if (member.acks.hasUnmetNeed) this.#pipeline.ask(seat, document);
  }

  /** @throws {SyncError} The code to close the sender with. */
  receive(loaded: LoadedRoom, { seat, message, count }: DocumentMessage): void {
    const { member } = seat;
    if (message.type !== 'sync-step-1') {
      if (!seat.isRefused) this.#pipeline.receive(loaded, seat, message, count);
      return;
    }
    // Answered later while it is behind or still taking the last answer: 200 of these fit into one packet, and each can
    // ask for the whole document.
    if (member.isBehind() || member.isWaiting()) seat.postpone(message.stateVector);
    else this.#answers.answer(member, loaded.document, message.stateVector);
  }

  /** Sends what waits until the member's socket has room, if it has. */
  catchUp(seat: Seat, document: RoomDocument): void {
    const { member } = seat;
    if (member.isBehind()) return;
    const stateVector = seat.takePostponed();
    if (stateVector !== null) return this.#answers.answer(member, document, stateVector);
    const missed = seat.takeMissed();
    if (missed !== null) this.#answers.catchUp(member, document, missed);
  }
}
