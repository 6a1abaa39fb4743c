/** Whether a card on the screen covers part of the drawing. Pure. */
import type { View } from './start-view.ts';

interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** A board with more elements counts as full: checking each would cost more than the answer is worth. */
export const LOOKED_AT_MAX = 500;

/**
 * @param card CSS pixels from the top left of the board's canvas.
 * @param elements Each with its bounds in board units; null for one that shows nothing.
 */
export function coversDrawing<T>(card: Box, view: View, elements: readonly T[], boundsOf: (element: T) => Box | null): boolean {
  if (elements.length > LOOKED_AT_MAX) return true;
  const under = {
    minX: view.x + card.minX / view.zoom,
    minY: view.y + card.minY / view.zoom,
    maxX: view.x + card.maxX / view.zoom,
    maxY: view.y + card.maxY / view.zoom,
  };
  return elements.some((element) => {
    const drawn = boundsOf(element);
    return drawn !== null && drawn.minX < under.maxX && drawn.maxX > under.minX && drawn.minY < under.maxY && drawn.maxY > under.minY;
  });
}
