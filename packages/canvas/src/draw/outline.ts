/**
 * The outlines of shapes, as paths in board units. Each is drawn in the unit square and carried to the box of its element; a
 * box with a negative side mirrors it.
 */
import type { BoardElement, Corners, Geometry, ShapeKind } from '@wetink/board';
import { geometryCentre, rotatePoint, type Point } from '../geometry.ts';
import { flatten, PathBuilder, type Path } from './path.ts';
import { addEllipse } from './stroke-outline.ts';

/** The radius of a round corner is this share of the shorter side, at most `ROUND_MAX` board units. */
const ROUND_SHARE = 0.2;
const ROUND_MAX = 32;

type UnitPoint = readonly [x: number, y: number];
/** A curve from the point before it: two control points and its end. */
type UnitCurve = readonly [...UnitPoint, ...UnitPoint, ...UnitPoint];

const polygons: Readonly<Partial<Record<ShapeKind, readonly UnitPoint[]>>> = {
  rectangle: square(),
  checkbox: square(),
  diamond: [
    [0.5, 0],
    [1, 0.5],
    [0.5, 1],
    [0, 0.5],
  ],
  triangle: [
    [0.5, 0],
    [1, 1],
    [0, 1],
  ],
  hexagon: [
    [0.25, 0],
    [0.75, 0],
    [1, 0.5],
    [0.75, 1],
    [0.25, 1],
    [0, 0.5],
  ],
  star: star(),
  bubble: [
    [0, 0],
    [1, 0],
    [1, 0.76],
    [0.42, 0.76],
    [0.2, 1],
    [0.2, 0.76],
    [0, 0.76],
  ],
};

/** Their control points lie in the unit square, so the curves do. */
const cloud: { from: UnitPoint; curves: readonly UnitCurve[] } = {
  from: [0.24, 1],
  curves: [
    [0.02, 1, 0, 0.66, 0.13, 0.57],
    [0, 0.34, 0.13, 0.13, 0.32, 0.2],
    [0.38, 0, 0.64, 0, 0.7, 0.17],
    [0.88, 0.1, 1, 0.32, 0.9, 0.5],
    [1, 0.62, 1, 1, 0.76, 1],
  ],
};
/** Height of the lid of a cylinder, and the flat curve of its edges. */
const LID = 0.24;
const cylinder: { from: UnitPoint; curves: readonly (UnitCurve | UnitPoint)[] } = {
  from: [0, LID / 2],
  curves: [
    [0, 0, 0.22, 0, 0.5, 0],
    [0.78, 0, 1, 0, 1, LID / 2],
    [1, 1 - LID / 2],
    [1, 1, 0.78, 1, 0.5, 1],
    [0.22, 1, 0, 1, 0, 1 - LID / 2],
  ],
};

/** The whole line of a shape. The first part of it is closed, and what it encloses is its inside. */
export function shapeOutline(kind: ShapeKind, geometry: Geometry, corners: Corners): Path {
  if (kind === 'ellipse') return ellipse(geometry);
  const at = placeIn(geometry);
  const path = new PathBuilder();
  const polygon = polygons[kind];
  if (polygon !== undefined) {
    const points = polygon.map(([x, y]) => at(x, y));
    const radius = Math.min(ROUND_MAX, ROUND_SHARE * Math.min(Math.abs(geometry.w), Math.abs(geometry.h)));
    if (corners === 'round' && radius > 0) addRounded(path, points, radius);
    else addPolygon(path, points);
  } else {
    const { from, curves } = kind === 'cloud' ? cloud : cylinder;
    const start = at(...from);
    path.moveTo(start.x, start.y);
    for (const step of curves) addStep(path, step, at);
    path.closePath();
  }
  if (kind === 'cylinder')
    addOpen(
      path,
      [0, LID / 2],
      [
        [0, LID, 0.22, LID, 0.5, LID],
        [0.78, LID, 1, LID, 1, LID / 2],
      ],
      at,
    );
  if (kind === 'checkbox')
    addOpen(
      path,
      [0.22, 0.52],
      [
        [0.42, 0.74],
        [0.8, 0.28],
      ],
      at,
    );
  return path.build();
}

