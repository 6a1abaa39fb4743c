/**
 * Presence of members on other nodes. Pure; `replication.ts` moves the messages.
 *
 * An id belongs to one connection on one node. A node sends entries only for the ids of its own connections; the other
 * nodes keep them under an owner that stands for that node. When a client moves to another node, its new connection
 * takes the id over with a higher tenure, so the late close of the old connection removes nothing:
 *
 *     node a: X, tenure 1 ──X──▶ node b           the client's link broke; a does not know it yet
 *     node b: X introduced again, tenure 2 ──▶ a  a gives X to b: its old connection's close removes nothing
 *
 * Of two claims with one tenure the higher clock wins, then the name of the node, so both nodes decide the same.
 */

import { parseAwarenessState, type AwarenessEntry } from '@wetink/protocol';
import type { Live, Presence, PresencePeer } from './presence.ts';

/** An awareness entry as its node knows it. */
export interface NodeEntry {
  clientId: number;
  clock: number;
  /** 'null' for an entry that was removed. */
  state: string;
  /** User of the connection that owns the id; '' for none. */
  userId: string;
  /** Number of times the id has changed hands, as far as its node knows. The claim with the higher number is newer. */
  tenure: number;
  /** The id is the connection's own, not one that it carries for another tab. */
  isOwn: boolean;
}

export interface NodePresenceOutcome {
  /** Ids to announce to the members of this node. */
  changed: number[];
  /** Ids that this node has to announce to the other nodes again. */
  taken: number[];
  /** Entries for one member each: other clients saw its id removed, so it must announce itself again. */
  recalled: { member: PresencePeer; entry: AwarenessEntry }[];
  /** Entries for the sending node alone: removed here at or above its clock. */
  stale: NodeEntry[];
}

export class NodePresence {
  readonly #presence: Presence;
  readonly #node: string;
  /** Finds the connection of this node that has this client id as its own and belongs to this user. */
  readonly #findMember: (clientId: number, userId: string) => PresencePeer | null;

  constructor(presence: Presence, node: string, findMember: (clientId: number, userId: string) => PresencePeer | null) {
    this.#presence = presence;
    this.#node = node;
    this.#findMember = findMember;
  }

  /** Entries for the ids that this node's connections own; ids of other nodes are left out. */
  entriesOf(clientIds: readonly number[]): NodeEntry[] {
    return clientIds.flatMap((clientId) => {
      const live = this.#presence.live(clientId);
      if (live === null) return [removal(this.#presence.entry(clientId))];
      const { clock, state, owner, tenure } = live;
      return owner.node === undefined
        ? [{ clientId, clock, state, tenure, userId: owner.userId, isOwn: owner.ownClientId === clientId }]
        : [];
    });
  }

  /** Entries for all ids that this node's connections own. */
  own(): NodeEntry[] {
    return this.entriesOf(this.#presence.all().map(({ clientId }) => clientId));
  }

  /**
   * @param how `isFull`: `entries` is everything that the node has.
   * @throws {SyncError} MALFORMED when a state to be passed on is not a JSON object.
   */
  receive(node: string, entries: readonly NodeEntry[], { isFull }: { isFull: boolean }): NodePresenceOutcome {
    const outcome: NodePresenceOutcome = { changed: [], taken: [], recalled: [], stale: [] };
    for (const entry of entries) {
      if (entry.state === 'null') this.#removed(node, entry, outcome);
      else this.#alive(node, entry, outcome);
    }
    if (isFull) {
      const named = new Set(entries.map(({ clientId }) => clientId));
      this.#drop(
        this.#presence.idsOf(node).filter((clientId) => !named.has(clientId)),
        outcome,
      );
    }
    return outcome;
  }

  /** Removes the entries of a node that has closed the room or is dead. */
  gone(node: string): NodePresenceOutcome {
    const outcome: NodePresenceOutcome = { changed: [], taken: [], recalled: [], stale: [] };
    this.#drop(this.#presence.idsOf(node), outcome);
    return outcome;
  }

  #drop(clientIds: readonly number[], outcome: NodePresenceOutcome): void {
    for (const clientId of clientIds) {
      const live = this.#presence.live(clientId);
      if (live !== null) this.#removeOrKeep(clientId, live, live.clock, outcome);
    }
  }

  #removed(node: string, { clientId, clock }: NodeEntry, outcome: NodePresenceOutcome): void {
    const live = this.#presence.live(clientId);
    if (live === null || clock < live.clock) return;
    if (live.owner.node === node) this.#removeOrKeep(clientId, live, clock, outcome);
    else if (live.owner.node === undefined)
      outcome.recalled.push({ member: live.owner, entry: { clientId, clock: clock + 1, state: 'null' } });
  }

  /** Removes the id, unless a connection here owns it too and keeps it. */
  #removeOrKeep(clientId: number, live: Live, clock: number, outcome: NodePresenceOutcome): void {
    const member = this.#findMember(clientId, live.owner.userId);
    if (member === null) {
      this.#presence.remove(clientId, clock);
      outcome.changed.push(clientId);
    } else {
      this.#presence.transfer(clientId, live, member, live.tenure + 1);
      outcome.taken.push(clientId);
    }
  }

  #alive(node: string, entry: NodeEntry, outcome: NodePresenceOutcome): void {
    const { clientId, clock, state, tenure } = entry;
    const live = this.#presence.live(clientId);
    const owner: PresencePeer = { id: 0, userId: entry.userId, ownClientId: entry.isOwn ? clientId : null, node };
    if (live === null) {
      const removedClock = this.#presence.removedClock(clientId);
      if (removedClock !== null && clock <= removedClock) {
        outcome.stale.push(removal({ clientId, clock: removedClock }));
        return;
      }
      parseAwarenessState(state);
      if (this.#presence.add(clientId, { clock, state, owner, tenure })) outcome.changed.push(clientId);
      return;
    }
    const isNewer = clock > live.clock;
    const isSameNode = live.owner.node === node;
    if (!isSameNode && live.owner.userId !== entry.userId) return;
    if (isNewer) parseAwarenessState(state);
    const isItsToTake = entry.isOwn || live.owner.ownClientId !== clientId;
    if (isSameNode || (isItsToTake && this.#isBehind(live, node, entry))) this.#presence.transfer(clientId, live, owner, tenure);
    if (!isNewer) return;
    live.clock = clock;
    live.state = state;
    outcome.changed.push(clientId);
  }

  #isBehind(live: Live, node: string, entry: NodeEntry): boolean {
    if (entry.tenure !== live.tenure) return entry.tenure > live.tenure;
    if (entry.clock !== live.clock) return entry.clock > live.clock;
    return node > (live.owner.node ?? this.#node);
  }
}

function removal({ clientId, clock }: { clientId: number; clock: number }): NodeEntry {
  return { clientId, clock, state: 'null', userId: '', tenure: 0, isOwn: false };
}
