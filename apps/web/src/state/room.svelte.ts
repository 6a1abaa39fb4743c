/** What the room knows of its link and of what is saved, for components. Reads through; holds no copy. */
import { createSubscriber } from 'svelte/reactivity';
import type { RoomStatus } from '@wetink/sync';
import type { BoardAccess } from '../core/board-access.ts';
import type { Role } from '../core/board-info.ts';
import { isShutCode, standingOf, statusSentence, type Person, type StatusSentence } from '../core/status-sentence.ts';
import type { BoardSession } from '../session/board-session.ts';

export class RoomState {
  #session: BoardSession;
  #remembered: Pick<BoardAccess, 'role' | 'isShut'>;
  #subscribe: () => void;

  /** @param remembered What this device heard last, before the relay says anything. */
  constructor(session: BoardSession, remembered: Pick<BoardAccess, 'role' | 'isShut'>) {
    this.#session = session;
    this.#remembered = remembered;
    this.#subscribe = createSubscriber((update) => {
      const stops = [session.room.onStatus(update), session.room.onSynced(update), session.onReplaced(update), session.onChange(update)];
      void session.room.whenLoaded.then(update);
      return () => stops.forEach((stop) => stop());
    });
  }
  get status(): RoomStatus {
    this.#subscribe();
    return this.#session.room.status;
  }
  get link(): 'connecting' | 'open' | 'waiting' | 'closed' {
    this.#subscribe();
    return this.#session.room.link;
  }
  get isSynced(): boolean {
    this.#subscribe();
    return this.#session.room.isSynced;
  }
  /** Null: the relay has never said. */
  get role(): Role | null {
    this.#subscribe();
    return this.#session.room.role ?? this.#remembered.role;
  }
  /** The relay does not let me in, and trying again would not help. */
  get isShut(): boolean {
    const { status } = this;
    return status.kind === 'error' && isShutCode(status.code);
  }
  /** Nothing I do would be kept: a viewer, somebody who may not enter, or a board written by a newer version of the app. */
  get isReadOnly(): boolean {
    return this.role === 'viewer' || this.isShut || this.#session.board.isTooNew;
  }
  /** What the server had is here, or nothing more is to be had for now: what is on the board is what there is to see. */
  get isKnown(): boolean {
    const now = standingOf(this.status);
    return this.isSynced || now.kind === 'offline' || now.kind === 'unread' || (now.kind === 'trouble' && !now.isConnected);
  }
  /** What the status says to me. */
  get sentence(): StatusSentence {
    return statusSentence(this.status, this.person);
  }
  get person(): Person {
    const { role } = this;
    // The relay has spoken on this page, so what it said before is no longer of use.
    return { role, wasShut: this.#session.room.role === null && this.#remembered.isShut, isTooNew: this.#session.board.isTooNew };
  }
}
