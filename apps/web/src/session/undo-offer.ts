/**
 * An offer to take back what was just done, for as long as the next undo would take back exactly that.
 *
 * Undo goes step by step, newest first: once something else was done, on this page or on another one of the same person,
 * a button that promised the older step would take back the newer one.
 */
import type { Board } from '@wetink/board';

/**
 * @param session Its board is asked anew each time: it may be replaced.
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
