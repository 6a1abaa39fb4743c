/** Brings what a server refused back onto the board: the elements of a kept copy that the board does not show as they are there. */
import { exportBoard, importBoard, type Board, type BoardElement, type ElementId } from '@wetink/board';

/** Elements of `kept` that `current` lacks, or shows otherwise: refused changes, and what others deleted since. */
export function missingFrom(current: Board, kept: Board): ElementId[] {
  return kept
    .elements()
    .filter((element) => {
      const twin = current.get(element.id);
      return twin === undefined || lookOf(twin) !== lookOf(element);
    })
    .map((element) => element.id);
}

/**
 * Adds them to the board as new elements, one step. Nothing on the board is changed or replaced.
 *
 * @returns The new elements; none when the board shows all of the copy already.
 * @throws {BoardError} `TOO_NEW`, `TOO_LARGE`; then nothing has changed.
 */
export function copyOnto(current: Board, kept: Board): ElementId[] {
  const ids = missingFrom(current, kept);
  return ids.length === 0 ? [] : importBoard(current, exportBoard(kept, ids));
}

function lookOf({ kind, geometry, style, text, isLocked }: BoardElement): string {
  return JSON.stringify([kind, geometry, style, text, isLocked]);
}
