/**
 * Acks of one room. They go when their changes are durable; on a busy relay in one write with changes that wait for the
 * room's next tick.
 */

import type { Journal } from '../journal/journal.ts';
import type { LoadedRoom } from '../journal/loaded-room.ts';
import type { Seat, Seats } from '../member/seat.ts';
import { createOutgoing, type Framing, type Outgoing } from '../framing/outgoing.ts';

export class RoomAcks {
  readonly #seats: Seats;
  readonly #framing: Framing;
  /** Changes of the inbox are being handled: acks wait for the write that passes them on. */
  #isInTick = false;
  /** Some members may have acks that wait for the next tick. */
  #areWaiting = false;

  constructor(seats: Seats, framing: Framing) {
    this.#seats = seats;
    this.#framing = framing;
  }

  /** True while a member misses predecessors of what it sent. */
  get isSomeoneWaiting(): boolean {
    for (const member of this.#seats.keys()) if (member.acks.hasUnmetNeed) return true;
    return false;
  }

  /** Runs a tick's work. @returns The acks that go with its changes, by member; null without any. */
  during(journal: Journal, work: () => void): ((seat: Seat) => Outgoing | null) | null {
    this.#isInTick = true;
    try {
      work();
    } finally {
      this.#isInTick = false;
    }
    if (!this.#areWaiting) return null;
    this.#areWaiting = false;
    return (seat) => this.#ackFor(seat, journal);
  }

  /** Entries of the journal have become durable. */
  durable(journal: Journal, { mayWait }: { mayWait: boolean }): void {
    if (mayWait) this.#areWaiting = true;
    else for (const seat of this.#seats.values()) this.acknowledge(seat, journal);
  }

  /** Sends the member an ack for its messages that have become durable. */
  acknowledge(seat: Seat, journal: Journal): void {
    if (this.#isInTick) return void (this.#areWaiting = true);
    const ack = this.#ackFor(seat, journal);
    if (ack !== null) seat.member.send(ack);
  }

  /** The document has grown: messages that waited for it can be acknowledged once the journal's last entry is durable. */
  meetNeeds({ document, journal }: LoadedRoom): void {
    for (const seat of this.#seats.values()) {
      const { acks } = seat.member;
      if (!acks.hasUnmetNeed) continue;
      acks.meet((need) => document.isMet(need), journal.lastSeq);
      // The missing structs may have come from another node, and be durable already.
      this.acknowledge(seat, journal);
    }
  }

  #ackFor({ member }: Seat, journal: Journal): Outgoing | null {
    const count = member.acks.advance(journal.durableSeq);
    return count === null || !member.isExtension ? null : createOutgoing([{ type: 'ack', count }], this.#framing);
  }
}
