/** What the room knows of its link and of what is saved, for components. Reads through; holds no copy. */
import { createSubscriber } from 'svelte/reactivity';
import type { RoomStatus } from '@wetink/sync';
import type { BoardSession } from '../session/board-session.ts';

export class RoomState {
  #session: BoardSession;
  #subscribe: () => void;

  constructor(session: BoardSession) {
    this.#session = session;
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
  /** Nothing I do would be kept: a viewer, or a board written by a newer version of the app. */
  get isReadOnly(): boolean {
    this.#subscribe();
    const { room, board } = this.#session;
    return room.role === 'viewer' || room.status.kind === 'read-only' || board.isTooNew;
  }
}
