/** Sentences of a screen reader about the crosshair. Pure. */
import type { BoardElement } from '@wetink/board';
import { elementName } from './element-sentence.ts';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** 'At 120, 80, on Red rectangle', in board units. */
export function crosshairPlace({ x, y }: Place, under: BoardElement | undefined): string {
  return `At ${Math.round(x)}, ${Math.round(y)}${under === undefined ? '' : `, on ${elementName(under)}`}`;
}

/** '160 by 100': how far it has been drawn since it was pressed. */
export function crosshairSize(from: Place, to: Place): string {
  return `${Math.round(Math.abs(to.x - from.x))} by ${Math.round(Math.abs(to.y - from.y))}`;
}

export const crosshairShown = 'Crosshair. Arrow keys move it, Enter begins to draw.';
export const crosshairPressed = 'Drawing. Arrow keys go on, Enter finishes, Escape gives up.';
export const crosshairGivenUp = 'Given up.';

/** @param made The element that is new, if there is one. */
export function crosshairReleased(made: BoardElement | undefined): string {
  return made === undefined ? 'Finished.' : `${elementName(made)}, finished.`;
}
