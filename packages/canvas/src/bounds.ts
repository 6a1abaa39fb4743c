/**
 * How far an element paints, in board units: its geometry plus what the pen adds around it.
 */
import { headsOf, isLineKind, type BoardElement, type Style } from '@wetink/board';
import { geometryBox, growBox, uniteAll, type Box } from './geometry.ts';

/** Heads of lines reach this many stroke widths, plus a constant, beside the shaft. */
const HEAD_WIDTHS = 3;
const HEAD_BASE = 8;

/** Board units that the head of a line reaches beside it. */
export function headReach({ width }: Pick<Style, 'width'>): number {
  return width * HEAD_WIDTHS + HEAD_BASE;
}

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
  if (isLineKind(kind) && Object.values(headsOf(kind, style)).some((head) => head !== 'none'))
    return headReach(style) + style.width / 2 + 1;
  // Glyphs may leave their box: slanted faces, accents, a fallback font that measures wider.
  if (kind === 'text') return style.fontSize / 2;
  // The edge pixels of an image or a card are blended with what is around it.
  if (kind === 'image' || kind === 'file') return 1;
  // Seen from afar its edge is wider than its own width: a pixel of a picture of the whole board.
  if (kind === 'frame') return 2;
  return style.width + 1;
}
