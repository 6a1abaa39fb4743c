/**
 * Client ids of pending structs, by the member that sent them. A pending struct without an owner when it came may have
 * one before its hole is filled, perhaps by that owner. Applying it then would take the owner's next clocks unasked. So
 * it is dropped first (`UpdatePipeline.distrust`), and judged anew when it is sent again.
 */

import type { Need } from '../document/need.ts';
import type { Seat } from '../member/seat.ts';
import type { Owners } from './owners.ts';
import type { Inspected } from '../document/room-document.ts';
import { isOf } from './struct-ownership.ts';

/** All are looked at before each apply. Honest holes concern a few ids; with more than this, everything pending is dropped. */
const MAX_IDS = 1_000;

export class WaitingIds {
  readonly #owners: Pick<Owners, 'ownerOf'>;
  /** Also for members that have left: their structs may still wait. */
  readonly #idsBySender = new Map<Seat, Set<number>>();
  #count = 0;

  constructor(owners: Pick<Owners, 'ownerOf'>) {
    this.#owners = owners;
  }

  /** True when a pending struct has a live owner other than its sender, or there are too many to tell. */
  get mayBelongToOthers(): boolean {
    if (this.#count > MAX_IDS) return true;
    for (const [sender, ids] of this.#idsBySender) {
      if (!sender.member.acks.hasUnmetNeed) continue;
      for (const id of ids) {
        const owner = this.#owners.ownerOf(id);
        if (owner !== null && !isOf(id, owner, sender.member)) return true;
      }
    }
    return false;
  }

  /** Notes an update for which the document lacks `need`. */
  add(sender: Seat, { to }: Inspected, need: Need): void {
    // Deletions need no permission of the owner.
    const brought = [...need.keys()].filter((id) => to.has(id));
    if (brought.length === 0) return;
    let ids = this.#idsBySender.get(sender);
    if (ids === undefined) this.#idsBySender.set(sender, (ids = new Set()));
    this.#count -= ids.size;
    for (const id of brought) ids.add(id);
    this.#count += ids.size;
  }

  /** To be called when nothing is pending. */
  clear(): void {
    this.#idsBySender.clear();
    this.#count = 0;
  }
}
