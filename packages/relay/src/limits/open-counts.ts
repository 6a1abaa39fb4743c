/** Counts what is open at once: sockets of an address, connections and rooms of a user. Of this process alone. */

import type { UserLimit } from '../ports/paced-limit.ts';
import type { PeopleWatch } from '../ports/people-watch.ts';

export class OpenCounts {
  readonly #countByKey = new Map<string, number>();

  /** Number of keys that have something open. */
  get size(): number {
    return this.#countByKey.size;
  }

  count(key: string): number {
    return this.#countByKey.get(key) ?? 0;
  }

  enter(key: string): void {
    this.#countByKey.set(key, this.count(key) + 1);
  }

  leave(key: string): void {
    const left = this.count(key) - 1;
    if (left > 0) this.#countByKey.set(key, left);
    else this.#countByKey.delete(key);
  }
}

/** Connections and rooms by user. Clients without an id ('' in open mode) share one and are not counted. */
export class UserCounts {
  readonly #limits: { maxConnectionsPerUser: number; maxRoomsPerUser: number };
  readonly #roomsByUser = new Map<string, OpenCounts>();
  readonly #connections = new OpenCounts();
  readonly #watch: PeopleWatch | null;

  /** @param watch Hears of users who enter rooms and leave them. Default: none. */
  constructor(limits: { maxConnectionsPerUser: number; maxRoomsPerUser: number }, watch: PeopleWatch | null = null) {
    this.#limits = limits;
    this.#watch = watch;
  }

  /** Number of users with something open. */
  get size(): number {
    return this.#roomsByUser.size;
  }

  /** @returns The limit that this connection would exceed, and then it is not counted; or null. */
  enter(userId: string, room: string): UserLimit | null {
    const rooms = this.#roomsByUser.get(userId) ?? new OpenCounts();
    if (this.#connections.count(userId) >= this.#limits.maxConnectionsPerUser) return 'user_connections';
    if (rooms.count(room) === 0 && rooms.size >= this.#limits.maxRoomsPerUser) return 'user_rooms';
    this.#connections.enter(userId);
    rooms.enter(room);
    this.#roomsByUser.set(userId, rooms);
    if (rooms.count(room) === 1) this.#watch?.entered(userId, room);
    return null;
  }

  /** Removes a connection that `enter` has counted. */
  leave(userId: string, room: string): void {
    this.#connections.leave(userId);
    const rooms = this.#roomsByUser.get(userId);
    if (rooms === undefined) return;
    rooms.leave(room);
    if (rooms.size === 0) this.#roomsByUser.delete(userId);
    if (rooms.count(room) === 0) this.#watch?.left(userId, room);
  }
}

/** The count of one connection: one user and one room, or nothing. */
export class UserPlace {
  readonly #counts: UserCounts;
  readonly #room: string;
  #userId = '';

  constructor(counts: UserCounts, room: string) {
    this.#counts = counts;
    this.#room = room;
  }

  /** Counts for this user from now on, and for no other. @returns The limit that it would exceed, or null. */
  take(userId: string): UserLimit | null {
    if (userId === this.#userId) return null;
    this.leave();
    const beyond = userId === '' ? null : this.#counts.enter(userId, this.#room);
    if (beyond === null) this.#userId = userId;
    return beyond;
  }

  /** Idempotent. */
  leave(): void {
    if (this.#userId !== '') this.#counts.leave(this.#userId, this.#room);
    this.#userId = '';
  }
}
