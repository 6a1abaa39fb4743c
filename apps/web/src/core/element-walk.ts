/**
 * Tab on the board: from element to element, and out again.
 *
 *   open ──Tab──▶ walking ──past the end, or Escape with nothing selected──▶ over ──the board gets the focus or a press──▶ open
 *
 * In `over`, Tab goes to the next control like anywhere else, so the board never traps the focus. An Escape before drops the
 * selection alone, and Tab goes on from where it was.
 */
import type { ElementId } from '@wetink/board';

export class ElementWalk {
  #phase: 'open' | 'walking' | 'over' = 'open';
  readonly #select: (direction: 1 | -1) => boolean;
  /** The element that Tab has reached last; null before the first one. */
  place: ElementId | null = null;

  /** @param select Selects the next element; false when there is none. */
  constructor(select: (direction: 1 | -1) => boolean) {
    this.#select = select;
  }

  /** The board got the focus, or was pressed. */
  arrive(): void {
    this.#phase = 'open';
    this.place = null;
  }

  /** @returns Whether the key was handled; if not, the page handles Tab as usual. */
  tab(direction: 1 | -1): boolean {
    if (this.#phase === 'over') return false;
    const isUsed = this.#select(direction);
    this.#phase = isUsed ? 'walking' : 'over';
    return isUsed;
  }

  escape({ hasSelection }: { hasSelection: boolean }): void {
    if (!hasSelection) this.#phase = 'over';
  }
}
