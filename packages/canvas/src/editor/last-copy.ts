/**
 * The last copy that this person made, so that a copy of it can go as far again: how far they have moved it, by hand, from
 * what it was copied from.
 */
import type { BoardElement, ElementId, Geometry } from '@wetink/board';
import type { Point } from '../geometry.ts';

interface Copied {
  readonly ids: readonly ElementId[];
  /** Places of the first original and of its copy. */
  readonly from: Point;
  readonly at: Point;
  readonly isByHand: boolean;
}

export class LastCopy {
  #last: Copied | null = null;

  /** @param isByHand The person chose the distance. */
  note(originals: readonly BoardElement[], ids: readonly ElementId[], shift: Point, { isByHand }: { isByHand: boolean }): void {
    const [first] = originals;
    // One that could not be copied: then no place is known to be that of a copy.
    if (first === undefined || ids.length !== originals.length) return void (this.#last = null);
    const from = placeOf(first.geometry);
    this.#last = { ids, from, at: { x: from.x + shift.x, y: from.y + shift.y }, isByHand };
  }

  /** How far the next copy goes; null when the last copy is not all that is selected, or was not moved by hand. */
  shift(selection: readonly ElementId[], geometryOf: (id: ElementId) => Geometry | undefined): Point | null {
    const [id] = selection;
    const geometry = id === undefined ? undefined : geometryOf(id);
    const last = this.#last;
    if (geometry === undefined || last?.ids.length !== selection.length || !last.ids.every((copy, i) => copy === selection[i])) return null;
    const { x, y } = placeOf(geometry);
    if (!last.isByHand && Math.abs(x - last.at.x) < STAYED && Math.abs(y - last.at.y) < STAYED) return null;
    return x === last.from.x && y === last.from.y ? null : { x: x - last.from.x, y: y - last.from.y };
  }
}

/** Board units: ink is rounded to a sixty-fourth when it is copied. */
const STAYED = 0.05;

function placeOf({ x, y, w, h }: Geometry): Point {
  return { x: Math.min(x, x + w), y: Math.min(y, y + h) };
}
