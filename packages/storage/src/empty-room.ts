import type { StoredRoom } from './port.ts';
import { START } from './position.ts';

/** The answer of `load` for a room never written. */
export function emptyRoom(): StoredRoom {
  return { checkpoint: null, updates: [], position: START, epoch: 0, isErased: false, quarantined: 0, bytes: 0 };
}
