/**
 * A loop drawn freehand around elements: which ones it touches, which ones it holds.
 *
 * The edges of the loop are kept in horizontal bands, so that asking about a point looks at the few edges beside it: a loop
 * of a thousand edges around thousands of strokes is answered within a frame or two.
 */
import type { BoardElement } from '@wetink/board';
import { boxContains, boxesTouch, geometryBox, segmentsCross, uniteAll, boxBetween, type Box, type Point } from './geometry.ts';
import { inkSegments, isInsideShape, isSolid } from './hit-test.ts';

type Edge = readonly [Point, Point];

const BANDS = 64;
/** A longer stroke is looked at in longer pieces; nobody draws a loop between two of 200. */
const MAX_PIECES = 200;

export class Lasso {
  readonly box: Box;
  readonly #bands: Edge[][] = Array.from({ length: BANDS }, () => []);
  readonly #first: Point;

  /** @param path Corners, at least one; the loop is closed by a straight line. */
  constructor(path: readonly Point[]) {
    const [first = { x: 0, y: 0 }] = path;
    this.#first = first;
    this.box = uniteAll(path.map((p) => boxBetween(p, p))) ?? boxBetween(first, first);
    path.forEach((a, i) => {
      const b = path[(i + 1) % path.length] ?? first;
      for (let band = this.#bandOf(Math.min(a.y, b.y)); band <= this.#bandOf(Math.max(a.y, b.y)); band++) this.#bands[band]?.push([a, b]);
    });
  }

  /** Whether any of the element's ink, or its filled inside, lies in the loop. */
  touches(element: BoardElement): boolean {
    if (!boxesTouch(this.box, geometryBox(element.geometry))) return false;
    for (const [a, b] of piecesOf(element)) if (this.#hasInside(a) || this.#hasInside(b) || this.#crosses(a, b)) return true;
    return isSolid(element) && isInsideShape(element, this.#first);
  }

  /** Whether all of the element's ink lies in the loop. */
  holds(element: BoardElement): boolean {
    if (!boxContains(this.box, geometryBox(element.geometry))) return false;
    for (const [a, b] of piecesOf(element)) if (!this.#hasInside(a) || !this.#hasInside(b) || this.#crosses(a, b)) return false;
    return true;
  }

  /** Where the loop crosses itself, the parts that it goes around twice are outside. */
  #hasInside(p: Point): boolean {
    if (p.y < this.box.minY || p.y > this.box.maxY) return false;
    let isInside = false;
    for (const [a, b] of this.#bands[this.#bandOf(p.y)] ?? []) {
      if (a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x) isInside = !isInside;
    }
    return isInside;
  }

  #crosses(a: Point, b: Point): boolean {
    for (let band = this.#bandOf(Math.min(a.y, b.y)); band <= this.#bandOf(Math.max(a.y, b.y)); band++)
      for (const [c, d] of this.#bands[band] ?? []) if (segmentsCross(a, b, c, d)) return true;
    return false;
  }

  #bandOf(y: number): number {
    const height = this.box.maxY - this.box.minY;
    return height === 0 ? 0 : Math.min(BANDS - 1, Math.max(0, Math.floor(((y - this.box.minY) / height) * BANDS)));
  }
}

/** Pieces of the middle line, from end to end; of long strokes fewer and longer ones. */
function* piecesOf(element: BoardElement): Generator<Edge> {
  const pieces = [...inkSegments(element)];
  const step = Math.ceil(pieces.length / MAX_PIECES);
  for (let i = 0; i < pieces.length; i += step) {
    const [from, to] = [pieces[i]?.[0], pieces[Math.min(pieces.length, i + step) - 1]?.[1]];
    if (from !== undefined && to !== undefined) yield [from, to];
  }
}
