/**
 * A path as plain numbers, so that screen, PNG and SVG draw the very same line and Node can test it.
 */

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
