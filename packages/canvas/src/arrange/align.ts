/** Aligning: one edge, or the middles, of all elements on the line of the box around them. */
import { uniteAll } from '../geometry.ts';
import { shiftedAlong, spanOf, withBoxes, type Arrangement, type Axis, type Span } from './arrangement.ts';

export type Alignment = 'left' | 'right' | 'top' | 'bottom' | 'centre-x' | 'centre-y';

/** The axis of each alignment, and how far along a box its line lies: 0 at the beginning, 1 at the end. */
const lines: Readonly<Record<Alignment, { readonly axis: Axis; readonly at: number }>> = {
  left: { axis: 'x', at: 0 },
  'centre-x': { axis: 'x', at: 0.5 },
  right: { axis: 'x', at: 1 },
  top: { axis: 'y', at: 0 },
  'centre-y': { axis: 'y', at: 0.5 },
  bottom: { axis: 'y', at: 1 },
};

export function align(to: Alignment): Arrangement {
  const { axis, at } = lines[to];
  const lineOf = ({ min, max }: Span): number => min + (max - min) * at;
  return (elements, unitOf) => {
    const all = withBoxes(elements, unitOf);
    const around = uniteAll(all.map(({ box }) => box));
    if (around === null) return [];
    const line = lineOf(spanOf(around, axis));
    return all.flatMap((boxed) => shiftedAlong(boxed, axis, line - lineOf(spanOf(boxed.box, axis))));
  };
}
