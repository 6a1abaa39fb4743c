/**
 * A path as plain numbers, so that screen, PNG and SVG draw the very same line and Node can test it.
 */

import { distance, type Point } from '../geometry.ts';

/** Lines that stand for one curve where distances are measured: enough to stay within one board unit of it. */
const LEAST_STEPS = 12;
const MOST_STEPS = 512;

/** `verbs[i]` says how many of the next `coords` belong to it: M 2, L 2, Q 4, C 6, Z 0. */
export interface Path {
  readonly verbs: string;
  /** Board units, x before y. */
  readonly coords: readonly number[];
}

/** Methods that a 2D context and a `Path2D` share. */
export interface PathSink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void;
  bezierCurveTo(c1x: number, c1y: number, c2x: number, c2y: number, x: number, y: number): void;
  closePath(): void;
}

export class PathBuilder implements PathSink {
  #verbs = '';
  readonly #coords: number[] = [];

  moveTo(x: number, y: number): void {
    this.#verbs += 'M';
    this.#coords.push(x, y);
  }

  lineTo(x: number, y: number): void {
    this.#verbs += 'L';
    this.#coords.push(x, y);
  }

  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void {
    this.#verbs += 'Q';
    this.#coords.push(cx, cy, x, y);
  }

  bezierCurveTo(c1x: number, c1y: number, c2x: number, c2y: number, x: number, y: number): void {
    this.#verbs += 'C';
    this.#coords.push(c1x, c1y, c2x, c2y, x, y);
  }

  closePath(): void {
    this.#verbs += 'Z';
  }

  build(): Path {
    return { verbs: this.#verbs, coords: this.#coords };
  }
}

export function tracePath(path: Path, sink: PathSink): void {
  const c = path.coords;
  let i = 0;
  // Only PathBuilder makes verbs and coordinates, always together, so the reads below are in range.
  const next = (): number => c[i++] as number;
  for (const verb of path.verbs) {
    if (verb === 'M') sink.moveTo(next(), next());
    else if (verb === 'L') sink.lineTo(next(), next());
    else if (verb === 'Q') sink.quadraticCurveTo(next(), next(), next(), next());
    else if (verb === 'C') sink.bezierCurveTo(next(), next(), next(), next(), next(), next());
    else sink.closePath();
  }
}

/** The `d` attribute of an SVG path, coordinates to a hundredth of a board unit. */
export function pathToSvg(path: Path): string {
  const parts: string[] = [];
  const size: Record<string, number> = { M: 2, L: 2, Q: 4, C: 6, Z: 0 };
  let i = 0;
  for (const verb of path.verbs) {
    const count = size[verb] ?? 0;
    parts.push(
      verb +
        path.coords
          .slice(i, i + count)
          .map(formatNumber)
          .join(' '),
    );
    i += count;
  }
  return parts.join('');
}

/** Two decimals at most, no trailing zeros, no exponent, never `-0`. */
export function formatNumber(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return rounded === 0 ? '0' : String(rounded);
}

/** The lines of a path as chains of straight pieces. */
export function flatten({ verbs, coords }: Path): Point[][] {
  const lines: Point[][] = [];
  let line: Point[] = [];
  let i = 0;
  const next = (): Point => ({ x: coords[i++] as number, y: coords[i++] as number });
  for (const verb of verbs) {
    if (verb === 'M') lines.push((line = [next()]));
    else if (verb === 'L') line.push(next());
    else if (verb === 'Z') line.push(line[0] as Point);
    else {
      const from = line.at(-1) as Point;
      const controls = verb === 'Q' ? [next()] : [next(), next()];
      const to = next();
      // A quadratic curve is the cubic one with its control points two thirds of the way to the one it has.
      const [c1, c2] =
        controls.length === 1 ? [between(from, controls[0] as Point), between(to, controls[0] as Point)] : (controls as [Point, Point]);
      // A quarter of a circle is this far from n lines: its radius * (90 degrees / n) ^ 2 / 8.
      const steps = Math.min(MOST_STEPS, Math.max(LEAST_STEPS, Math.ceil(0.56 * Math.sqrt(distance(from, to)))));
      for (let step = 1; step <= steps; step++) line.push(onCurve([from, c1, c2, to], step / steps));
    }
  }
  return lines;
}

function between(end: Point, control: Point): Point {
  return { x: end.x + ((control.x - end.x) * 2) / 3, y: end.y + ((control.y - end.y) * 2) / 3 };
}

function onCurve([a, b, c, d]: readonly [Point, Point, Point, Point], t: number): Point {
  const u = 1 - t;
  const [ka, kb, kc, kd] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return { x: ka * a.x + kb * b.x + kc * c.x + kd * d.x, y: ka * a.y + kb * b.y + kc * c.y + kd * d.y };
}
