/**
 * How far an element paints, in board units: its geometry plus what the pen adds around it.
 */
import type { BoardElement } from '@wetink/board';
import { geometryBox, growBox, uniteAll, type Box } from './geometry.ts';

/** Arrow heads reach this many stroke widths, plus a constant, beside the shaft. */
export const ARROW_HEAD_WIDTHS = 3;
export const ARROW_HEAD_BASE = 8;

/** A box around everything painted for this element. */
export function paintBox(element: BoardElement): Box {
  return growBox(geometryBox(element.geometry), paintMargin(element));
}

/** The box around elements as painted, or null for none. */
export function boundsOf(elements: Iterable<BoardElement>): Box | null {
  return uniteAll(boxesOf(elements));
}

function* boxesOf(elements: Iterable<BoardElement>): Generator<Box> {
  for (const element of elements) yield paintBox(element);
}

function paintMargin({ kind, style }: BoardElement): number {
  // Full width, not half: the outline of a pressed pen is wider than its nominal width, and round joins overshoot.
  if (kind === 'arrow') return style.width * ARROW_HEAD_WIDTHS + ARROW_HEAD_BASE;
  // Glyphs may leave their box: slanted faces, accents, a fallback font that measures wider.
  if (kind === 'text') return style.fontSize / 2;
  // The edge pixels of an image are blended with what is around it.
  if (kind === 'image') return 1;
  return style.width + 1;
}
