/**
 * Filtered copies of decoded images, as the painters ask for them.
 *
 * Each image has one job at a time, for the filter that was asked for last: a slider that moves faster than filters are
 * computed skips values and lags by at most one job. A filter is first computed on a small copy, and on the whole bitmap
 * when no other has been asked for in a while. Until a copy is there, the one whose filter is nearest is painted.
 */
import type { Look } from '@wetink/board';
import { filterProps, type PixelFilter } from './pixel-filter.ts';

export interface FilteredImagesOptions {
  /** Resolves to a new bitmap with at most `maxPixels`; rejects when this browser can't. The bitmap given stays the caller's. */
  readonly filter: (bitmap: ImageBitmap, options: FilterOptions) => Promise<ImageBitmap>;
  readonly schedule: (task: () => void, delayMs: number) => () => void;
  readonly now: () => number;
  readonly budgetBytes: number;
  /** `find` now gives another answer for this image. */
  readonly onChange: (hash: string) => void;
}

export interface FilterOptions extends Pick<PixelFilter, 'look' | 'crop'> {
  readonly maxPixels: number;
}

/** Pixels of the small copy: 576 by 432, filtered in 2 ms, with a blur in 25. */
export const ROUGH_PX = 250_000;
/** A slider that rests this long has its picture refined. */
const REFINE_MS = 150;
/** A copy asked for within this time is not dropped: copies that are all on screen would push each other out in turns. */
const SHOWN_MS = 1_000;
const BYTES_PER_PIXEL = 4;

interface Copy {
  readonly filter: PixelFilter;
  /** Null when the filter could not be computed. */
  readonly bitmap: ImageBitmap | null;
  /** The bitmap it was made from; another size of the image has come when this is not the one in use. */
  readonly of: ImageBitmap;
  readonly isRough: boolean;
  askedAt: number;
}

interface Entry {
  /** By key of the filter, the one not asked for longest first. */
  readonly copies: Map<string, Copy>;
  /** The newest wish that is not met, or met roughly. */
  wish: { readonly filter: PixelFilter; readonly of: ImageBitmap } | null;
  isBusy: boolean;
  /** No new filter was asked for in a while, so rough copies that are asked for are refined. */
  isQuiet: boolean;
  cancel: (() => void) | null;
  /** It was shown as it is. */
  wasPlain: boolean;
}

export class FilteredImages {
  readonly #options: FilteredImagesOptions;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #isClosed = false;

  constructor(options: FilteredImagesOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The image was painted as it is: then that is also what is shown until its first filter is computed. */
  notePlain(hash: string): void {
    this.#entry(hash).wasPlain = true;
  }

  /** The best picture there is now; null for a placeholder. Has the right one computed. */
  find(hash: string, of: ImageBitmap, filter: PixelFilter): ImageBitmap | null {
    const entry = this.#entry(hash);
    const copy = entry.copies.get(filter.key);
    if (copy !== undefined) {
      copy.askedAt = this.#options.now();
      entry.copies.delete(filter.key);
      entry.copies.set(filter.key, copy);
    }
    const isRight = copy?.of === of && (!copy.isRough || !entry.isQuiet);
    if (!isRight) this.#ask(hash, entry, { filter, of });
    if (copy !== undefined) return copy.bitmap ?? of;
    return nearest(entry, filter, of);
  }

  close(): void {
    this.#isClosed = true;
    for (const entry of this.#entries.values()) {
      entry.cancel?.();
      for (const copy of entry.copies.values()) copy.bitmap?.close();
    }
    this.#entries.clear();
    this.#bytes = 0;
  }

  #entry(hash: string): Entry {
    let entry = this.#entries.get(hash);
    if (entry === undefined) {
      entry = { copies: new Map(), wish: null, isBusy: false, isQuiet: false, cancel: null, wasPlain: false };
      this.#entries.set(hash, entry);
    }
    return entry;
  }

  #ask(hash: string, entry: Entry, wish: NonNullable<Entry['wish']>): void {
    entry.wish = wish;
    const isNew = !entry.copies.has(wish.filter.key);
    if (isNew) {
      entry.isQuiet = false;
      entry.cancel?.();
      entry.cancel = null;
    }
    if (!entry.isBusy) void this.#work(hash, entry);
  }

  async #work(hash: string, entry: Entry): Promise<void> {
    const { wish } = entry;
    if (wish === null || this.#isClosed) return;
    entry.wish = null;
    entry.isBusy = true;
    const { filter, of } = wish;
    const isRough = !entry.isQuiet && of.width * of.height > ROUGH_PX;
    const bitmap = await this.#options
      .filter(of, { look: filter.look, crop: filter.crop, maxPixels: isRough ? ROUGH_PX : Infinity })
      .catch(() => null);
    entry.isBusy = false;
    if (this.#isClosed) return bitmap?.close();
    // A bitmap that was replaced meanwhile is closed, and has no pixels left to filter.
    const wasClosed = bitmap === null && of.width === 0;
    if (!wasClosed) this.#keep(entry, { filter, bitmap, of, isRough: isRough && bitmap !== null, askedAt: this.#options.now() });
    if (isRough) this.#refineLater(hash, entry);
    // Images that are still shown ask again while they are painted.
    this.#options.onChange(hash);
    if (entry.wish !== null) void this.#work(hash, entry);
  }

  #refineLater(hash: string, entry: Entry): void {
    entry.cancel?.();
    entry.cancel = this.#options.schedule(() => {
      entry.cancel = null;
      entry.isQuiet = true;
      this.#options.onChange(hash);
    }, REFINE_MS);
  }

  #keep(entry: Entry, copy: Copy): void {
    const before = entry.copies.get(copy.filter.key);
    entry.copies.delete(copy.filter.key);
    this.#drop(before);
    entry.copies.set(copy.filter.key, copy);
    this.#bytes += bytesOf(copy);
    const shownSince = this.#options.now() - SHOWN_MS;
    for (const other of this.#entries.values()) {
      for (const [key, old] of other.copies) {
        if (this.#bytes <= this.#options.budgetBytes) return;
        if (old.askedAt > shownSince) continue;
        other.copies.delete(key);
        this.#drop(old);
      }
    }
  }

  #drop(copy: Copy | undefined): void {
    if (copy === undefined) return;
    this.#bytes -= bytesOf(copy);
    copy.bitmap?.close();
  }
}

function bytesOf({ bitmap }: Copy): number {
  return bitmap === null ? 0 : bitmap.width * bitmap.height * BYTES_PER_PIXEL;
}

/** The picture that looks most like the one that is not there yet. */
function nearest({ copies, wasPlain }: Entry, { look }: PixelFilter, plain: ImageBitmap): ImageBitmap | null {
  let best: ImageBitmap | null = wasPlain ? plain : null;
  let least = wasPlain ? distance(look, null) : Infinity;
  for (const { bitmap, filter } of copies.values()) {
    const far = distance(look, filter.look);
    if (bitmap === null || far >= least) continue;
    best = bitmap;
    least = far;
  }
  return best;
}

function distance(a: Look, b: Look | null): number {
  return filterProps.reduce((sum, prop) => sum + Math.abs(a[prop] - (b?.[prop] ?? 0)), 0);
}
