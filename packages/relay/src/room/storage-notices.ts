/**
 * Tells members when the journal can't be written, and when it can again: one small message when it begins, one to each
 * member that joins meanwhile, one when it ends. So no member takes what others draw meanwhile for stored.
 *
 * Only on this node: members of other nodes see nothing of it before it is durable (RL72).
 */

import { errors } from '@wetink/protocol';
import type { Journal } from '../journal/journal.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { Member } from '../member/member.ts';
import type { Seats } from '../member/seat.ts';
import { createOutgoing, type Framing } from '../framing/outgoing.ts';

const CODE = 'STORAGE_UNAVAILABLE';

export class StorageNotices {
  readonly #seats: Seats;
  readonly #limits: Pick<RelayLimits, 'retryMaxMs'>;
  readonly #framing: Framing;
  #isAway = false;

  constructor(seats: Seats, { limits, framing }: { limits: Pick<RelayLimits, 'retryMaxMs'>; framing: Framing }) {
    this.#seats = seats;
    this.#limits = limits;
    this.#framing = framing;
  }

  /** To be called whenever the journal may have become stuck or free, and at intervals: a write may never end. */
  look(journal: Journal, nowMs: number): void {
    const isAway = journal.isStuck || journal.isLate(nowMs);
    if (isAway === this.#isAway) return;
    this.#isAway = isAway;
    this.#tell(this.#seats.keys());
  }

  /** To be called before the room asks the member for anything: sending a change would only close it. */
  joined(member: Member): void {
    if (this.#isAway) this.#tell([member]);
  }

  #tell(members: Iterable<Member>): void {
    const text = this.#isAway ? errors[CODE].sentence : 'The server can save again.';
    const retryAfterMs = this.#isAway ? this.#limits.retryMaxMs : 0;
    const outgoing = createOutgoing([{ type: 'notice', code: CODE, retryAfterMs, text }], this.#framing);
    for (const member of members) if (member.isExtension) member.send(outgoing);
  }
}
