/**
 * A picture of many elements that a hand moves: painted once, between frames, and copied in each frame.
 *
 *     first frame ──> job, a slice between two frames each ──> picture ──copied at the hand──> …
 *                      ▲                                         │ hand rests after a turn or a resize, or the
 *                      └─────────────────────────────────────────┘ picture does not reach far enough
 *
 * It covers the view and what is near it, at the zoom in view. While the hand turns or resizes, it is turned and scaled; once
 * the hand rests, the elements are painted exactly. Fetched late, see stage/editing.ts.
 */
import { paintBox } from '../bounds.ts';
import { framesAmong, type FindFrame } from '../draw/clip.ts';
import { paintCost, paintElements } from '../draw/low-detail.ts';
import { paintMoved, withGeometry, type Moved } from '../draw/overrides.ts';
import type { Context, PaintOptions } from '../draw/paint.ts';
import { composed, inPlace, inverse, isParallel, placeBox, placementOf, type Placement } from '../draw/placement.ts';
import { boxContains, boxesTouch, uniteAll, type Box } from '../geometry.ts';
import type { BoardElement } from '@wetink/board';
import type { CreateSurface, Surface } from './tile-store.ts';

/** Fewer are painted in each frame: 60 outlines take about 3 ms. */
const MANY = 60;
/** Device pixels of a picture: 16 MB. Only a larger view makes a larger one. */
const MOST_PX = 4 * 1024 * 1024;
/** The hand rests this long after its last turn or resize. */
const REST_MS = 120;
/** Rastered between two looks at the clock: about 1 ms. */
const COST_AT_ONCE = 32 * 1024;
/** A picture begins in the frame that needs it. */
const FIRST_MS = 6;

/** Where a frame paints moved elements. */
export interface MovedView {
  /** Device pixels per board unit. */
  readonly scale: number;
  /** The part of the board in view; its corner lies on a device pixel. */
  readonly view: Box;
}

export type MovedOptions = PaintOptions & MovedView;

/** A part of the board as it was painted, its elements where `placement` put them. */
interface Painted {
  readonly surface: Surface;
  readonly box: Box;
  readonly scale: number;
  readonly placement: Placement;
  /** It shows all of the elements, and not only those near the view. */
  readonly isWhole: boolean;
}

interface Job extends Painted {
  readonly elements: readonly BoardElement[];
  next: number;
  readonly frameOf: FindFrame | undefined;
  readonly options: PaintOptions;
}

export interface MovedPictureOptions {
  readonly createSurface: CreateSurface;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

export class MovedPicture {
  readonly #options: MovedPictureOptions;
  #elements: readonly BoardElement[] = [];
  /** Around all elements where the document has them. */
  #bounds: Box | null = null;
  #theme: PaintOptions['theme'] | null = null;
  #shown: Painted | null = null;
  #job: Job | null = null;
  #moved: readonly Moved[] = [];
  #placement: Placement = inPlace;
  #scale = 0;
  /** When the hand last scaled or turned. */
  #changedAt = 0;

  constructor(options: MovedPictureOptions) {
    this.#options = options;
  }

  get elements(): readonly BoardElement[] {
    return this.#elements;
  }

