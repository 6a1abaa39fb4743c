/** Paints the small pictures of a board in slices, one picture for each theme, and encodes them when they are done. */
import { Thumbnail, type CreateSurface, type MeasureLine, type ShownImages, type Surface } from '@wetink/canvas';
import type { BoardElement, Theme } from '@wetink/board';
import { PREVIEW_MAX_CHARS } from '../core/recent-boards.ts';

/** Twice the width of a card at usual densities. */
const WIDTH_PX = 440;
const HEIGHT_PX = 275;
/**
 * Tried one after the other until the picture is small enough to keep: dense drawings compress badly. Alpha is compressed
 * without loss, so all tries but the first paint the drawing on paper, which its card has anyway.
 */
const ENCODINGS: readonly Encoding[] = [
  { quality: 0.7, isOnPaper: false },
  { quality: 0.5, isOnPaper: true },
  { quality: 0.2, isOnPaper: true },
  { quality: 0.05, isOnPaper: true },
  { quality: 0, isOnPaper: true },
];

export interface Encoding {
  /** 0..1, where the browser can choose. */
  readonly quality: number;
  /** Without paper, the picture is transparent around the drawing. */
  readonly isOnPaper: boolean;
}

export type Preview = { light: string; dark: string };

export interface PaintingEnvironment {
  /** Milliseconds, monotonic. */
  now(): number;
  readonly createSurface: CreateSurface;
  readonly measure: MeasureLine;
  /** A data URL, made beside the page's own work; '' when the browser can't. */
  encode(surface: Surface, theme: Theme, encoding: Encoding): Promise<string>;
}

export class PreviewPainting {
  readonly #environment: PaintingEnvironment;
  readonly #images: ShownImages | undefined;
  #thumbnail: Thumbnail | null = null;
  /** The elements that are being painted. */
  #painted: readonly BoardElement[] = [];
  /** The elements of the last finished picture. */
  #finished: readonly BoardElement[] | null = null;

  constructor(environment: PaintingEnvironment, images?: ShownImages) {
    this.#environment = environment;
    this.#images = images;
  }
  isFinished(elements: readonly BoardElement[]): boolean {
    return elements === this.#finished;
  }
  /** An empty board has no picture, and so a finished one. */
  finishEmpty(elements: readonly BoardElement[]): void {
    this.#finished = elements;
    this.#thumbnail = null;
  }
  /** A new stroke on top costs only the painting of that stroke. @returns True when all is painted. */
  paint(elements: readonly BoardElement[], budgetMs: number): boolean {
    if (this.#thumbnail === null || (elements !== this.#painted && !this.#thumbnail.continueWith(elements))) {
      const { createSurface, measure, now } = this.#environment;
      const themes = ['light', 'dark'] as const;
      const size = { maxWidthPx: WIDTH_PX, maxHeightPx: HEIGHT_PX };
      this.#thumbnail = new Thumbnail({ elements, themes, ...size, createSurface, measure, now, images: this.#images });
    }
    this.#painted = elements;
    return this.#thumbnail.work(budgetMs);
  }
  /** @returns Null when it can't be made small enough, or when the board changed meanwhile and the next picture is on its way. */
  async finish(): Promise<Preview | null> {
    const thumbnail = this.#thumbnail;
    if (thumbnail === null) return null;
    this.#finished = this.#painted;
    const [light, dark] = await Promise.all([
      this.#encoded('light', thumbnail.surface('light')),
      this.#encoded('dark', thumbnail.surface('dark')),
    ]);
    return this.#finished !== this.#painted || light === null || dark === null ? null : { light, dark };
  }
  /** Frees the surfaces. */
  drop(): void {
    this.#thumbnail = null;
  }

  async #encoded(theme: Theme, surface: Surface | null): Promise<string | null> {
    if (surface === null) return null;
    for (const encoding of ENCODINGS) {
      const url = await this.#environment.encode(surface, theme, encoding);
      if (url !== '' && url.length <= PREVIEW_MAX_CHARS) return url;
    }
    return null;
  }
}
