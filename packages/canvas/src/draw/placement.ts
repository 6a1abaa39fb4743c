/**
 * How a gesture has placed many elements alike: the one map of the board that takes each from its own geometry to the one it is
 * shown with. Moving, turning and most resizes have one.
 */
import type { Geometry } from '@wetink/board';
import { distance, geometryCorners, uniteAll, type Box, type Point } from '../geometry.ts';

/** (x, y) goes to (xx·x + xy·y + x0, yx·x + yy·y + y0), board units. */
export interface Placement {
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
  readonly x0: number;
  readonly y0: number;
}

/** An element's geometry, and the one it is shown with. */
export interface Placed {
  readonly from: Geometry;
  readonly to: Geometry;
}

export const inPlace: Placement = { xx: 1, xy: 0, yx: 0, yy: 1, x0: 0, y0: 0 };

/** Area of the triangle of the three points that a map is derived from, board units squared: less is a line. */
const LEAST_AREA = 1;

/**
 * @param near Board units by which a corner may miss where the map takes it.
 * @returns Null when there is no such map, as when text stays readable in a selection that is mirrored.
 */
export function placementOf(all: readonly Placed[], near: number): Placement | null {
  const shift = shiftOf(all, near);
  if (shift !== null) return { ...inPlace, x0: shift.x, y0: shift.y };
  const corners = all.map(({ from, to }) => ({ from: geometryCorners(from), to: geometryCorners(to) }));
  const placement = mapOf(corners);
  if (placement === null) return null;
  const isPlaced = corners.every(({ from, to }) => from.every((p, i) => distance(place(placement, p), to[i] as Point) <= near));
  return isPlaced ? placement : null;
}

export function place({ xx, xy, yx, yy, x0, y0 }: Placement, { x, y }: Point): Point {
  return { x: xx * x + xy * y + x0, y: yx * x + yy * y + y0 };
}

/** The upright box around a box that was placed. */
export function placeBox(placement: Placement, { minX, minY, maxX, maxY }: Box): Box {
  const corners = [minX, maxX].flatMap((x) => [minY, maxY].map((y) => place(placement, { x, y })));
  return uniteAll(corners.map(({ x, y }) => ({ minX: x, minY: y, maxX: x, maxY: y }))) as Box;
}

/** The map that goes `first` and then `second`. */
export function composed(first: Placement, second: Placement): Placement {
  const { x: x0, y: y0 } = place(second, { x: first.x0, y: first.y0 });
  return {
    xx: second.xx * first.xx + second.xy * first.yx,
    xy: second.xx * first.xy + second.xy * first.yy,
    yx: second.yx * first.xx + second.yy * first.yx,
    yy: second.yx * first.xy + second.yy * first.yy,
    x0,
    y0,
  };
}

/** The map back, or null when the placement has made everything a line. */
export function inverse({ xx, xy, yx, yy, x0, y0 }: Placement): Placement | null {
  const area = xx * yy - xy * yx;
  if (Math.abs(area) < 1e-9) return null;
  const back = { xx: yy / area, xy: -xy / area, yx: -yx / area, yy: xx / area, x0: 0, y0: 0 };
  const { x, y } = place(back, { x: x0, y: y0 });
  return { ...back, x0: -x, y0: -y };
}

/** Whether both scale and turn alike: they differ by a shift at most. */
export function isParallel(a: Placement, b: Placement): boolean {
  return (['xx', 'xy', 'yx', 'yy'] as const).every((key) => Math.abs(a[key] - b[key]) < 1e-6);
}

function shiftOf(all: readonly Placed[], near: number): Point | null {
  const [first] = all;
  if (first === undefined) return null;
  const x = first.to.x - first.from.x;
  const y = first.to.y - first.from.y;
  const isShifted = all.every(
    ({ from, to }) =>
      from.w === to.w &&
      from.h === to.h &&
      from.rotation === to.rotation &&
      Math.abs(to.x - from.x - x) <= near &&
      Math.abs(to.y - from.y - y) <= near,
  );
  return isShifted ? { x, y } : null;
}

type Corners = readonly Point[];

/** The map of three corners that lie far from each other; null when all lie on a line. */
function mapOf(all: readonly { readonly from: Corners; readonly to: Corners }[]): Placement | null {
  const pairs = all.flatMap(({ from, to }) => [0, 2].map((i): [Point, Point] => [from[i] as Point, to[i] as Point]));
  const [first] = pairs;
  if (first === undefined) return null;
  const a = farthest(pairs, ([p]) => distance(p, first[0])) ?? first;
  const b = farthest(pairs, ([p]) => distance(p, a[0])) ?? first;
  const c = farthest(pairs, ([p]) => Math.abs(areaOf(a[0], b[0], p))) ?? first;
  const area = areaOf(a[0], b[0], c[0]);
  if (Math.abs(area) < LEAST_AREA) return null;
  const axis = (of: (p: Point) => number): { byX: number; byY: number } => {
    const [u, v] = [of(b[1]) - of(a[1]), of(c[1]) - of(a[1])];
    return {
      byX: (u * (c[0].y - a[0].y) - v * (b[0].y - a[0].y)) / area,
      byY: (v * (b[0].x - a[0].x) - u * (c[0].x - a[0].x)) / area,
    };
  };
  const [x, y] = [axis((p) => p.x), axis((p) => p.y)];
  const linear = { xx: x.byX, xy: x.byY, yx: y.byX, yy: y.byY, x0: 0, y0: 0 };
  const at = place(linear, a[0]);
  return { ...linear, x0: a[1].x - at.x, y0: a[1].y - at.y };
}

function farthest<Item>(items: readonly Item[], far: (item: Item) => number): Item | null {
  let [best, most]: [Item | null, number] = [null, -1];
  for (const item of items) {
    const is = far(item);
    if (is > most) [best, most] = [item, is];
  }
  return best;
}

function areaOf(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
}