/** The closed line of an outline alone: lines within it are not filled, and must not leave a hole. */
export function closedPart(path: Path): Path {
  const verbs = path.verbs.slice(0, path.verbs.indexOf('Z') + 1);
  if (verbs === path.verbs) return path;
  const count = [...verbs].reduce((sum, verb) => sum + ({ M: 2, L: 2, Q: 4, C: 6 }[verb] ?? 0), 0);
  return { verbs, coords: path.coords.slice(0, count) };
}

/** The lines of a shape as chains of straight pieces, the closed one first. */
export function shapeLines({ kind, geometry, style }: Pick<BoardElement, 'geometry' | 'style'> & { kind: ShapeKind }): Point[][] {
  return flatten(shapeOutline(kind, geometry, style.corners));
}

function square(): readonly UnitPoint[] {
  return [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
}

/** Five points, stretched to touch all sides of the box. */
function star(): UnitPoint[] {
  const points = Array.from({ length: 10 }, (_, i): UnitPoint => {
    const [angle, far] = [(i * Math.PI) / 5 - Math.PI / 2, i % 2 === 0 ? 1 : 0.45];
    return [far * Math.cos(angle), far * Math.sin(angle)];
  });
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const share = (value: number, all: readonly number[]): number => (value - Math.min(...all)) / (Math.max(...all) - Math.min(...all));
  return points.map(([x, y]) => [share(x, xs), share(y, ys)]);
}

/** From the unit square to the box of a geometry. */
function placeIn(g: Geometry): (x: number, y: number) => Point {
  const centre = geometryCentre(g);
  return (x, y) => rotatePoint({ x: g.x + x * g.w, y: g.y + y * g.h }, centre, g.rotation);
}

function addPolygon(path: PathBuilder, points: readonly Point[]): void {
  points.forEach((p, i) => (i === 0 ? path.moveTo(p.x, p.y) : path.lineTo(p.x, p.y)));
  path.closePath();
}

/** Each corner is cut at most halfway to the next one, and rounded. */
function addRounded(path: PathBuilder, points: readonly Point[], radius: number): void {
  points.forEach((corner, i) => {
    const before = points[(i + points.length - 1) % points.length] as Point;
    const after = points[(i + 1) % points.length] as Point;
    const from = toward(corner, before, radius);
    const to = toward(corner, after, radius);
    if (i === 0) path.moveTo(from.x, from.y);
    else path.lineTo(from.x, from.y);
    path.quadraticCurveTo(corner.x, corner.y, to.x, to.y);
  });
  path.closePath();
}

function toward(from: Point, to: Point, by: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(0.5, by / length);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function addStep(path: PathBuilder, step: UnitCurve | UnitPoint, at: (x: number, y: number) => Point): void {
  if (step.length === 2) {
    const p = at(...step);
    return path.lineTo(p.x, p.y);
  }
  const [c1, c2, end] = [at(step[0], step[1]), at(step[2], step[3]), at(step[4], step[5])];
  path.bezierCurveTo(c1.x, c1.y, c2.x, c2.y, end.x, end.y);
}

/** A line within the shape. */
function addOpen(path: PathBuilder, from: UnitPoint, steps: readonly (UnitCurve | UnitPoint)[], at: (x: number, y: number) => Point): void {
  const start = at(...from);
  path.moveTo(start.x, start.y);
  for (const step of steps) addStep(path, step, at);
}

function ellipse(g: Geometry): Path {
  const centre = geometryCentre(g);
  const upright = new PathBuilder();
  addEllipse(upright, centre.x, centre.y, Math.abs(g.w) / 2, Math.abs(g.h) / 2);
  const path = upright.build();
  if (g.rotation === 0) return path;
  const coords: number[] = [];
  for (let i = 0; i + 1 < path.coords.length; i += 2) {
    const p = rotatePoint({ x: path.coords[i] ?? 0, y: path.coords[i + 1] ?? 0 }, centre, g.rotation);
    coords.push(p.x, p.y);
  }
  return { verbs: path.verbs, coords };
}
