/**
 * Rows and columns along one axis: `distribute` makes the gaps between the first and the last element equal, `stack` sets
 * elements one after the other. The other axis stays as it is.
 */
import { shiftedAlong, spanOf, withBoxes, type Arrangement, type Axis, type Boxed, type Span } from './arrangement.ts';

/** Board units between stacked elements. */
export const STACK_GAP = 16;

interface Placed {
  readonly boxed: Boxed;
  readonly span: Span;
}

/** Equal gaps, which are negative where there is too little room. Fewer than three elements stay. */
export function distribute(axis: Axis): Arrangement {
  return (elements, unitOf) => {
    const row = inOrder(withBoxes(elements, unitOf), axis);
    const [first, last] = [row[0], row.at(-1)];
    if (first === undefined || last === undefined || row.length < 3) return [];
    const taken = row.reduce((sum, { span }) => sum + span.max - span.min, 0);
    const gap = (last.span.max - first.span.min - taken) / (row.length - 1);
    return setAlong(row, axis, gap);
  };
}

/** The first element stays, each other one follows 16 board units after the one before it. */
export function stack(axis: Axis): Arrangement {
  return (elements, unitOf) => setAlong(inOrder(withBoxes(elements, unitOf), axis), axis, STACK_GAP);
}

/** By their middles, so that the one that reaches farthest at both ends is not the first and the last. */
function inOrder(all: readonly Boxed[], axis: Axis): Placed[] {
  return all.map((boxed) => ({ boxed, span: spanOf(boxed.box, axis) })).sort((a, b) => a.span.min + a.span.max - (b.span.min + b.span.max));
}

function setAlong(row: readonly Placed[], axis: Axis, gap: number): ReturnType<Arrangement> {
  let next = row[0]?.span.min ?? 0;
  return row.flatMap(({ boxed, span }) => {
    const at = next;
    next = at + span.max - span.min + gap;
    return shiftedAlong(boxed, axis, at - span.min);
  });
}
