/**
 * Small pictures of a board for the home page, one for each theme, taken when the board has been left alone for a while.
 *
 * Nothing waits for them, however large the board is: they are painted in slices while the page is idle and nobody draws.
 * Leaving the page gives the picture up, unless it can be finished at once, as on a small board.
 *
 *     change ── quiet, nobody draws ──> idle slice ──> … ──> painted ──> encoded beside the page ──> reported
 *        page hidden or left ──────────> one last slice, which may finish it ─────┘
 */
import type { CreateSurface, ShownImages, Surface } from '@wetink/canvas';
import { PageView, paper, wholeBoard, type BoardElement } from '@wetink/board';
import { createReadSurface, thumbnailEnvironment } from '../browser/read-surface.ts';
import { scheduleTimeout, whenHidden, whenIdle } from '../browser/timers.ts';
import type { BoardSession } from './board-session.ts';
import { PreviewPainting, type PaintingEnvironment, type Preview } from './preview-painting.ts';
import { QuietMoment, type QuietTimers } from './quiet-moment.ts';

/** Half a frame: a pointer that comes down in the middle of a slice waits no longer than that. */
const SLICE_MS = 8;
/** On leaving nothing is drawn any more, but the next page waits. */
const LAST_SLICE_MS = 30;

export interface PreviewEnvironment extends QuietTimers, PaintingEnvironment {
  /** Calls back when the page may never run again. Returns how to stop listening. */
  whenHidden(run: () => void): () => void;
}

export interface PreviewOptions {
  readonly session: Pick<BoardSession, 'board' | 'room' | 'isWhole' | 'onChange'>;
  /** Images as far as they are loaded; the others are placeholders. */
  readonly images?: ShownImages;
  /** A pointer is down on the board. */
  isDrawing(): boolean;
  /** Null when the board has become empty. */
  onPreview(preview: Preview | null): void;
  readonly environment?: PreviewEnvironment;
}

/** @returns How to stop, when the board is closed. */
export function keepPreview({ session, isDrawing, onPreview, images, environment = browserEnvironment() }: PreviewOptions): () => void {
  const moment = new QuietMoment(environment);
  const painting = new PreviewPainting(environment, images);

  const shown = firstPageOf(session);

  const wait = (): void => moment.wait(() => unlessDrawing(begin));
  const later = (run: () => void): void => moment.waitForIdle(() => unlessDrawing(run));
  const unlessDrawing = (run: () => void): void => (isDrawing() ? wait() : run());
  const begin = (): void => {
    if (isPending()) later(slice);
  };
  const slice = (): void => {
    if (painting.paint(shown(), SLICE_MS)) void report();
    else later(slice);
  };
  /** Whether there is something new to take a picture of. */
  const isPending = (): boolean => {
    const elements = shown();
    // Before everything is read it would be a picture of half a board.
    if (painting.isFinished(elements) || !session.isWhole) return false;
    if (elements.length > 0) return true;
    painting.finishEmpty(elements);
    onPreview(null);
    return false;
  };
  const report = async (): Promise<void> => {
    const preview = await painting.finish();
    if (preview !== null) onPreview(preview);
  };
  /** The last chance, and a short one. */
  const finishNow = (): void => {
    if (isPending() && painting.paint(shown(), LAST_SLICE_MS)) void report();
  };

  const stops = [session.onChange(wait), environment.whenHidden(finishNow)];
  void session.room.whenLoaded.then(() => {
    if (stops.length > 0) wait();
  });
  return () => {
    for (const stop of stops.splice(0)) stop();
    // Nothing changed since the last picture: there is nothing to lose.
    if (!moment.isAwaited) return;
    moment.cancel();
    finishNow();
    painting.drop();
  };
}

/** The elements of the first page, which the picture shows: the same array while nothing changes. */
function firstPageOf(session: Pick<BoardSession, 'board'>): () => readonly BoardElement[] {
  let first: PageView | null = null;
  return () => {
    const whole = wholeBoard(session.board);
    const page = whole.pages()[0]?.id ?? '';
    if (first?.whole !== whole || first.page !== page) first = new PageView(whole, page);
    return first.elements();
  };
}

function browserEnvironment(): PreviewEnvironment {
  return {
    schedule: scheduleTimeout,
    whenIdle,
    whenHidden,
    ...thumbnailEnvironment(),
    encode: (surface, theme, { quality, isOnPaper }) => {
      const { canvas } = isOnPaper ? onPaper(surface, paper[theme], createReadSurface) : surface;
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
