/**
 * The owner of each client id, among the members that are here now and may write. Looked up for every new struct, so by
 * index.
 *
 * An id that a connection introduced as its own belongs to that connection, whatever others carry. Of several such
 * connections the newest owns it, since a broken link may not have ended here yet. Where users have ids, the first user
 * who introduced or carried an id keeps it while the room is in memory, also when away for a moment. An id that no
 * connection introduced belongs to the connection, or the node, that carries its presence.
 */

import type { Seat } from '../member/seat.ts';
import type { Presence, PresencePeer } from '../presence/presence.ts';

export class Owners {
  readonly #presence: Presence;
  readonly #maxRemembered: number;
  readonly #seats = new Map<number, Seat>();
  /** Newest last. */
  readonly #introducersById = new Map<number, Seat[]>();
  /** Oldest first. */
  readonly #userIdById = new Map<number, string>();

  constructor(presence: Presence, limits: { maxIdsPerRoom: number }) {
    this.#presence = presence;
    // People reconnect and reload now and then. A forgotten id belongs to the next user who introduces it.
    this.#maxRemembered = 4 * limits.maxIdsPerRoom;
  }

  joined(seat: Seat): void {
    this.#seats.set(seat.member.id, seat);
    this.introduced(seat);
  }

  /** The member has named its own id, or may have. */
  introduced(seat: Seat): void {
    const { member } = seat;
    const id = member.ownClientId;
    if (id === null) return;
    const introducers = this.#introducersById.get(id) ?? [];
    const isNew = !introducers.includes(seat);
    if (isNew) this.#introducersById.set(id, [...introducers, seat]);
    // A viewer made nothing under it. If it may write later, its next cursor claims the id.
    if (member.userId === '' || member.role === 'viewer') return;
    if (isNew || !this.#userIdById.has(id)) this.#remember(id, this.#userIdById.get(id) ?? this.#presentUserOf(id) ?? member.userId);
  }

  /** The member carries the presence of these ids. Called for each cursor that moves. */
  carries({ member }: Seat, ids: readonly number[]): void {
    if (member.userId === '' || member.role === 'viewer') return;
    for (const id of ids) {
      if (!this.#userIdById.has(id) && this.#presence.ownerOf(id) === member) this.#remember(id, member.userId);
    }
  }

  left(seat: Seat): void {
    this.#seats.delete(seat.member.id);
    const id = seat.member.ownClientId;
    const introducers = id === null ? undefined : this.#introducersById.get(id);
    if (id === null || introducers === undefined) return;
    const others = introducers.filter((other) => other !== seat);
    if (others.length === 0) this.#introducersById.delete(id);
    else this.#introducersById.set(id, others);
  }

  /** @returns A member of this node, a stand-in for another node, or null when there is no owner to ask. */
  ownerOf(id: number): PresencePeer | null {
    const userId = this.#userIdById.get(id);
    const introducers = this.#introducersById.get(id);
    if (introducers !== undefined) {
      for (let i = introducers.length - 1; i >= 0; i--) {
        const seat = introducers[i];
        if (seat?.canWrite === true && (userId === undefined || userId === seat.member.userId)) return seat.member;
      }
    }
    const carrier = this.#presence.ownerOf(id);
    if (carrier === null || (userId !== undefined && userId !== carrier.userId)) return null;
    if (carrier.node !== undefined) return carrier;
    return this.seatOf(carrier)?.member ?? null;
  }

  /**
   * The peer's seat on this node; null when it has none, or cannot write: viewers answer no question, and messages of a
   * refused member are no longer read, so both count as away.
   */
  seatOf(peer: PresencePeer): Seat | null {
    const seat = peer.node === undefined ? this.#seats.get(peer.id) : undefined;
    return seat?.canWrite === true ? seat : null;
  }

  #presentUserOf(id: number): string | undefined {
    const owner = this.#presence.ownerOf(id);
    if (owner === null || owner.ownClientId !== id || owner.userId === '') return undefined;
    return owner.node !== undefined || this.seatOf(owner) !== null ? owner.userId : undefined;
  }

  #remember(id: number, userId: string): void {
    this.#userIdById.delete(id);
    this.#userIdById.set(id, userId);
    if (this.#userIdById.size <= this.#maxRemembered) return;
    for (const oldest of this.#userIdById.keys()) {
      this.#userIdById.delete(oldest);
      break;
    }
  }
}
