/** The next element or group for a person who walks through a board without a pointer. Pure. */
import type { Board, ElementId } from '@wetink/board';
import { elementsIn, unitOf, type Forest } from '../grouping.ts';

/**
 * The element or group above (or below) the last selected one in paint order; without a selection the lowest (or topmost). A group
 * stands where its lowest element lies. Elements of a newer version are skipped: they can't be selected.
 *
 * @returns Its elements. Null past either end: a walk that began again by itself could not be left.
 */
export function neighbourOf(
  board: Forest & Pick<Board, 'elements' | 'placeOf'>,
  { selection, entered }: { readonly selection: readonly ElementId[]; readonly entered: ElementId | null },
  direction: 1 | -1,
): ElementId[] | null {
  const elements = board.elements();
  const lowest = new Map<ElementId, ElementId>();
  const standsAt = (unit: ElementId): ElementId => {
    const known = lowest.get(unit);
    if (known !== undefined) return known;
    const place = (id: ElementId): string => board.placeOf(id) ?? '';
    const first = elementsIn(board, unit).reduce((a, b) => (place(b) < place(a) ? b : a));
    lowest.set(unit, first);
    return first;
  };
  const last = selection.at(-1);
  const start = last === undefined || board.get(last) === undefined ? undefined : standsAt(unitOf(board, last, entered));
  const at = start === undefined ? -1 : elements.findIndex((element) => element.id === start);
  const from = at >= 0 ? at + direction : direction === 1 ? 0 : elements.length - 1;
  for (let i = from; i >= 0 && i < elements.length; i += direction) {
    const element = elements[i];
    if (element === undefined || element.kind === 'unknown') continue;
    const unit = unitOf(board, element.id, entered);
    if (standsAt(unit) === element.id) return elementsIn(board, unit);
  }
  return null;
}
