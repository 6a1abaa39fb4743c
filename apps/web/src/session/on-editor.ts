/** Tells when the relay lets this person change the board. */
import type { Room } from '@wetink/sync';

/** Calls back now if they may, and each time they may again after they could not. Returns how to stop. */
export function onEditor(room: Pick<Room, 'role' | 'onStatus'>, run: () => void): () => void {
  let could = false;
  const look = (): void => {
    const can = room.role !== null && room.role !== 'viewer';
    if (can && !could) run();
    could = can;
  };
  look();
  return room.onStatus(look);
}
