/**
 * Scrolls the board while a drag is held at an edge of the view: after a moment, faster the nearer the pointer is to the edge,
 * for as long as it stays there.
 */
import type { Preview } from '../tools/tool.ts';
import type { ViewSize } from '../camera.ts';
import type { Point } from '../geometry.ts';

/** CSS pixels from the edge at which scrolling begins. */
const ZONE_PX = 8;
/** A drag that only passes the edge does not scroll. */
const WAIT_MS = 200;
/** CSS pixels a second, at the edge and beyond it. */
const SPEED_PX = 900;
const TICK_MS = 16;
/** A page that was frozen scrolls no farther than this in one go. */
const MAX_TICK_MS = 50;

export interface EdgeScrollOptions {
  readonly now: () => number;
  readonly schedule: (task: () => void, delayMs: number) => () => void;
  readonly size: () => ViewSize;
  /** Moves the view by CSS pixels: positive dx shows more on the right. */
  readonly scroll: (dx: number, dy: number) => void;
}

export class EdgeScroll {
  readonly #options: EdgeScrollOptions;
  #pull: Point = { x: 0, y: 0 };
  #timer: (() => void) | null = null;

  constructor(options: EdgeScrollOptions) {
    this.#options = options;
  }

  /** @param at The pointer of a drag, CSS pixels of the view; null when there is none. */
  follow(at: Point | null): void {
    this.#pull = at === null ? { x: 0, y: 0 } : edgePull(at, this.#options.size());
    if (this.#pull.x === 0 && this.#pull.y === 0) this.#stop();
    else this.#timer ??= this.#options.schedule(() => this.#tick(this.#options.now()), WAIT_MS);
  }

  #tick(before: number): void {
    const { now, schedule, scroll } = this.#options;
    const at = now();
    const seconds = Math.min(MAX_TICK_MS, at - before) / 1000;
    const { x, y } = this.#pull;
    this.#timer = schedule(() => this.#tick(at), TICK_MS);
    if (seconds > 0) scroll(x * SPEED_PX * seconds, y * SPEED_PX * seconds);
  }

  #stop(): void {
    this.#timer?.();
    this.#timer = null;
  }
}

/** How hard the pointer pulls at the edges, -1..1 on each axis; 0 away from them. */
export function edgePull(at: Point, { width, height }: ViewSize): Point {
  const along = (v: number, length: number): number => {
    if (v < ZONE_PX) return -Math.min(1, (ZONE_PX - v) / ZONE_PX);
    return v > length - ZONE_PX ? Math.min(1, (v - length + ZONE_PX) / ZONE_PX) : 0;
  };
  return { x: along(at.x, width), y: along(at.y, height) };
}

/** Drags that scroll the board at an edge of the view. */
const scrolling: ReadonlySet<Preview['kind'] | undefined> = new Set(['move', 'copy', 'box', 'lasso', 'shape'] as const);

export function doesScroll(preview: Preview | null): boolean {
  return scrolling.has(preview?.kind);
}
