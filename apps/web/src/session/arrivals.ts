/**
 * Tells the others on a board that the server now has an image or a file, so that no page waits until its next request.
 *
 * It travels as wet ink: a gesture that ends without a payload, named by the hash. A client that does not know it drops it
 * like any abandoned gesture. One may be lost: each page that waits for bytes asks the server from time to time, too. A flood
 * of them makes a page ask for one file once in `AGAIN_MS`.
 */
import type { Room } from '@wetink/sync';
import { scheduleTimeout } from '../browser/timers.ts';

export interface Arrivals {
  /** The server has these bytes now. */
  tell(hash: string): void;
  /** Calls back for bytes that another person sent. Returns how to stop. */
  onArrival(run: (isIt: (hash: string) => boolean) => void): () => void;
}

const MARK = 'has.';
/** Enough to tell a board's files apart; the whole hash would not fit beside the mark. */
const HASH_DIGITS = 32;
/** A file arrives once. */
const AGAIN_MS = 5_000;
/** Files of which arrivals are remembered: more in `AGAIN_MS` are a flood. */
const MAX_REMEMBERED = 500;
const ARRIVAL = new RegExp(`^has\\.[0-9a-f]{${HASH_DIGITS}}$`);

export function arrivalsOf(room: Pick<Room, 'sendWet' | 'onWet'>, schedule: typeof scheduleTimeout = scheduleTimeout): Arrivals {
  return {
    tell(hash) {
      room.sendWet({ gesture: `${MARK}${hash.slice(0, HASH_DIGITS)}`, index: 0, isEnd: true, payload: new Uint8Array(0) });
    },
    onArrival(run) {
      const lately = new Set<string>();
      return room.onWet(({ gesture }) => {
        const digits = gesture.slice(MARK.length);
        if (!ARRIVAL.test(gesture) || lately.has(digits) || lately.size === MAX_REMEMBERED) return;
        lately.add(digits);
        schedule(() => lately.delete(digits), AGAIN_MS);
        run((hash) => hash.startsWith(digits));
      });
    },
  };
}
