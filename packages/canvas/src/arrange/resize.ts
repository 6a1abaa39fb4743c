/** Resizing by keys: the frame of the selection grows or shrinks by a step, and its first corner stays where it is. */
import { linePoints } from '../draw/line.ts';
import { frameOf } from '../frame.ts';
import { geometryCentre, rotatePoint } from '../geometry.ts';
import { bentItem } from '../tools/moved-item.ts';
import { scaledItem, scaleRange } from '../tools/scaled-item.ts';
import { movePoint, scalingOf } from '../transform.ts';
import type { Arrangement, Axis } from './arrangement.ts';

/** Board units of a step without a grid: as far as a big nudge. */
const STEP = 10;

/**
 * A frame that keeps its ratio grows along both axes. Of a single line the end moves.
 *
 * @param steps -1 makes it smaller, but never smaller than a step.
 */
export function resize(axis: Axis, steps: 1 | -1): Arrangement {
  return (elements, _unitOf, { gridStep, withHeld } = { gridStep: null, withHeld: (all) => all }) => {
    const [first] = elements;
    const frame = frameOf(elements);
    if (first === undefined || frame === null) return [];
    const by = steps * (gridStep ?? STEP);
    if (frame.isLine) {
      const way = linePoints(first);
      const end = way.at(-1) ?? { x: 0, y: 0 };
      const to = axis === 'x' ? { x: end.x + by, y: end.y } : { x: end.x, y: end.y + by };
      return [bentItem(first, movePoint(way, { type: 'end', end: 'end' }, to, { snap: false }))];
    }
    const { geometry: g, keepsRatio } = frame;
    const side = axis === 'x' ? g.w : g.h;
    if (side === 0 || side + by < Math.min(side, Math.abs(by))) return [];
    const factor = (side + by) / side;
    const [fx, fy] = [keepsRatio || axis === 'x' ? factor : 1, keepsRatio || axis === 'y' ? factor : 1];
    const to = rotatePoint({ x: g.x + g.w * fx, y: g.y + g.h * fy }, geometryCentre(g), g.rotation);
    const pull = { x: fx === 1 ? 0 : 1, y: fy === 1 ? 0 : 1 } as const;
    const scaling = scalingOf(frame, pull, to, { keepRatio: false, fromCentre: false, range: scaleRange(elements) });
    if (scaling.sx === 1 && scaling.sy === 1) return [];
    return (elements.length > 1 ? withHeld(elements) : elements).map((element) => scaledItem(element, scaling));
  };
}
