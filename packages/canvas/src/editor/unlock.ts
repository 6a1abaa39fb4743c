/** Unlocks everything on a board that is locked in place. A page needs this only once its menu is open. */
import type { Board } from '@wetink/board';

/** As one step. Elements of a newer version stay as they are. @returns How many it has unlocked. */
export function unlockAll(board: Board): number {
  const locked = board.elements().filter(({ isLocked, kind }) => isLocked && kind !== 'unknown');
  if (locked.length > 0) board.run((edit) => locked.forEach(({ id }) => edit.setLocked(id, false)));
  return locked.length;
}
