/** Which element comes next for those who go through a board without a pointer. Pure. */
import type { BoardElement, ElementId } from '@wetink/board';

/**
 * The element above (or below) the last of the selection in paint order; without a selection the lowest (or topmost).
 *
 * @param elements Bottom to top, as the board lists them. What a newer version wrote is passed over: it can't be selected.
 * @returns null past either end: a walk does not begin again by itself, or nobody could leave it.
 */
export function neighbourOf(elements: readonly BoardElement[], selection: readonly ElementId[], direction: 1 | -1): BoardElement | null {
  const last = selection.at(-1);
  const at = last === undefined ? -1 : elements.findIndex((element) => element.id === last);
  const from = at >= 0 ? at + direction : direction === 1 ? 0 : elements.length - 1;
  for (let i = from; i >= 0 && i < elements.length; i += direction) {
    const element = elements[i];
    if (element !== undefined && element.kind !== 'unknown') return element;
  }
  return null;
}
