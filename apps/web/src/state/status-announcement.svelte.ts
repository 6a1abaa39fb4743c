/** The words that a screen reader says about the status: going offline and online is announced, counts are not. */
import { createSubscriber } from 'svelte/reactivity';
import { isPassing, statusAnnouncement } from '../core/announcement-sentence.ts';
import type { BoardSession } from '../session/board-session.ts';
import { getBoardContext } from './board-context.ts';
import type { Lacking } from '../core/lacking.ts';
import { getSession } from './open-session.ts';
import type { RoomState } from './room.svelte.ts';

/** For a component of the board page, while it is being made. */
export function createStatusAnnouncement(): StatusAnnouncement {
  const { room, lacking } = getBoardContext();
  return new StatusAnnouncement(getSession().room, room, lacking);
}

export class StatusAnnouncement {
  #text = '';
  #subscribe: () => void;

  constructor(
    source: Pick<BoardSession['room'], 'status' | 'onStatus'>,
    room: Pick<RoomState, 'person'>,
    lacking: { readonly counts: Lacking },
  ) {
    this.#subscribe = createSubscriber((update) => {
      let before = source.status;
      return source.onStatus((after) => {
        // From one status to the next, so that none is missed between two paints.
        this.#text = statusAnnouncement(before, after, room.person, lacking.counts) || this.#text;
        // Offline, then sending, then saved: "Saved" is news after the first of them.
        if (!isPassing(after)) before = after;
        update();
      });
    });
  }
  /** The last words; '' before there are any. */
  get text(): string {
    this.#subscribe();
    return this.#text;
  }
}
