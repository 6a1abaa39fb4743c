/** The images of a stage before their code is there: it is fetched with the first image on the board, and most boards have none. */
import type { ImageContent } from '@wetink/board';
import type { PixelFilter } from '../images/pixel-filter.ts';
import type { ShownImage, ShownImages } from '../images/shown-images.ts';
import type * as code from './images-in-view.ts';

const fetchImages = (): Promise<typeof code> => import('./images-in-view.ts');

export class LateImages implements ShownImages {
  readonly #options: code.ImagesInViewOptions;
  readonly #fetch: typeof fetchImages;
  #images: code.ImagesInView | null = null;
  #view: code.ImageView | null = null;
  #isComing = false;
  #isClosed = false;

  /** @param fetch For tests; the real thing by default. */
  constructor(options: code.ImagesInViewOptions, fetch = fetchImages) {
    this.#options = options;
    this.#fetch = fetch;
  }

  /** Memory of all decoded images. */
  get bytes(): number {
    return this.#images?.bytes ?? 0;
  }

  find(image: ImageContent, filter: PixelFilter | null): ShownImage {
    return this.#images?.find(image, filter) ?? { kind: 'loading', progress: null };
  }

  /** Call with every frame. */
  look(view: code.ImageView): void {
    this.#view = view;
    if (this.#images !== null) this.#images.look(view);
    else if (view.scene.images.size > 0) void this.#open();
  }

  close(): void {
    this.#isClosed = true;
    this.#view = null;
    this.#images?.close();
  }

  async #open(): Promise<void> {
    if (this.#isComing || this.#options.source === null) return;
    this.#isComing = true;
    // Code that can't be fetched now is asked for again with the next frame that shows an image.
    const part = await this.#fetch().catch(() => null);
    this.#isComing = false;
    if (part === null || this.#isClosed) return;
    this.#images = new part.ImagesInView(this.#options);
    if (this.#view !== null) this.#images.look(this.#view);
  }
}
