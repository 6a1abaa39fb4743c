/** What the room knows of its link and of what is saved, for components. Reads through; holds no copy. */
import { createSubscriber } from 'svelte/reactivity';
import type { RoomStatus } from '@wetink/sync';
import type { Role } from '../core/board-info.ts';
import type { BoardSession } from '../session/board-session.ts';

const shut: ReadonlySet<string> = new Set(['FORBIDDEN', 'ROOM_NOT_FOUND', 'ROOM_ERASED']);

export class RoomState {
  #session: BoardSession;
  #remembered: Role | null;
  #subscribe: () => void;

  /** @param remembered The role that this device heard last, before the relay says anything. */
  constructor(session: BoardSession, remembered: Role | null = null) {
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
    return this.#session.room.role ?? this.#remembered;
  }
  /** The relay does not let me in, and trying again would not help. */
  get isShut(): boolean {
    const { status } = this;
    return status.kind === 'error' && shut.has(status.code);
  }
  /** Nothing I do would be kept: a viewer, somebody who may not enter, or a board written by a newer version of the app. */
  get isReadOnly(): boolean {
    return this.role === 'viewer' || this.isShut || this.#session.board.isTooNew;
  }
}
