/**
 * Keeps the images in view loaded, at the size in which they are shown, and has them painted again when they come.
 *
 * The ring of tiles around the view counts as view: it is painted ahead of a pan. An image that arrives is painted again
 * wherever the board shows it, since a tile out of sight may have been painted without it.
 */
import type { BoardElement, ImageContent } from '@wetink/board';
import { visibleBox, type Camera, type ViewSize } from '../camera.ts';
import { paintBox } from '../bounds.ts';
import { boxesTouch, growBox } from '../geometry.ts';
import type { Scene } from '../scene.ts';
import { TILE_PX } from '../painter/tile-grid.ts';
import type { PixelFilter } from '../images/pixel-filter.ts';
import type { FilteredImages } from '../images/filtered-images.ts';
import { ImageCache, type ImageSource } from '../images/image-cache.ts';
import { BYTES_PER_PIXEL, longerSide, planImages, type WantedImage } from '../images/image-levels.ts';
import type { ShownImage, ShownImages } from '../images/shown-images.ts';

export interface ImagesInViewOptions {
  /** Null: every image stays a placeholder. */
  readonly source: ImageSource | null;
  /** The most, for a large screen. */
  readonly budgetBytes: number;
  readonly schedule: (task: () => void, delayMs: number) => () => void;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** These elements look different now. */
  readonly onImages: (elements: readonly BoardElement[]) => void;
}

/** The parts of a frame that decide which images are in view. */
export interface ImageView {
  readonly camera: Camera;
  readonly size: ViewSize;
  readonly pixelRatio: number;
  readonly scene: Scene;
  /** Grows with every change of the scene. */
  readonly revision: number;
}

/** A pan or zoom is followed this often, a progress shown this often: each step decodes or paints. */
const FOLLOW_MS = 120;

export class ImagesInView implements ShownImages {
  readonly #options: ImagesInViewOptions;
  readonly #cache: ImageCache | null;
  /** Null until the first image with a filter: most boards have none. */
  #filtered: FilteredImages | null = null;
  #isComing = false;
  #isClosed = false;
  /** Images that were shown as they are. */
  readonly #plain = new Set<string>();
  #view: ImageView | null = null;
  #planned: ImageView | null = null;
  #cancel: (() => void) | null = null;
  readonly #changed = new Set<string>();

  constructor(options: ImagesInViewOptions) {
    const { source } = options;
    this.#options = options;
    this.#cache = source === null ? null : new ImageCache({ source, onChange: (hash) => this.#note(hash, FOLLOW_MS) });
  }

  /** Memory of all decoded images. */
  get bytes(): number {
    return (this.#cache?.bytes ?? 0) + (this.#filtered?.bytes ?? 0);
  }

  find(image: ImageContent, filter: PixelFilter | null): ShownImage {
    const shown = this.#cache?.find(image) ?? { kind: 'loading', progress: null };
    if (this.#options.source?.filter === undefined || shown.kind === 'loading') return shown;
    if (filter === null) {
      this.#plain.add(image.hash);
      this.#filtered?.notePlain(image.hash);
      return shown;
    }
    if (this.#filtered === null) {
      void this.#fetchFilters(image.hash);
      return this.#plain.has(image.hash) ? shown : { kind: 'loading', progress: null };
    }
    const bitmap = this.#filtered.find(image.hash, shown.bitmap, filter);
    return bitmap === null ? { kind: 'loading', progress: null } : { kind: 'there', bitmap };
  }

  /** Call with every frame. */
  look(view: ImageView): void {
    if (this.#cache === null) return;
    const before = this.#view;
    this.#view = view;
    // Most boards have no image: then nothing is looked for.
    if (view.scene.images.size === 0 && this.#planned === null) return;
    if (before === null || !isSame(before, view)) this.#wake(this.#planned === null ? 0 : FOLLOW_MS);
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#view = null;
    this.#cache?.close();
    this.#filtered?.close();
    this.#isClosed = true;
  }

  async #fetchFilters(hash: string): Promise<void> {
    const { source, budgetBytes, schedule, now } = this.#options;
    this.#changed.add(hash);
    if (this.#isComing || source?.filter === undefined) return;
    this.#isComing = true;
    // A part of the page that can't be fetched now is asked for again with the next frame that needs it.
    const part = await import('../images/filtered-images.ts').catch(() => null);
    this.#isComing = false;
    if (part === null || this.#isClosed) return;
    const onChange = (changed: string): void => this.#note(changed, 0);
    this.#filtered = new part.FilteredImages({ filter: source.filter.bind(source), schedule, now, budgetBytes, onChange });
    for (const plain of this.#plain) this.#filtered.notePlain(plain);
    this.#wake(0);
  }

  #note(hash: string, delayMs: number): void {
    this.#changed.add(hash);
    this.#wake(delayMs);
  }

  #wake(delayMs: number): void {
    if (this.#cancel !== null && delayMs > 0) return;
    this.#cancel?.();
    this.#cancel = this.#options.schedule(() => {
      this.#cancel = null;
      this.#work();
    }, delayMs);
  }

  #work(): void {
    const view = this.#view;
    if (view === null) return;
    if (this.#planned === null || !isSame(this.#planned, view)) {
      this.#planned = view;
      const budgetBytes = budgetFor(view, this.#options.budgetBytes);
      this.#cache?.want(planImages(wantedIn(view), budgetBytes), budgetBytes);
    }
    if (this.#changed.size === 0) return;
    const changed = new Set(this.#changed);
    this.#changed.clear();
    const elements: BoardElement[] = [];
    for (const id of view.scene.images) {
      const element = view.scene.get(id);
      const hash = element?.image?.hash;
      if (element !== undefined && hash !== undefined && changed.has(hash)) elements.push(element);
    }
    if (elements.length > 0) this.#options.onImages(elements);
  }
}

function isSame(a: ImageView, b: ImageView): boolean {
  const isSameSize = a.size.width === b.size.width && a.size.height === b.size.height && a.pixelRatio === b.pixelRatio;
  return isSameSize && a.camera.x === b.camera.x && a.camera.y === b.camera.y && a.camera.zoom === b.camera.zoom && isSameScene(a, b);
}

function isSameScene(a: ImageView, b: ImageView): boolean {
  return a.scene === b.scene && a.revision === b.revision;
}

function* wantedIn({ camera, size, pixelRatio, scene }: ImageView): Generator<WantedImage> {
  const scale = camera.zoom * pixelRatio;
  const inView = visibleBox(camera, size);
  for (const element of scene.queryUnordered(growBox(inView, TILE_PX / scale))) {
    if (element.image === null) continue;
    const isInView = boxesTouch(paintBox(element), inView);
    yield { image: element.image, sidePx: longerSide(element) * scale, isInView };
  }
}

/** Memory for the images of this view: a small window needs less. An image takes at most four times the pixels of its place. */
function budgetFor({ size, pixelRatio }: ImageView, mostBytes: number): number {
  const aroundPx = (side: number): number => side * pixelRatio + 2 * TILE_PX;
  return Math.min(mostBytes, 4 * BYTES_PER_PIXEL * aroundPx(size.width) * aroundPx(size.height));
}
