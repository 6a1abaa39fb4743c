/**
 * What members are told of a journal that can't be written: that it can't, and that it can again. One small message when it
 * begins, one to each who joins meanwhile, one when it ends; so nobody takes for stored what others draw meanwhile.
 *
 * Only on this node: what members of other nodes see of this one is durable already (RL72).
 */

import { errors } from '@wetink/protocol';
import type { Journal } from '../journal/journal.ts';
import type { RelayLimits } from '../limits/limits.ts';
import type { Member } from '../member/member.ts';
import { createOutgoing, type Framing } from '../framing/outgoing.ts';

const CODE = 'STORAGE_UNAVAILABLE';

export class StorageNotices {
  readonly #members: ReadonlySet<Member>;
  readonly #limits: Pick<RelayLimits, 'retryMaxMs'>;
  readonly #framing: Framing;
  #isAway = false;

  constructor(members: ReadonlySet<Member>, { limits, framing }: { limits: Pick<RelayLimits, 'retryMaxMs'>; framing: Framing }) {
    this.#members = members;
    this.#limits = limits;
    this.#framing = framing;
  }

  /** To be called whenever the journal may have begun or ended to be stuck, and now and then: a write may never end. */
  look(journal: Journal, nowMs: number): void {
    const isAway = journal.isStuck || journal.isLate(nowMs);
    if (isAway === this.#isAway) return;
    this.#isAway = isAway;
    this.#tell(this.#members);
  }

  /** Before the member sends a change, for which it would only be closed. */
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
