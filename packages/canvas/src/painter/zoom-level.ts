/**
 * Chooses the level of tiles in use: the previous one while the zoom moves, and that of the zoom once it rests.
 */

/** The zoom counts as resting this long after its last change: longer than the gap between two wheel notches. */
const SETTLE_MS = 110;
/** At this factor from the level in use a new level begins even while the zoom still moves. */
const RESCALE_FACTOR = 2.2;

export class ZoomLevel {
  /** Device pixels per board unit of the level in use, 0 before the first frame. */
  #level = 0;
  #lastScale = 0;
  #changedAt = 0;

  get level(): number {
    return this.#level;
  }

  reset(): void {
    this.#level = 0;
  }

  /** @returns Whether the level in use has changed. */
  choose(scale: number, now: number): boolean {
    if (scale !== this.#lastScale) {
      this.#lastScale = scale;
      this.#changedAt = now;
    }
    if (this.#level === scale) return false;
    const isFar = scale > this.#level * RESCALE_FACTOR || scale < this.#level / RESCALE_FACTOR;
    if (this.#level !== 0 && !isFar && now - this.#changedAt < SETTLE_MS) return false;
    this.#level = scale;
    return true;
  }

  /** Milliseconds until the zoom counts as resting; 0 or less when it already does. */
  restsInMs(now: number): number {
    return this.#changedAt + SETTLE_MS - now;
  }
}
