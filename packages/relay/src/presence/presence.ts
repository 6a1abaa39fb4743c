/**
 * Presence in one room: awareness entries as they are on the wire, kept by connection. Pure. y-protocols' `Awareness`
 * is not used: it lets any client write any id's entry and never forgets an id.
 *
 * An id belongs to one connection, the only one whose entries for it count and whose close removes it:
 * - a connection's own id (named in `authenticate`, or the one entry of a stock client's first awareness frame) belongs
 *   to the newest such connection; a newer entry from an older one still counts, since both belong to the same user and
 *   only a live one can know a higher clock;
 * - other ids that a connection carries (tabs behind one socket) belong to it until their owner introduces them itself,
 *   or a newer connection carries a higher clock.
 * Stock clients repeat everyone's entries to everyone (y-websocket 3.1); those never have a higher clock.
 *
 * Entries of another node belong to an owner that stands for it (`node-presence.ts` has the rules between nodes).
 */

import { parseAwarenessState, type AwarenessEntry } from '@wetink/protocol';
import { stateOf, type ShownUser } from './shown-user.ts';

export interface PresencePeer {
  /** Larger for newer connections. */
  readonly id: number;
  /** '' in open mode. */
  readonly userId: string;
  readonly ownClientId: number | null;
  /** Name of the node, for an owner that stands for another node. */
  readonly node?: string;
  /** User to show in this peer's states, whatever they claim. Without it the states are passed on as they came. */
  readonly shown?: ShownUser | null;
}

export interface Live {
  clock: number;
  state: string;
  owner: PresencePeer;
  /** Number of times the id has changed hands, on all nodes. */
  tenure: number;
}

export interface PresenceLimits {
  maxIdsPerConnection: number;
  maxIdsPerRoom: number;
}

export interface PresenceOutcome {
  /** Ids to announce to the other members. */
  changed: number[];
  /** For the sender alone, which must announce itself again: its live state is at or below a removed clock. */
  answer: AwarenessEntry[];
}

export class Presence {
  readonly #limits: PresenceLimits;
  readonly #liveById = new Map<number, Live>();
  /** Clocks at which ids were removed, oldest first. Clients remember theirs for as long as they stay. */
  readonly #removedClockById = new Map<number, number>();
  readonly #idsByPeer = new Map<number | string, Set<number>>();

  constructor(limits: PresenceLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#liveById.size;
  }

