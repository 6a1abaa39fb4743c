/**
 * Tab on the board: from element to element, and out again.
 *
 *   open ──Tab──▶ walking ──past the end, or Escape──▶ over ──the board gets the focus or a press──▶ open
 *
 * In `over`, Tab goes to the next control like anywhere else, so the board never traps the focus. The selection stays, for
 * the controls that act on it; another Escape drops it.
 */
export class ElementWalk {
  #phase: 'open' | 'walking' | 'over' = 'open';
  readonly #select: (direction: 1 | -1) => boolean;

  /** @param select Selects the next element; false when there is none. */
  constructor(select: (direction: 1 | -1) => boolean) {
    this.#select = select;
  }

  /** The board got the focus, or was pressed. */
  arrive(): void {
    this.#phase = 'open';
  }

  /** @returns Whether the key was handled; if not, the page handles Tab as usual. */
  tab(direction: 1 | -1): boolean {
    if (this.#phase === 'over') return false;
    const isUsed = this.#select(direction);
    this.#phase = isUsed ? 'walking' : 'over';
    return isUsed;
  }

  /** @returns Whether the key was handled: it ended a walk whose element is still selected. */
  escape({ hasSelection }: { hasSelection: boolean }): boolean {
    const isUsed = this.#phase === 'walking' && hasSelection;
    this.#phase = 'over';
    return isUsed;
  }
}
