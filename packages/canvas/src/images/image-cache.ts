/**
 * Decoded images within a budget of memory.
 *
 *     none ──wanted──> loading ──bitmap──> there (at a level) ──wanted larger, or smaller to save memory──> loading too
 *       ^                 └──no longer wanted: aborted            └──not wanted, and the budget is full──┐
 *       └────────────────────────────────────────────────────────────────────────────────────────────────┘
 *
 * An image that is there stays until its next bitmap has come, so nothing flickers. `load` waits for bytes as long as it
 * takes, even days; it rejects only when it was aborted or the bytes are no image, and such an image is not asked for again.
 */
import type { ImageContent } from '@wetink/board';
import { levelBytes, levelSize, type PlannedImage } from './image-levels.ts';
import type { FilterOptions } from './filtered-images.ts';
import type { ShownImage } from './shown-images.ts';

/** The host's way to the bytes of images. */
export interface ImageSource {
  /**
   * Fetches and decodes an image. The bitmap belongs to the caller, and is closed when it is no longer needed.
   *
   * @param options.width In pixels, as is `height`: at most the size of the image.
   * @param options.onProgress Called with 0..1 while bytes come.
   */
  load(image: ImageContent, options: LoadOptions): Promise<ImageBitmap>;
  /**
   * A filtered copy of a bitmap, with at most `maxPixels`: `filterPixels` of its pixels, computed off the page's thread where
   * the browser can. Without it images are shown unfiltered. The bitmap given stays the caller's.
   */
  filter?(bitmap: ImageBitmap, options: FilterOptions): Promise<ImageBitmap>;
}

export interface LoadOptions {
  readonly width: number;
  readonly height: number;
  readonly signal: AbortSignal;
  onProgress(progress: number): void;
}

export interface ImageCacheOptions {
  readonly source: ImageSource;
  /** `find` now gives another answer for this hash. */
  readonly onChange: (hash: string) => void;
}

interface Entry {
  readonly image: ImageContent;
  there: { readonly bitmap: ImageBitmap; readonly level: number } | null;
  loading: { readonly level: number; readonly abort: AbortController; progress: number | null } | null;
  isBroken: boolean;
  /** Number of the plan that wanted it last. */
  wantedAt: number;
}

const unknown: ShownImage = { kind: 'loading', progress: null };

export class ImageCache {
  readonly #options: ImageCacheOptions;
  readonly #entries = new Map<string, Entry>();
  #plan = 0;
  #bytes = 0;
  #budgetBytes = 0;
  #isClosed = false;

  constructor(options: ImageCacheOptions) {
    this.#options = options;
  }

  /** Memory of all bitmaps. */
  get bytes(): number {
    return this.#bytes;
  }

  find({ hash }: ImageContent): ShownImage {
    const entry = this.#entries.get(hash);
    if (entry === undefined) return unknown;
    if (entry.there !== null) return { kind: 'there', bitmap: entry.there.bitmap };
    return { kind: 'loading', progress: entry.loading?.progress ?? null };
  }

  /** Loads these images, gives up loading the others, and drops others while memory is short. */
  want(plan: ReadonlyMap<string, PlannedImage>, budgetBytes: number): void {
    if (this.#isClosed) return;
    this.#budgetBytes = budgetBytes;
    this.#plan++;
    for (const { image } of plan.values()) this.#entry(image).wantedAt = this.#plan;
    for (const entry of this.#entries.values()) if (entry.wantedAt !== this.#plan) abort(entry);
    this.#trim();
    const isFull = this.#bytes > this.#budgetBytes;
    for (const { image, level } of plan.values()) {
      const entry = this.#entry(image);
      const has = entry.there?.level ?? Infinity;
      // A bitmap that is larger than needed is kept while there is room.
      if (has > level || (isFull && has < level)) this.#load(entry, level);
      else abort(entry);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const entry of this.#entries.values()) {
      abort(entry);
      this.#drop(entry);
    }
    this.#entries.clear();
  }

  #entry(image: ImageContent): Entry {
    let entry = this.#entries.get(image.hash);
    if (entry === undefined) {
      entry = { image, there: null, loading: null, isBroken: false, wantedAt: 0 };
      this.#entries.set(image.hash, entry);
    }
    return entry;
  }

  #load(entry: Entry, level: number): void {
    if (entry.isBroken || entry.loading?.level === level) return;
    abort(entry);
    const loading = { level, abort: new AbortController(), progress: null as number | null };
    entry.loading = loading;
    const { source, onChange } = this.#options;
    const onProgress = (progress: number): void => {
      if (entry.loading !== loading) return;
      loading.progress = progress;
      if (entry.there === null) onChange(entry.image.hash);
    };
    source.load(entry.image, { ...levelSize(entry.image, level), signal: loading.abort.signal, onProgress }).then(
      (bitmap) => this.#take(entry, loading, bitmap),
      () => {
        if (entry.loading !== loading) return;
        entry.loading = null;
        entry.isBroken = true;
        onChange(entry.image.hash);
      },
    );
  }

  #take(entry: Entry, loading: Entry['loading'], bitmap: ImageBitmap): void {
    if (entry.loading !== loading || loading === null) return bitmap.close();
    entry.loading = null;
    this.#drop(entry);
    entry.there = { bitmap, level: loading.level };
    this.#bytes += levelBytes(entry.image, loading.level);
    this.#trim();
    this.#options.onChange(entry.image.hash);
  }

  /** Drops images that are not wanted, those not wanted for longest first. */
  #trim(): void {
    if (this.#bytes <= this.#budgetBytes) return;
    const unwanted = [...this.#entries.values()].filter(({ there, wantedAt }) => there !== null && wantedAt < this.#plan);
    for (const entry of unwanted.sort((a, b) => a.wantedAt - b.wantedAt)) {
      if (this.#bytes <= this.#budgetBytes) return;
      this.#drop(entry);
    }
  }

  #drop(entry: Entry): void {
    if (entry.there === null) return;
    this.#bytes -= levelBytes(entry.image, entry.there.level);
    entry.there.bitmap.close();
    entry.there = null;
  }
}

function abort(entry: Entry): void {
  entry.loading?.abort.abort();
  entry.loading = null;
}
