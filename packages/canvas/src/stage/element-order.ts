/** The next element for a person who walks through a board without a pointer. Pure. */
import type { BoardElement, ElementId } from '@wetink/board';

/**
 * The element above (or below) the last selected one in paint order; without a selection the lowest (or topmost).
 *
 * @param elements Bottom to top, as the board lists them. Elements of a newer version are skipped: they can't be selected.
 * @returns Null past either end: a walk that began again by itself could not be left.
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
