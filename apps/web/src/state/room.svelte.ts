/** The room's link and saving status, for components. Reads through; holds no copy. */
import { createSubscriber } from 'svelte/reactivity';
import type { RoomStatus } from '@wetink/sync';
import type { BoardAccess } from '../core/board-access.ts';
import type { Role } from '../core/board-info.ts';
import { isShutCode, statusNow } from '../core/status-facts.ts';
import type { Person } from '../core/status-sentence.ts';
import type { BoardSession } from '../session/board-session.ts';
import type { Door } from '../session/door.ts';

export class RoomState {
  #session: BoardSession;
  #door: Pick<Door, 'isLinkRefused'>;
  #remembered: Pick<BoardAccess, 'role' | 'isShut'>;
  #subscribe: () => void;

  /** @param remembered The relay's last answer to this device, used until it answers this page. */
  constructor(session: BoardSession, door: Pick<Door, 'isLinkRefused'>, remembered: Pick<BoardAccess, 'role' | 'isShut'>) {
    this.#session = session;
    this.#door = door;
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
  /** The board has all that is known of it: before, an empty board proves nothing. */
  get isWhole(): boolean {
    this.#subscribe();
    return this.#session.isWhole;
  }
  /** Null: the relay has never sent one. */
  get role(): Role | null {
    this.#subscribe();
    return this.#session.room.role ?? this.#remembered.role;
  }
  /** The relay does not let me in, and trying again would not help. */
  get isShut(): boolean {
    const { status } = this;
    return status.kind === 'error' && isShutCode(status.code);
  }
  /** The link that I came by no longer opens the board. */
  get isLinkRefused(): boolean {
    this.#subscribe();
    return this.#door.isLinkRefused;
  }
  /** My changes would not be kept: I am a viewer, may not enter, or a newer version of the app wrote the board. */
  get isReadOnly(): boolean {
    return this.role === 'viewer' || this.isShut || this.#session.board.isTooNew;
  }
  /** The server's content is here, or no more can come for now: the board shows all there is to see. */
  get isKnown(): boolean {
    const now = statusNow(this.status);
    return this.isSynced || now.kind === 'offline' || now.kind === 'unread' || (now.kind === 'trouble' && !now.isConnected);
  }
  /** The facts about me that the status sentences need. */
  get person(): Person {
    const { role } = this;
    // The relay has answered this page, so its remembered answer no longer counts.
    return { role, wasShut: this.#session.room.role === null && this.#remembered.isShut, isTooNew: this.#session.board.isTooNew };
  }
  /** Tries to reach the server now instead of after the wait. */
  tryNow(): void {
    this.#session.tryNow();
  }
}
