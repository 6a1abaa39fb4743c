/** Sentences of a screen reader about the crosshair. Pure. */
import * as m from '$words/crosshair-sentence';
import type { BoardElement } from '@wetink/board';
import { elementName } from './element-sentence.ts';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** 'At 120, 80, on Red rectangle', in board units. */
export function crosshairPlace({ x, y }: Place, under: BoardElement | undefined): string {
  const at = { x: Math.round(x), y: Math.round(y) };
  return under === undefined ? m.at(at) : m.atOn({ ...at, element: elementName(under) });
}

/** '160 by 100': how far it has been drawn since it was pressed. */
export function crosshairSize(from: Place, to: Place): string {
  return m.size({ width: Math.round(Math.abs(to.x - from.x)), height: Math.round(Math.abs(to.y - from.y)) });
}

export const crosshairShown = m.crosshairArrowKeysMoveIt();
export const crosshairPressed = m.drawingArrowKeysGoOn();
export const crosshairPoint = m.aPointOfTheLine();
export const crosshairGivenUp = m.givenUp();

/** @param made The element that is new, if there is one. */
export function crosshairReleased(made: BoardElement | undefined): string {
  return made === undefined ? m.finished() : m.made({ element: elementName(made) });
}
