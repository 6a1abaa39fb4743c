/** Notices that a pointer is held still during a stroke. */
import { distance, type Point } from '../geometry.ts';

/** Longer than a hand rests within a word, shorter than it waits for something to happen. */
export const HOLD_STILL_MS = 600;
/** CSS pixels that a resting hand moves. */
const STILL_PX = 3;

export class HeldStill {
  readonly #schedule: (task: () => void, delayMs: number) => () => void;
  readonly #onStill: () => void;
  #at: Point | null = null;
  #stop: (() => void) | null = null;

  constructor(schedule: (task: () => void, delayMs: number) => () => void, onStill: () => void) {
    this.#schedule = schedule;
    this.#onStill = onStill;
  }

  /** @param at CSS pixels of the view; null when nothing is to be noticed any more. */
  follow(at: Point | null): void {
    if (at !== null && this.#at !== null && distance(at, this.#at) < STILL_PX) return;
    this.#at = at;
    this.#stop?.();
    this.#stop = at === null ? null : this.#schedule(this.#onStill, HOLD_STILL_MS);
  }
}
