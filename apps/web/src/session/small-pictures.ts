/** Small pictures of some elements each, such as a page, painted one after the other in slices while a list of them is open. */
import { Thumbnail, type ShownImages } from '@wetink/canvas';
import type { BoardElement, Theme } from '@wetink/board';
import { thumbnailEnvironment } from '../browser/read-surface.ts';
import { scheduleTimeout, whenIdle } from '../browser/timers.ts';
import type { BoardSession } from './board-session.ts';

export interface PictureSize {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

const SLICE_MS = 6;
/** Pictures follow changes this much later. */
const AGAIN_AFTER_MS = 700;

interface Place {
  readonly canvas: HTMLCanvasElement;
  readonly size: PictureSize;
  readonly read: () => readonly BoardElement[];
  painted: readonly BoardElement[] | null;
}

export class SmallPictures {
  readonly #theme: () => Theme;
  readonly #images: ShownImages | undefined;
  readonly #environment = thumbnailEnvironment();
  readonly #places = new Set<Place>();
  readonly #stop: () => void;
  #cancel: (() => void) | null = null;

  constructor(session: Pick<BoardSession, 'onChange'>, theme: () => Theme, images: ShownImages | undefined) {
    this.#theme = theme;
    this.#images = images;
    this.#stop = session.onChange(() => this.#wait(() => scheduleTimeout(() => this.#begin(), AGAIN_AFTER_MS)));
  }

  /** Keeps a picture of what `read` returns in a canvas. Returns how to stop. */
  keep(canvas: HTMLCanvasElement, size: PictureSize, read: () => readonly BoardElement[]): () => void {
    const place: Place = { canvas, size, read, painted: null };
    this.#places.add(place);
    this.#wait(() => whenIdle(() => this.#begin()));
    return () => void this.#places.delete(place);
  }
  close(): void {
    this.#stop();
    this.#cancel?.();
    this.#places.clear();
  }

  #wait(begin: () => () => void): void {
    this.#cancel ??= begin();
  }
  #begin(): void {
    this.#cancel = null;
    for (const place of this.#places) {
      const elements = place.read();
      if (isSame(elements, place.painted)) continue;
      place.painted = elements;
      return this.#paint(place, elements);
    }
  }
  #paint(place: Place, elements: readonly BoardElement[]): void {
    const theme = this.#theme();
    const { width, height } = place.size;
    const size = { maxWidthPx: width * 2, maxHeightPx: height * 2 };
    const picture =
      elements.length === 0 ? null : new Thumbnail({ elements, themes: [theme], ...size, ...this.#environment, images: this.#images });
    const slice = (): void => {
      this.#cancel = null;
      if (picture !== null && !picture.work(SLICE_MS)) return this.#wait(() => whenIdle(slice));
      put(place, picture?.surface(theme)?.canvas as HTMLCanvasElement | undefined);
      this.#wait(() => whenIdle(() => this.#begin()));
    };
    slice();
  }
}

function put({ canvas, size: { width, height } }: Place, picture: HTMLCanvasElement | undefined): void {
  canvas.width = width * 2;
  canvas.height = height * 2;
  if (picture === undefined) return;
  canvas.getContext('2d')?.drawImage(picture, (canvas.width - picture.width) / 2, (canvas.height - picture.height) / 2);
}

function isSame(elements: readonly BoardElement[], painted: readonly BoardElement[] | null): boolean {
  return painted !== null && elements.length === painted.length && elements.every((element, i) => element === painted[i]);
}
