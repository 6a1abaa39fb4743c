/**
 * Small pictures of a board for the home page, one for each theme, taken when the board has been left alone for a while.
 *
 * Never while someone draws: painting a big board takes longer than a frame, so it waits for idle time too.
 */
import { boundsOf, renderPng } from '@wetink/canvas';
import type { BoardElement } from '@wetink/board';
import { PREVIEW_MAX_CHARS } from '../core/recent-boards.ts';
import type { BoardSession } from './board-session.ts';
import { scheduleTimeout, whenIdle } from './timers.ts';

/** A pause in the work that is no pause between two strokes. */
const QUIET_MS = 2_500;
/** Twice the width of a card at usual densities. */
const WIDTH_PX = 440;
const HEIGHT_PX = 275;

export type Preview = { light: string; dark: string };

export function keepPreview(session: BoardSession, onPreview: (preview: Preview | null) => void): () => void {
  let cancel: (() => void) | null = null;
  let seen: readonly BoardElement[] | null = null;

  const take = async (): Promise<void> => {
    cancel = null;
    const elements = session.board.elements();
    if (elements === seen) return;
    seen = elements;
    if (elements.length === 0) return onPreview(null);
    const preview = { light: await draw(elements, 'light'), dark: await draw(elements, 'dark') };
    if (seen === elements && Math.max(preview.light.length, preview.dark.length) <= PREVIEW_MAX_CHARS) onPreview(preview);
  };
  const ask = (): void => {
    cancel?.();
    cancel = scheduleTimeout(() => whenIdle(() => void take()), QUIET_MS);
  };
  const stop = session.onChange(ask);
  void session.room.whenLoaded.then(ask);
  return () => {
    stop();
    if (cancel === null) return;
    // Leaving in the middle of things: elements are immutable, so the picture can be made after the board is closed.
    cancel();
    void take();
  };
}

/** The whole board, small, on nothing: the card lends its paper. */
async function draw(elements: readonly BoardElement[], theme: 'light' | 'dark'): Promise<string> {
  const bounds = boundsOf(elements);
  if (bounds === null) return '';
  const scale = Math.min(1, WIDTH_PX / Math.max(1, bounds.maxX - bounds.minX), HEIGHT_PX / Math.max(1, bounds.maxY - bounds.minY));
  const png = await createImageBitmap(await renderPng(elements, { theme, scale }));
  const canvas = document.createElement('canvas');
  canvas.width = png.width;
  canvas.height = png.height;
  canvas.getContext('2d')?.drawImage(png, 0, 0);
  png.close();
  // WebP is a third of the size; where a browser can't write it, this gives a PNG.
  return canvas.toDataURL('image/webp', 0.7);
}
