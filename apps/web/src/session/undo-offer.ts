/**
 * An offer to undo the last step, for as long as the next undo would take back exactly that step.
 *
 * Undo goes step by step, newest first. After another step, on this page or on another page of the same person, the button
 * would take back the newer step instead of the one it names.
 */
import type { Board } from '@wetink/board';

/**
 * @param session Its board is read anew each time, since it may be replaced.
 * @param withdraw Called once, when the offer no longer holds.
 */
export function offerUndo(
  session: { readonly board: Pick<Board, 'nextUndo'>; onChange(callback: () => void): () => void },
  withdraw: () => void,
): void {
  const step = session.board.nextUndo;
  const stop = session.onChange(() => {
    if (session.board.nextUndo === step) return;
    stop();
    withdraw();
  });
}
