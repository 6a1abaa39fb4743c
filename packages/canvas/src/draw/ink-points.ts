/**
 * Decoded points of strokes as shown, cached by element identity.
 *
 * Two generations bound the memory: on a board of 100,000 strokes only what was lately painted or hit stays.
 * A stroke whose bytes don't decode (a peer's data) is `null`: it is painted as a placeholder, never thrown.
 */
import { decodeInk, transformInk } from '@wetink/board';
import type { BoardElement, InkPoints } from '@wetink/board';

/** A value per element object, forgetting what has not been asked for during the last `limit` misses. */
export class RecentCache<Value> {
  #fresh = new WeakMap<BoardElement, Value>();
  #old = new WeakMap<BoardElement, Value>();
  #misses = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(element: BoardElement, make: (element: BoardElement) => Value): Value {
    let value = this.#fresh.get(element);
    if (value !== undefined) return value;
    value = this.#old.get(element) ?? make(element);
    if (++this.#misses > this.#limit) {
      this.#old = this.#fresh;
      this.#fresh = new WeakMap();
      this.#misses = 0;
    }
    this.#fresh.set(element, value);
    return value;
  }
}

/** 40,000 strokes of 40 points are 40 MB of doubles: the most this may hold is twice that. */
const cache = new RecentCache<{ points: InkPoints | null }>(40_000);

/** Points of a stroke where it is shown (moved, scaled, turned), board units; null when it has none that decode. */
export function shownPoints(element: BoardElement): InkPoints | null {
  return cache.get(element, decode).points;
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
