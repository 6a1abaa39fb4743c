/** The next element or group for a person who walks through a board without a pointer: Tab goes in reading order. */
import type { Board, BoardElement, ElementId } from '@wetink/board';
import { elementsIn, unitOf, type Forest } from '../grouping.ts';
import { readingTree, type ReadFrom } from '../reading-order.ts';

/** A stop of Tab. */
export interface Stop {
  /** The element, or all of a group. */
  readonly ids: readonly ElementId[];
  /** Counted from 1, of `count`. */
  readonly place: number;
  readonly count: number;
}

/** A walk from a selection. */
export interface Walk {
  readonly selection: readonly ElementId[];
  /** The group that the person has entered. */
  readonly entered: ElementId | null;
  /** Where the walk was, for when nothing is selected any more. */
  readonly after: ElementId | null;
  readonly from: ReadFrom;
}

/** The stops of a board, made again only after it has changed. A group is one stop, unless the person is in it. */
export class ElementOrder {
  #of: { readonly elements: readonly BoardElement[]; readonly entered: ElementId | null; readonly from: ReadFrom } | null = null;
  #stops: readonly ElementId[] = [];

  /** @returns Null past either end: a walk that began again by itself could not be left. */
  next(board: Forest & Pick<Board, 'elements'>, { selection, entered, after, from }: Walk, direction: 1 | -1): Stop | null {
    const stops = this.#read(board, entered, from);
    const last = selection.at(-1) ?? after;
    const at = last === null ? -1 : stops.indexOf(unitOf(board, last, entered));
    const place = at >= 0 ? at + direction : direction === 1 ? 0 : stops.length - 1;
    const unit = stops[place];
    return unit === undefined ? null : { ids: elementsIn(board, unit), place: place + 1, count: stops.length };
  }

  #read(board: Forest & Pick<Board, 'elements'>, entered: ElementId | null, from: ReadFrom): readonly ElementId[] {
    const elements = board.elements();
    const { elements: known, entered: group, from: side } = this.#of ?? {};
    if (known === elements && group === entered && side === from) return this.#stops;
    const steps = readingTree(board, from);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    const { top, within } = step.value;
    const stops = new Set<ElementId>();
    const left = top.toReversed();
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      if (board.get(id) !== undefined) stops.add(unitOf(board, id, entered));
      left.push(...(within.get(id) ?? []).toReversed());
    }
    this.#of = { elements, entered, from };
    this.#stops = [...stops];
    return this.#stops;
  }
}
