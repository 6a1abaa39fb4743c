/** A member's place in a room: the member, and the facts about it that only the room knows. The room makes it when the member joins. */

import type { RelayObserver } from '../ports/observer.ts';
import type { Member } from './member.ts';

/** The seats of one room, by member. */
export type Seats = ReadonlyMap<Member, Seat>;

/** Least time between two requests to a member for what is missing. */
const ASK_PAUSE_MS = 1_000;

export class Seat {
  readonly member: Member;
  readonly #observer: Pick<RelayObserver, 'slowReader'>;
  /** A document message was refused: no further one is taken. */
  isRefused = false;
  #askedAtMs = -Infinity;
  #missed: Map<number, number> | null = null;
  #wantedSync: Uint8Array | null = null;

  constructor(member: Member, observer: Pick<RelayObserver, 'slowReader'>) {
    this.member = member;
    this.#observer = observer;
  }

  /** True while an answer or changes wait until the member's socket has room. */
  get isOwed(): boolean {
    return this.#wantedSync !== null || this.#missed !== null;
  }

  get canWrite(): boolean {
    return this.member.role !== 'viewer' && !this.isRefused;
  }

  /** Per client the first clock that was not sent because the socket was full; null when the member has everything. */
  get missed(): ReadonlyMap<number, number> | null {
    return this.#missed;
  }

  /** Changes from these clocks on are not sent, because the socket is full. */
  miss(clocks: ReadonlyMap<number, number>): void {
    if (this.#missed === null) this.#observer.slowReader('behind');
    this.#missed ??= new Map();
    for (const [client, clock] of clocks) this.#missed.set(client, Math.min(clock, this.#missed.get(client) ?? clock));
  }

  /** The member gets what it missed now. */
  takeMissed(): ReadonlyMap<number, number> | null {
    const missed = this.#missed;
    this.#missed = null;
    return missed;
  }

  /** A SyncStep1 waits until the socket has room for its answer. The latest one wins. */
  postpone(stateVector: Uint8Array): void {
    this.#wantedSync = stateVector;
  }

  /** The postponed SyncStep1 is answered now. */
  takePostponed(): Uint8Array | null {
    const stateVector = this.#wantedSync;
    this.#wantedSync = null;
    return stateVector;
  }

  /** The room wants to ask the member for what is missing. @returns False when it has just done so. */
  mayAsk(nowMs: number): boolean {
    if (nowMs - this.#askedAtMs < ASK_PAUSE_MS) return false;
    this.#askedAtMs = nowMs;
    return true;
  }
}