  /** The context's transform maps board units to device pixels, and is restored. */
  paint(ctx: Context, moved: readonly Moved[], options: MovedOptions): void {
    const placement = moved.length < MANY ? null : placedAlike(moved, 0.5 / options.scale);
    if (placement === null) {
      this.drop();
      return paintMoved(ctx, moved, options);
    }
    this.#follow(moved, placement, options);
    const needed = intersection(placeBox(placement, this.#bounds as Box), options.view);
    if (needed === null) return;
    this.#plan(needed, options);
    const painted = this.#shown ?? this.#job;
    if (painted !== null) copyPicture(ctx, painted, placement, options);
  }

  /**
   * Shows the picture where its elements are now, as long as they are still placed alike.
   *
   * @returns Whether it did.
   */
  paintAt(ctx: Context, placement: Placement, view: MovedView): boolean {
    const painted = this.#shown ?? this.#job;
    if (painted !== null) copyPicture(ctx, painted, placement, view);
    return painted !== null;
  }

  /** @returns Whether it painted something that a frame should show. */
  work(budgetMs: number): boolean {
    const start = this.#options.now();
    const hadJob = this.#job !== null;
    while (this.#job !== null) {
      this.#advance(this.#job);
      if (this.#options.now() - start >= budgetMs) break;
    }
    return hadJob;
  }

  /** Milliseconds until there is work, 0 for now; null for none. */
  workInMs(): number | null {
    if (this.#job !== null) return 0;
    if (this.#shown === null || this.#isExact(this.#shown)) return null;
    return Math.max(1, this.#changedAt + REST_MS - this.#options.now());
  }

  /** The elements look different now, though none has changed: an image has come, say. */
  spoil(): void {
    this.#release();
  }

  /** Idempotent. */
  drop(): void {
    this.#release();
    this.#elements = this.#moved = [];
  }

  #follow(moved: readonly Moved[], placement: Placement, { theme, scale }: MovedOptions): void {
    const isSame = moved.length === this.#elements.length && moved.every(({ element }, i) => element === this.#elements[i]);
    if (!isSame || theme !== this.#theme) {
      this.drop();
      this.#elements = moved.map(({ element }) => element);
      this.#bounds = uniteAll(this.#elements.map(paintBox));
      this.#theme = theme;
    }
    if (scale !== this.#scale || !isParallel(placement, this.#placement)) this.#changedAt = this.#options.now();
    this.#moved = moved;
    this.#scale = scale;
    this.#placement = placement;
  }

  /** Begins a picture if there is none that will do, and none is being painted. */
  #plan(needed: Box, options: MovedOptions): void {
    if (this.#job !== null) return;
    const shown = this.#shown;
    if (shown !== null) {
      const isResting = this.#options.now() - this.#changedAt >= REST_MS;
      const isExact = this.#isExact(shown);
      if (isExact ? reaches(shown, this.#placement, needed) : !isResting) return;
    }
    this.#job = this.#begin(options);
    if (shown === null) this.work(FIRST_MS);
  }

  #isExact({ scale, placement }: Painted): boolean {
    return scale === this.#scale && isParallel(placement, this.#placement);
  }

  #begin(options: MovedOptions): Job | null {
    const { scale, view } = options;
    const isShifted = isParallel(this.#placement, inPlace);
    // Elements that are only shifted are painted where the document has them: their outlines are known from there.
    const placement = isShifted ? inPlace : this.#placement;
    const back = inverse(composed(inverse(placement) ?? inPlace, this.#placement)) ?? inPlace;
    const whole = placeBox(placement, this.#bounds as Box);
    const box = pictureBox(whole, placeBox(back, view), scale);
    if (box === null) return null;
    const elements = isShifted ? this.#elements : this.#moved.map(({ element, geometry }) => withGeometry(element, geometry));
    const surface = this.#options.createSurface(Math.round((box.maxX - box.minX) * scale), Math.round((box.maxY - box.minY) * scale));
    surface.context.setTransform(scale, 0, 0, scale, -box.minX * scale, -box.minY * scale);
    return {
      surface,
      box,
      scale,
      placement,
      isWhole: boxContains(box, whole),
      elements: elements.filter((element) => boxesTouch(paintBox(element), box)),
      next: 0,
      frameOf: framesAmong(elements),
      options,
    };
  }

  #advance(job: Job): void {
    const from = job.next;
    for (let left = COST_AT_ONCE; left > 0 && job.next < job.elements.length; job.next++)
      left -= paintCost(job.elements[job.next] as BoardElement, job.scale);
    const { options, frameOf, scale } = job;
    paintElements(job.surface.context, job.elements.slice(from, job.next), scale, { ...options, frameOf });
    if (job.next < job.elements.length) return;
    this.#free(this.#shown);
    this.#shown = job;
    this.#job = null;
  }

  #release(): void {
    this.#free(this.#shown);
    this.#free(this.#job);
    this.#shown = this.#job = null;
  }

  /** Its memory goes now and not at the next garbage collection. */
  #free(painted: Painted | null): void {
    if (painted !== null) painted.surface.canvas.width = painted.surface.canvas.height = 0;
  }
}

/** Null when they are not, or when bends of lines are dragged. */
function placedAlike(moved: readonly Moved[], near: number): Placement | null {
  if (moved.some(({ points }) => points !== undefined)) return null;
  return placementOf(
    moved.map(({ element, geometry }) => ({ from: element.geometry, to: geometry })),
    near,
  );
}

function copyPicture(ctx: Context, painted: Painted, placement: Placement, { scale, view }: MovedView): void {
  const { surface, box } = painted;
  const back = inverse(painted.placement);
  if (back === null) return;
  const on = composed(back, placement);
  ctx.save();
  if (painted.scale === scale && isParallel(on, inPlace)) {
    // On whole pixels it is as sharp as it was painted.
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    const [x, y] = [(box.minX + on.x0 - view.minX) * scale, (box.minY + on.y0 - view.minY) * scale];
    ctx.drawImage(surface.canvas, Math.round(x), Math.round(y));
  } else {
    ctx.transform(on.xx, on.yx, on.xy, on.yy, on.x0, on.y0);
    ctx.imageSmoothingEnabled = true;
    ctx.drawImage(surface.canvas, box.minX, box.minY, box.maxX - box.minX, box.maxY - box.minY);
  }
  ctx.restore();
}

/** Whether the picture shows everything that a frame needs of it. */
function reaches({ box, placement, isWhole }: Painted, now: Placement, needed: Box): boolean {
  if (isWhole) return true;
  const back = inverse(composed(inverse(placement) ?? inPlace, now));
  return back !== null && boxContains(box, shrunk(placeBox(back, needed)));
}

/** Sums of large coordinates are rounded. */
function shrunk({ minX, minY, maxX, maxY }: Box): Box {
  return { minX: minX + 1e-3, minY: minY + 1e-3, maxX: maxX - 1e-3, maxY: maxY - 1e-3 };
}

/** As much around the view as there is room for, but no more than there are elements. Its corners lie on device pixels. */
function pictureBox(whole: Box, view: Box, scale: number): Box | null {
  for (const share of [0.5, 0.25, 0]) {
    const [x, y] = [share * (view.maxX - view.minX), share * (view.maxY - view.minY)];
    const near = intersection(whole, { minX: view.minX - x, minY: view.minY - y, maxX: view.maxX + x, maxY: view.maxY + y });
    if (near === null) continue;
    const box = {
      minX: Math.floor(near.minX * scale) / scale,
      minY: Math.floor(near.minY * scale) / scale,
      maxX: Math.ceil(near.maxX * scale) / scale,
      maxY: Math.ceil(near.maxY * scale) / scale,
    };
    if (share === 0 || (box.maxX - box.minX) * (box.maxY - box.minY) * scale * scale <= MOST_PX) return box;
  }
  return null;
}

function intersection(a: Box, b: Box): Box | null {
  const box = {
    minX: Math.max(a.minX, b.minX),
    minY: Math.max(a.minY, b.minY),
    maxX: Math.min(a.maxX, b.maxX),
    maxY: Math.min(a.maxY, b.maxY),
  };
  return box.minX < box.maxX && box.minY < box.maxY ? box : null;
}
