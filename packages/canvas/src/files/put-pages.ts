/** Puts the pages of a document beside its card. A page of the app needs this only once a document is opened. */
import { defaultStyle, type Board, type ElementId, type Geometry, type ImageContent } from '@wetink/board';
import { MAX_COORDINATE } from '../camera.ts';
import { boxesTouch, geometryBox } from '../geometry.ts';

export interface DocumentPage {
  readonly image: ImageContent;
  /** Size of the paper, in 1/72 inch, as the document claims: a longer side than `MAX_SIDE` is shown smaller. */
  readonly width: number;
  readonly height: number;
  readonly alt: string;
}

/** Between two pages, and between the card and the pages: 1/72 inch. */
const GAP = 24;
/** 200 inches, the longest side of a PDF page without a unit of its own. A document may claim any size. */
const MAX_SIDE = 14_400;
/** Board units of 1/72 inch at least: a third of a card that was made at the closest zoom. */
const MIN_UNIT = 0.01;
/** A column that is taken moves the pages one further. After this many the pages lie over others. */
const MAX_COLUMNS = 50;

/**
 * Puts pages in a column to the right of a card, as one step: under everything else, so that writing shows on them, and
 * locked, so that an eraser takes the writing alone. The whole column is where the camera reaches: near the edge of the board
 * it is moved, and a column longer than the board is made smaller.
 *
 * @param options.unit Board units of 1/72 inch.
 */
export function putPages(board: Board, pages: readonly DocumentPage[], options: { card: Geometry; unit: number }): ElementId[] {
  const claimed = pages.map(paperOf);
  const longest = claimed.reduce((sum, page) => sum + page.h + GAP, -GAP);
  const widest = Math.max(...claimed.map((page) => page.w));
  const unit = Math.min(Math.max(MIN_UNIT, options.unit), MAX_COORDINATE / longest, MAX_COORDINATE / widest);
  const gap = GAP * unit;
  const [width, height] = [widest * unit, longest * unit];
  const { maxX, minY } = geometryBox(options.card);
  const within = (at: number, size: number): number => Math.max(-MAX_COORDINATE, Math.min(at, MAX_COORDINATE - size));
  const column = (at: number): number => within(maxX + gap + at * (width + gap), width);
  let y = within(minY, height);
  const taken = board.elements().map((element) => geometryBox(element.geometry));
  const isTaken = (x: number): boolean => taken.some((box) => boxesTouch(box, { minX: x, minY: y, maxX: x + width, maxY: y + height }));
  let at = 0;
  while (at < MAX_COLUMNS && isTaken(column(at))) at++;
  const x = column(at);
  return board.run((edit) => {
    const ids = pages.map(({ image, alt }, i) => {
      const paper = claimed[i] as Paper;
      const [w, h] = [paper.w * unit, paper.h * unit];
      const id = edit.create({
        kind: 'image',
        image,
        alt,
        geometry: { x: x + (width - w) / 2, y, w, h, rotation: 0 },
        style: defaultStyle,
      });
      edit.setLocked(id, true);
      y += h + gap;
      return id;
    });
    edit.reorder(ids, 'back');
    return ids;
  });
}

interface Paper {
  readonly w: number;
  readonly h: number;
}

/** Neither side is shorter than 1/72 inch: a person could not find such a page. */
function paperOf({ width, height }: DocumentPage): Paper {
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  return { w: Math.max(1, width * scale), h: Math.max(1, height * scale) };
}
