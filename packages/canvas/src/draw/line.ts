/**
 * Lines and arrows: the way through their points, in a curve where corners are round, and the heads at both ends.
 *
 * A curve never leaves the box of its points: what is outside would be neither hit nor painted.
 */
import { headsOf, pointsInBox, type BoardElement, type Geometry, type Head } from '@wetink/board';
import { headReach } from '../bounds.ts';
import { distance, geometryCentre, rotatePoint, type Point } from '../geometry.ts';
import { flatten, PathBuilder, type Path } from './path.ts';
import { addEllipse } from './stroke-outline.ts';

export type Line = Pick<BoardElement, 'kind' | 'geometry' | 'style'> & Partial<Pick<BoardElement, 'points'>>;

/** The points of a line on the board, its ends included. */
export function linePoints({ geometry, points = null }: Pick<Line, 'geometry' | 'points'>): Point[] {
  const centre = geometryCentre(geometry);
  return pointsInBox(geometry, points).map((p) => rotatePoint(p, centre, geometry.rotation));
}

export function linePath(line: Line): Path {
  const path = new PathBuilder();
  const way = linePoints(line);
  const [first = { x: 0, y: 0 }, ...others] = way;
  path.moveTo(first.x, first.y);
  if (others.length === 1 || line.style.corners === 'sharp') for (const { x, y } of others) path.lineTo(x, y);
  else addCurve(path, line.geometry, pointsInBox(line.geometry, line.points ?? null));
  return path.build();
}

/** The way as a chain of straight pieces. */
export function lineChain(line: Line): Point[] {
  return flatten(linePath(line))[0] ?? [];
}

/** The heads, as paths to stroke with the pen of the line and paths to fill. */
export function lineHeads(line: Line): { readonly stroked: Path; readonly filled: Path } {
  const [stroked, filled] = [new PathBuilder(), new PathBuilder()];
  const { start, end } = headsOf(line.kind, line.style);
  const chain = start === 'none' && end === 'none' ? [] : lineChain(line);
  const length = chain.reduce((sum, p, i) => sum + distance(p, chain[i - 1] ?? p), 0);
  if (length > 0) {
    // Two heads never meet.
    const share = start === 'none' || end === 'none' ? 0.8 : 0.45;
    const size = Math.min(length * share, headReach(line.style));
    addHead({ stroked, filled }, end, [...chain].reverse(), size);
    addHead({ stroked, filled }, start, chain, size);
  }
  return { stroked: stroked.build(), filled: filled.build() };
}

/** Catmull-Rom, as cubic pieces with their control points held in the box. */
function addCurve(path: PathBuilder, g: Geometry, way: readonly Point[]): void {
  const centre = geometryCentre(g);
  const held = (p: Point): Point => {
    const within = (value: number, from: number, length: number): number =>
      Math.min(Math.max(from, from + length), Math.max(Math.min(from, from + length), value));
    return rotatePoint({ x: within(p.x, g.x, g.w), y: within(p.y, g.y, g.h) }, centre, g.rotation);
  };
  for (let i = 0; i + 1 < way.length; i++) {
    const [b, c] = [way[i] as Point, way[i + 1] as Point];
    const [a, d] = [way[i - 1] ?? b, way[i + 2] ?? c];
    const c1 = held({ x: b.x + (c.x - a.x) / 6, y: b.y + (c.y - a.y) / 6 });
    const c2 = held({ x: c.x - (d.x - b.x) / 6, y: c.y - (d.y - b.y) / 6 });
    const to = held(c);
    path.bezierCurveTo(c1.x, c1.y, c2.x, c2.y, to.x, to.y);
  }
}

/** @param chain From the tip of the head on. */
function addHead(
  { stroked, filled }: { stroked: PathBuilder; filled: PathBuilder },
  head: Exclude<Head, 'auto'>,
  chain: readonly Point[],
  size: number,
): void {
  const [tip] = chain;
  if (head === 'none' || tip === undefined || size === 0) return;
  const back = alongChain(chain, size);
  const angle = Math.atan2(tip.y - back.y, tip.x - back.x);
  const at = (far: number, turn: number): Point => ({ x: tip.x - far * Math.cos(angle + turn), y: tip.y - far * Math.sin(angle + turn) });
  const draw = (path: PathBuilder, points: readonly Point[], { isClosed }: { isClosed: boolean }): void => {
    points.forEach((p, i) => (i === 0 ? path.moveTo(p.x, p.y) : path.lineTo(p.x, p.y)));
    if (isClosed) path.closePath();
  };
  const fill = (points: readonly Point[]): void => {
    for (const path of [filled, stroked]) draw(path, points, { isClosed: true });
  };
  switch (head) {
    case 'arrow':
      // 27 degrees either side: open enough to read at zoom 0.3, closed enough to point.
      return draw(stroked, [at(size, 0.47), tip, at(size, -0.47)], { isClosed: false });
    case 'triangle':
      return fill([tip, at(size, 0.44), at(size, -0.44)]);
    case 'diamond':
      return fill([tip, at(size * 0.58, 0.55), at(size, 0), at(size * 0.58, -0.55)]);
    case 'bar':
      return draw(stroked, [at(size * 0.6, Math.PI / 2), at(size * 0.6, -Math.PI / 2)], { isClosed: false });
    case 'dot':
      return addEllipse(filled, tip.x, tip.y, size * 0.4, size * 0.4);
  }
}

/** The point this far along a chain, or its end. */
function alongChain(chain: readonly Point[], far: number): Point {
  let left = far;
  for (let i = 0; i + 1 < chain.length; i++) {
    const [a, b] = [chain[i] as Point, chain[i + 1] as Point];
    const length = distance(a, b);
    if (length >= left && length > 0) return { x: a.x + ((b.x - a.x) * left) / length, y: a.y + ((b.y - a.y) * left) / length };
    left -= length;
  }
  return chain.at(-1) ?? { x: 0, y: 0 };
}
