/** Evidence that a board exists here: collected while it is open, read by the empty sheet and by the list at home. */
import { isBoard, isWorthListing, type BoardTraces } from '../core/board-traces.ts';
import type { BoardState } from './board.svelte.ts';
import type { People } from './people.svelte.ts';
import type { RoomState } from './room.svelte.ts';
import type { Sharing } from './sharing.svelte.ts';

/** Evidence known when the board is opened. */
export type FirstTraces = Pick<BoardTraces, 'isMadeHere' | 'isListed' | 'cameByLink'>;

export interface TraceSources {
  board: BoardState;
  people: People;
  room: RoomState;
  sharing: Sharing;
}

export class Traces {
  readonly first: FirstTraces;
  #sources: TraceSources;
  #hadCompany = $state(false);

  constructor(first: FirstTraces, sources: TraceSources) {
    this.first = first;
    this.#sources = sources;
  }
  /** False: the person may have followed a link that was cut short. */
  get isBoard(): boolean {
    return isBoard(this.#now);
  }
  get isWorthListing(): boolean {
    return isWorthListing(this.#now);
  }
  /** The relay has answered that it knows no such board. */
  get isRefuted(): boolean {
    return !this.isBoard && this.#now.record === 'none';
  }
  /** There is no evidence of a board yet, and the relay has not answered. */
  get isAsking(): boolean {
    const { room, sharing } = this.#sources;
    return room.isSynced && !this.isBoard && this.#now.record === 'unknown' && sharing.failure === null;
  }
  /** Notes people who join, and asks the relay if there is no other evidence of a board. Run it in an effect. */
  watch(): void {
    const { people, sharing } = this.#sources;
    if (people.list.length > 1) this.#hadCompany = true;
    if (this.isAsking) void sharing.refresh();
  }
  get #now(): BoardTraces {
    const { board, people, sharing } = this.#sources;
    const record = sharing.info === null ? (sharing.hasNone ? 'none' : 'unknown') : sharing.info.role === 'owner' ? 'mine' : 'of-others';
    return {
      ...this.first,
      isWritten: !board.isUntouched,
      hasCompany: this.#hadCompany || people.list.length > 1,
      isShared: sharing.isShared,
      record,
    };
  }
}
