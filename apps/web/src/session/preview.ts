/**
 * Small pictures of a board for the home page, one for each theme, taken when the board has been left alone for a while.
 *
 * Nothing waits for them, however large the board is: they are painted in slices while the page is idle and nobody draws.
 * A new stroke on top costs only the painting of that stroke. Leaving the page gives the picture up, unless it can be
 * finished at once, as on a small board.
 *
 *     change ── quiet, nobody draws ──> idle slice ──> … ──> painted ──> encoded beside the page ──> reported
 *        page hidden or left ──────────> one last slice, which may finish it ─────┘
 */
import { createMeasureLine, Thumbnail, type CreateSurface, type MeasureLine, type Surface } from '@wetink/canvas';
import { paper, type BoardElement, type Theme } from '@wetink/board';
import { PREVIEW_MAX_CHARS } from '../core/recent-boards.ts';
import type { BoardSession } from './board-session.ts';
import { scheduleTimeout, whenHidden, whenIdle } from '../browser/timers.ts';

/** Longer than the pause between two strokes. */
const QUIET_MS = 2_500;
/** Half a frame: a pointer that comes down in the middle of a slice waits no longer than that. */
const SLICE_MS = 8;
/** On leaving nothing is drawn any more, but the next page waits. */
const LAST_SLICE_MS = 30;
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

export interface PreviewEnvironment {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Both return how to cancel. */
  schedule(run: () => void, delayMs: number): () => void;
  whenIdle(run: () => void): () => void;
  /** Calls back when the page may never run again. Returns how to stop listening. */
  whenHidden(run: () => void): () => void;
  readonly createSurface: CreateSurface;
  readonly measure: MeasureLine;
  /** A data URL, made beside the page's own work; '' when the browser can't. */
  encode(surface: Surface, theme: Theme, encoding: Encoding): Promise<string>;
}

export interface PreviewOptions {
  readonly session: Pick<BoardSession, 'board' | 'room' | 'isWhole' | 'onChange'>;
  /** A pointer is down on the board. */
  isDrawing(): boolean;
  /** Null when the board has become empty. */
  onPreview(preview: Preview | null): void;
  readonly environment?: PreviewEnvironment;
}

/** @returns How to stop, when the board is closed. */
export function keepPreview({ session, isDrawing, onPreview, environment = browserEnvironment() }: PreviewOptions): () => void {
  const { now, createSurface, measure, encode } = environment;
  let cancel: (() => void) | null = null;
  /** What the last preview was made of. */
  let told: readonly BoardElement[] | null = null;
  let picture: Thumbnail | null = null;
  let pictured: readonly BoardElement[] = [];

  const wait = (): void => {
    cancel?.();
    cancel = environment.schedule(() => later(begin), QUIET_MS);
  };
  const later = (run: () => void): void => {
    cancel = environment.whenIdle(() => {
      cancel = null;
      if (isDrawing()) wait();
      else run();
    });
  };
  const begin = (): void => {
    if (isPending()) later(slice);
  };
  const slice = (): void => {
    if (paint(SLICE_MS)) void tell();
    else later(slice);
  };

  /** Whether there is something new to take a picture of. */
  function isPending(): boolean {
    const elements = session.board.elements();
    // Before everything is read it would be a picture of half a board.
    if (elements === told || !session.isWhole) return false;
    if (elements.length > 0) return true;
    told = elements;
    picture = null;
    onPreview(null);
    return false;
  }

  function paint(budgetMs: number): boolean {
    const elements = session.board.elements();
    if (picture === null || (elements !== pictured && !picture.continueWith(elements))) {
      const themes = ['light', 'dark'] as const;
      picture = new Thumbnail({ elements, themes, maxWidthPx: WIDTH_PX, maxHeightPx: HEIGHT_PX, createSurface, measure, now });
    }
    pictured = elements;
    return picture.work(budgetMs);
  }

  async function tell(): Promise<void> {
    const done = picture;
    if (done === null) return;
    told = pictured;
    const [light, dark] = await Promise.all([encoded('light', done.surface('light')), encoded('dark', done.surface('dark'))]);
    // The board changed meanwhile: the next picture is on its way.
    if (told !== pictured || light === null || dark === null) return;
    onPreview({ light, dark });
  }

  /** Null when it can't be made small enough. */
  async function encoded(theme: Theme, surface: Surface | null): Promise<string | null> {
    if (surface === null) return null;
    for (const encoding of ENCODINGS) {
      const url = await encode(surface, theme, encoding);
      if (url !== '' && url.length <= PREVIEW_MAX_CHARS) return url;
    }
    return null;
  }

  /** The last chance, and a short one. */
  function finishNow(): void {
    if (isPending() && paint(LAST_SLICE_MS)) void tell();
  }

  const stops = [session.onChange(wait), environment.whenHidden(finishNow)];
  void session.room.whenLoaded.then(() => {
    if (stops.length > 0) wait();
  });
  return () => {
    for (const stop of stops.splice(0)) stop();
    // Nothing changed since the last picture: there is nothing to lose.
    if (cancel === null) return;
    cancel();
    cancel = null;
    finishNow();
    picture = null;
  };
}

function browserEnvironment(): PreviewEnvironment {
  const createSurface: CreateSurface = (widthPx, heightPx) => {
    const canvas = document.createElement('canvas');
    canvas.width = widthPx;
    canvas.height = heightPx;
    // In the page's own memory: it is read, and small, and the painting is done when it is asked for.
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('no 2D canvas context: the browser is out of canvas memory');
    return { canvas, context };
  };
  return {
    now: () => performance.now(),
    schedule: scheduleTimeout,
    whenIdle,
    whenHidden,
    createSurface,
    measure: createMeasureLine(createSurface(1, 1).context),
    encode: (surface, theme, { quality, isOnPaper }) => {
      const { canvas } = isOnPaper ? onPaper(surface, paper[theme], createSurface) : surface;
      return toDataUrl(canvas as HTMLCanvasElement, quality);
    },
  };
}

function onPaper({ canvas }: Surface, color: string, createSurface: CreateSurface): Surface {
  const copy = createSurface(canvas.width, canvas.height);
  copy.context.fillStyle = color;
  copy.context.fillRect(0, 0, canvas.width, canvas.height);
  copy.context.drawImage(canvas, 0, 0);
  return copy;
}

/** WebP is a third of the size of PNG; a browser that can't write WebP writes PNG. */
async function toDataUrl(canvas: HTMLCanvasElement, quality: number): Promise<string> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', quality));
  if (blob === null) return '';
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error('no reason given'));
    reader.readAsDataURL(blob);
  });
}
