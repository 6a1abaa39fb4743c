/**
 * A small picture of many elements, painted in slices: a slice keeps close to its time budget, however large the board
 * is. Paints like a zoomed-out screen, so most of a large board's ink is never decoded.
 *
 *     measure the boxes -> make the surfaces -> paint bottom to top, on one surface a theme -> done
 */
import type { BoardElement, Theme } from '@wetink/board';
import { paintBox } from '../bounds.ts';
import { framesAmong, shownBox, type FindFrame } from '../draw/clip.ts';
import { paintCost, paintElements } from '../draw/low-detail.ts';
import { createTextFitter, type MeasureLine } from '../draw/text-layout.ts';
import { boxContains, growBox, uniteBoxes, type Box } from '../geometry.ts';
import type { ShownImages } from '../images/shown-images.ts';
import type { CreateSurface, Surface } from '../painter/tile-store.ts';
import { DEFAULT_PADDING } from './svg.ts';

export interface ThumbnailOptions {
  /** Bottom to top. Not modified. */
  readonly elements: readonly BoardElement[];
  /** Makes one picture for each theme. */
  readonly themes: readonly Theme[];
  /** Limits of the picture's size; its scale is at most one pixel per board unit. */
  readonly maxWidthPx: number;
  readonly maxHeightPx: number;
  readonly createSurface: CreateSurface;
  readonly measure: MeasureLine;
  /** Without it images are placeholders. */
  readonly images?: ShownImages | undefined;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** Elements whose boxes are measured between two looks at the clock: about 0.2 ms. */
const BOXES_AT_ONCE = 256;
/** `paintCost` between two looks at the clock: about 1 ms. */
const COST_AT_ONCE = 32_768;

export class Thumbnail {
  readonly #options: ThumbnailOptions;
  readonly #fit: (element: BoardElement) => BoardElement;
  readonly #steps: Iterator<void>;
  #elements: readonly BoardElement[];
  readonly #frameOf: FindFrame | undefined;
  /** Box around everything painted, with padding; null before it is known, and for an empty board. */
  #box: Box | null = null;
  #scale = 1;
  #next = 0;
  readonly #surfaces = new Map<Theme, Surface>();

  constructor(options: ThumbnailOptions) {
    this.#options = options;
    this.#elements = options.elements;
    this.#frameOf = framesAmong(options.elements);
    this.#fit = createTextFitter(options.measure);
    this.#steps = this.#paintAll();
  }

  get isDone(): boolean {
    return this.#surfaces.size > 0 && this.#next === this.#elements.length;
  }

  /** The part of the board that the picture shows, board units; null before it is measured, and for an empty board. */
  get box(): Box | null {
    return this.#box;
  }

  /** The picture; null before the first slice that paints. */
  surface(theme: Theme): Surface | null {
    return this.#surfaces.get(theme) ?? null;
  }

  /** Works for at most about `budgetMs`. @returns Whether the picture is done. */
  work(budgetMs: number): boolean {
    const { now } = this.#options;
    const start = now();
    while (!this.isDone && this.#steps.next().done !== true && now() - start < budgetMs);
    // A canvas defers painting until it is read: reading here makes this slice pay for its own painting.
    for (const { context } of this.#surfaces.values()) context.getImageData(0, 0, 1, 1);
    return this.isDone;
  }

  /**
   * Continues with the same elements and more on top, as after a stroke.
   *
   * @returns False, without an effect, if anything else has changed or the new elements lie outside the picture.
   */
  continueWith(elements: readonly BoardElement[]): boolean {
    const box = this.#box;
    const before = this.#elements;
    if (box === null || this.#surfaces.size === 0 || elements.length < before.length) return false;
    if (!before.every((element, i) => element === elements[i])) return false;
    const added = elements.slice(before.length);
    if (!added.every((element) => boxContains(box, growBox(paintBox(this.#fit(element)), DEFAULT_PADDING)))) return false;
    this.#elements = elements;
    return true;
  }

  *#paintAll(): Iterator<void> {
    yield* this.#measure();
    this.#makeSurfaces();
    for (;;) {
      this.#paintBatch();
      yield;
    }
  }

  *#measure(): Iterable<void> {
    const elements = this.#elements;
    let all: Box | null = null;
    for (let from = 0; from < elements.length; from += BOXES_AT_ONCE) {
      for (const element of elements.slice(from, from + BOXES_AT_ONCE)) {
        const fitted = this.#fit(element);
        const box = this.#frameOf === undefined ? paintBox(fitted) : shownBox(fitted, this.#frameOf);
        all = all === null ? box : uniteBoxes(all, box);
      }
      yield;
    }
    this.#box = all === null ? null : growBox(all, DEFAULT_PADDING);
  }

  #makeSurfaces(): void {
    const { themes, maxWidthPx, maxHeightPx, createSurface } = this.#options;
    const { minX, minY, maxX, maxY } = this.#box ?? { minX: 0, minY: 0, maxX: 1, maxY: 1 };
    this.#scale = Math.min(1, maxWidthPx / (maxX - minX), maxHeightPx / (maxY - minY));
    const widthPx = Math.max(1, Math.floor((maxX - minX) * this.#scale));
    const heightPx = Math.max(1, Math.floor((maxY - minY) * this.#scale));
    for (const theme of themes) {
      const surface = createSurface(widthPx, heightPx);
      surface.context.setTransform(this.#scale, 0, 0, this.#scale, -minX * this.#scale, -minY * this.#scale);
      this.#surfaces.set(theme, surface);
    }
  }

  #paintBatch(): void {
    const batch: BoardElement[] = [];
    for (let cost = 0; cost < COST_AT_ONCE && this.#next < this.#elements.length; this.#next++) {
      const element = this.#fit(this.#elements[this.#next] as BoardElement);
      batch.push(element);
      cost += paintCost(element, this.#scale);
    }
    for (const [theme, { context }] of this.#surfaces)
      paintElements(context, batch, this.#scale, { theme, images: this.#options.images, frameOf: this.#frameOf });
  }
}