  /**
   * Keeps states as others are to see them: with the sender's verified id and name, whatever they claim.
   * @throws {SyncError} MALFORMED when a state to be passed on is not a JSON object, TOO_LARGE if the name makes it so.
   */
  receive(peer: PresencePeer, entries: readonly AwarenessEntry[]): PresenceOutcome {
    const changed: number[] = [];
    const answer: AwarenessEntry[] = [];
    for (const entry of entries) {
      const live = this.#liveById.get(entry.clientId);
      if (entry.state === 'null') {
        if (live === undefined || live.owner !== peer || entry.clock < live.clock) continue;
        this.#remove(entry.clientId, live, entry.clock);
        changed.push(entry.clientId);
        continue;
      }
      if (live === undefined) {
        const removedClock = this.#removedClockById.get(entry.clientId);
        if (removedClock !== undefined && entry.clock <= removedClock) {
          if (this.#mayIntroduce(peer, entry.clientId)) answer.push({ clientId: entry.clientId, clock: removedClock + 1, state: 'null' });
          continue;
        }
        if (!this.#mayIntroduce(peer, entry.clientId)) continue;
        const state = passedOn(peer, entry.state);
        this.#removedClockById.delete(entry.clientId);
        this.#liveById.set(entry.clientId, { clock: entry.clock, state, owner: peer, tenure: 1 });
        this.#idsOf(peer).add(entry.clientId);
        changed.push(entry.clientId);
        continue;
      }
      const isNewer = entry.clock > live.clock;
      if (live.owner !== peer && !this.#mayTake(peer, entry.clientId, live, { isNewer })) continue;
      const state = isNewer ? passedOn(peer, entry.state) : live.state;
      const isFromNode = live.owner.node !== undefined;
      if (live.owner !== peer && peer.id > live.owner.id) this.transfer(entry.clientId, live, peer, live.tenure + 1);
      // The node that owned the id has to learn that it does not any more.
      if (isFromNode && !isNewer) changed.push(entry.clientId);
      if (!isNewer) continue;
      live.clock = entry.clock;
      live.state = state;
      changed.push(entry.clientId);
    }
    return { changed, answer };
  }

  /** Removes a connection that has closed. @returns Ids that are gone with it. */
  leave(peer: PresencePeer): number[] {
    const removed = this.idsOf(peer.id);
    for (const clientId of removed) {
      const live = this.#liveById.get(clientId);
      if (live !== undefined) this.#remove(clientId, live, live.clock);
    }
    this.#idsByPeer.delete(peer.id);
    return removed;
  }

  /** @param key A connection's id, or a node's name. */
  idsOf(key: number | string): number[] {
    return [...(this.#idsByPeer.get(key) ?? [])];
  }

  live(clientId: number): Live | null {
    return this.#liveById.get(clientId) ?? null;
  }

  removedClock(clientId: number): number | null {
    return this.#removedClockById.get(clientId) ?? null;
  }

  /** Adds another node's entry for an id that is new here. @returns False when the room is full. */
  add(clientId: number, live: Live): boolean {
    if (this.#liveById.size >= this.#limits.maxIdsPerRoom) return false;
    this.#removedClockById.delete(clientId);
    this.#liveById.set(clientId, live);
    this.#idsOf(live.owner).add(clientId);
    return true;
  }

  remove(clientId: number, clock: number): void {
    const live = this.#liveById.get(clientId);
    if (live !== undefined) this.#remove(clientId, live, clock);
  }

  /** The id's present entry: live, or removed at the clock that the others must see. */
  entry(clientId: number): AwarenessEntry {
    const live = this.#liveById.get(clientId);
    if (live !== undefined) return { clientId, clock: live.clock, state: live.state };
    return { clientId, clock: this.#removedClockById.get(clientId) ?? 0, state: 'null' };
  }

  /** Entries of everyone who is present. */
  all(): AwarenessEntry[] {
    return [...this.#liveById].map(([clientId, { clock, state }]) => ({ clientId, clock, state }));
  }

  ownerOf(clientId: number): PresencePeer | null {
    return this.#liveById.get(clientId)?.owner ?? null;
  }

  transfer(clientId: number, live: Live, peer: PresencePeer, tenure: number): void {
    this.#forget(clientId, live);
    this.#idsOf(peer).add(clientId);
    live.owner = peer;
    live.tenure = tenure;
  }

  #mayIntroduce(peer: PresencePeer, clientId: number): boolean {
    if (peer.ownClientId === clientId) return true;
    return (this.#idsByPeer.get(peer.id)?.size ?? 0) < this.#limits.maxIdsPerConnection && this.#liveById.size < this.#limits.maxIdsPerRoom;
  }

  #mayTake(peer: PresencePeer, clientId: number, live: Live, { isNewer }: { isNewer: boolean }): boolean {
    if (live.owner.userId !== peer.userId) return false;
    if (peer.ownClientId === clientId) return true;
    const isCarried = live.owner.ownClientId !== clientId;
    return isCarried && isNewer && peer.id > live.owner.id && this.#mayIntroduce(peer, clientId);
  }

  #remove(clientId: number, live: Live, clock: number): void {
    this.#liveById.delete(clientId);
    this.#forget(clientId, live);
    this.#removedClockById.delete(clientId);
    this.#removedClockById.set(clientId, clock);
    // Bounded: an id beyond this may be shown again only at its next renewal, 15 s later at most.
    if (this.#removedClockById.size > 2 * this.#limits.maxIdsPerRoom) {
      for (const oldest of this.#removedClockById.keys()) {
        this.#removedClockById.delete(oldest);
        break;
      }
    }
  }

  #idsOf(peer: PresencePeer): Set<number> {
    const key = peer.node ?? peer.id;
    let ids = this.#idsByPeer.get(key);
    if (ids === undefined) this.#idsByPeer.set(key, (ids = new Set()));
    return ids;
  }

  #forget(clientId: number, live: Live): void {
    const key = live.owner.node ?? live.owner.id;
    const ids = this.#idsByPeer.get(key);
    ids?.delete(clientId);
    if (ids?.size === 0) this.#idsByPeer.delete(key);
  }
}

/** A state as JSON, checked, with its sender in it. Tabs behind one socket belong to the same user. */
function passedOn({ shown }: PresencePeer, text: string): string {
  const state = parseAwarenessState(text);
  return shown === undefined || shown === null || state === null ? text : stateOf(shown, text, state);
}
