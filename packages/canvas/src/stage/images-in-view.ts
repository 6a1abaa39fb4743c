/**
 * Keeps the images in view loaded, at the size in which they are shown, and has them painted again when they come.
 *
 * The ring of tiles around the view counts as view: it is painted ahead of a pan. An image that arrives is painted again
 * wherever the board shows it, since a tile out of sight may have been painted without it.
 */
import type { BoardElement } from '@wetink/board';
import { visibleBox, type Camera, type ViewSize } from '../camera.ts';
import { growBox } from '../geometry.ts';
import type { Scene } from '../scene.ts';
import { TILE_PX } from '../painter/tile-grid.ts';
import { ImageCache, type ImageSource } from '../images/image-cache.ts';
import { planImages, type WantedImage } from '../images/image-levels.ts';
import type { ShownImage, ShownImages } from '../images/shown-images.ts';

export interface ImagesInViewOptions {
  /** Null: every image stays a placeholder. */
  readonly source: ImageSource | null;
  readonly budgetBytes: number;
  readonly schedule: (task: () => void, delayMs: number) => () => void;
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
  #view: ImageView | null = null;
  #planned: ImageView | null = null;
  #cancel: (() => void) | null = null;
  readonly #changed = new Set<string>();

  constructor(options: ImagesInViewOptions) {
    const { source, budgetBytes } = options;
    this.#options = options;
    this.#cache = source === null ? null : new ImageCache({ source, budgetBytes, onChange: (hash) => this.#note(hash) });
  }

  /** Memory of all decoded images. */
  get bytes(): number {
    return this.#cache?.bytes ?? 0;
  }

  find(image: Parameters<ShownImages['find']>[0]): ShownImage {
    return this.#cache?.find(image) ?? { kind: 'loading', progress: null };
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
  }

  #note(hash: string): void {
    this.#changed.add(hash);
    this.#wake(FOLLOW_MS);
  }

  #wake(delayMs: number): void {
    this.#cancel ??= this.#options.schedule(() => {
      this.#cancel = null;
      this.#work();
    }, delayMs);
  }

  #work(): void {
    const view = this.#view;
    if (view === null) return;
    if (this.#planned === null || !isSame(this.#planned, view)) {
      this.#planned = view;
      this.#cache?.want(planImages(wantedIn(view), this.#options.budgetBytes));
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
  const box = growBox(visibleBox(camera, size), TILE_PX / scale);
  for (const { image, geometry } of scene.queryUnordered(box)) {
    if (image !== null) yield { image, sidePx: Math.max(Math.abs(geometry.w), Math.abs(geometry.h)) * scale };
  }
}
