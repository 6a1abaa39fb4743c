/**
 * Decoded points of strokes as shown, cached by element identity.
 *
 * Two generations bound the memory: on a board of 100,000 strokes only those lately painted or hit are kept.
 * A stroke whose bytes don't decode (a peer's data) is `null`: it is painted as a placeholder, never thrown.
 */
import { decodeInk, inkMatrix, sketchInk, transformInk, type BoardElement, type InkPoints } from '@wetink/board';

/**
 * A cache with one value per element object. Forgets values not requested during the last `limit` misses.
 *
 * Uses plain maps: the garbage collector would visit every entry of a weak map in each pause.
 */
export class RecentCache<Value> {
  #fresh = new Map<BoardElement, Value>();
  #old = new Map<BoardElement, Value>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
    caches.add(this);
  }

  get(element: BoardElement): Value | undefined {
    const fresh = this.#fresh.get(element);
    if (fresh !== undefined) return fresh;
    const old = this.#old.get(element);
    if (old !== undefined) this.set(element, old);
    return old;
  }

  set(element: BoardElement, value: Value): void {
    if (this.#fresh.size >= this.#limit) {
      this.#old = this.#fresh;
      this.#fresh = new Map();
    }
    this.#fresh.set(element, value);
  }

  getOrMake(element: BoardElement, make: (element: BoardElement) => Value): Value {
    const known = this.get(element);
    if (known !== undefined) return known;
    const made = make(element);
    this.set(element, made);
    return made;
  }

  clear(): void {
    this.#fresh.clear();
    this.#old.clear();
  }
}

const caches = new Set<RecentCache<unknown>>();

/** Empties the caches when a board is closed; otherwise they would keep all its elements in memory. */
export function forgetShown(): void {
  for (const cache of caches) cache.clear();
}

/** 40,000 strokes of 40 points are 40 MB of doubles: the most this may hold is twice that. */
const cache = new RecentCache<{ points: InkPoints | null }>(40_000);

/** Points of a stroke where it is shown (moved, scaled, turned), board units; null when it has none that decode. */
export function shownPoints(element: BoardElement): InkPoints | null {
  return cache.getOrMake(element, decode).points;
}

function decode(element: BoardElement): { points: InkPoints | null } {
  if (element.ink === null) return { points: null };
  try {
    const points = decodeInk(element.ink);
    return { points: points.length === 0 ? null : transformInk(points, element.baseGeometry, element.geometry) };
  } catch {
    // Malformed ink is a peer's; the placeholder is the answer and there is nobody here to tell.
    return { points: null };
  }
}

/** Some points of a stroke: flat x, y. */
interface Sketch {
  /** Least distance between them, board units. */
  readonly apart: number;
  readonly xy: readonly number[] | null;
}

/** 120,000 strokes of ten points are 26 MB; the cache holds at most twice that. A full board must fit, or every round misses. */
const sketches = new RecentCache<Sketch>(120_000);
/** A cached sketch may have up to this many times the needed points: the home page's picture needs few. */
const FINER = 4;

/**
 * Points of a stroke where it is shown, flat x, y, only as many as a small picture needs; null when none decode.
 *
 * @param apart Board units between two points. Rounded down to a power of two, so that nearby levels share a cache entry.
 */
export function shownSketch(element: BoardElement, apart: number): readonly number[] | null {
  const level = 2 ** Math.floor(Math.log2(apart));
  const known = sketches.get(element);
  if (known !== undefined && known.apart <= level && known.apart * FINER >= level) return known.xy;
  const xy = sketch(element, level);
  sketches.set(element, { apart: level, xy });
  return xy;
}

function sketch({ ink, baseGeometry, geometry }: BoardElement, apart: number): number[] | null {
  if (ink === null) return null;
  const matrix = inkMatrix(baseGeometry, geometry);
  const growth = matrix === null ? 1 : Math.max(Math.hypot(matrix.xx, matrix.yx), Math.hypot(matrix.xy, matrix.yy), 1e-9);
  try {
    const xy = sketchInk(ink, apart / growth);
    if (matrix === null) return xy;
    const { xx, xy: xByY, yx, yy, x0, y0 } = matrix;
    for (let i = 0; i + 1 < xy.length; i += 2) {
      const x = xy[i] as number;
      const y = xy[i + 1] as number;
      xy[i] = xx * x + xByY * y + x0;
      xy[i + 1] = yx * x + yy * y + y0;
    }
    return xy;
  } catch {
    // Malformed ink is a peer's; the placeholder is the answer and there is nobody here to tell.
    return null;
  }
}
