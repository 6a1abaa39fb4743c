/**
 * Whose structs wait inside a document for their predecessors, and who brought them. What was of nobody here when it came
 * may have an owner by the time its hole is filled, perhaps by that owner: it would take the owner's next clocks then,
 * and nobody would be asked. So it is given up before (`UpdatePipeline.distrust`), and judged anew when it comes again.
 */

import type { Need } from '../document/need.ts';
import type { Member } from '../member/member.ts';
import type { Owners } from './owners.ts';
import type { Inspected } from '../document/room-document.ts';
import { isOf } from './struct-ownership.ts';

/** Looked at before each apply while something waits. Honest holes are of a few ids; beyond it all of it is given up. */
const MAX_IDS = 1_000;

export class WaitingIds {
  readonly #owners: Pick<Owners, 'ownerOf'>;
  /** Also of members who have left: what they brought may wait on. */
  readonly #idsBySender = new Map<Member, Set<number>>();
  #count = 0;

  constructor(owners: Pick<Owners, 'ownerOf'>) {
    this.#owners = owners;
  }

  /** Some of what waits is of an id that is live for somebody else than who brought it, or nobody can tell in time. */
  get haveOwner(): boolean {
    if (this.#count > MAX_IDS) return true;
    for (const [sender, ids] of this.#idsBySender) {
      if (!sender.acks.hasUnmetNeed) continue;
      for (const id of ids) {
        const owner = this.#owners.ownerOf(id);
        if (owner !== null && !isOf(id, owner, sender)) return true;
      }
    }
    return false;
  }

  /** The member has brought this, and the document lacks `need` for it. */
  add(sender: Member, { to }: Inspected, need: Need): void {
    // What it only deletes needs no leave.
    const brought = [...need.keys()].filter((id) => to.has(id));
    if (brought.length === 0) return;
    let ids = this.#idsBySender.get(sender);
    if (ids === undefined) this.#idsBySender.set(sender, (ids = new Set()));
    this.#count -= ids.size;
    for (const id of brought) ids.add(id);
    this.#count += ids.size;
  }

  /** Nothing waits. */
  clear(): void {
    this.#idsBySender.clear();
    this.#count = 0;
  }
}
