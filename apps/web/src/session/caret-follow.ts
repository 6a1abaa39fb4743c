/** Moves the board while a person types, to keep the caret inside the view, under no panel and above the keyboard. */
import type { Stage } from '@wetink/canvas';
import { mirrorOffset } from '../core/caret-mirror.ts';
import { shiftIntoSight, type Rect } from '../core/in-sight.ts';
import { keyboardHeightPx, onKeyboard } from '../browser/on-screen-keyboard.ts';

/** Panels over the board. A dialog's scrim covers all of it, but then nobody types on the board. */
const COVERS = '.panel, .tooltip';

/**
 * Others' typing never moves it: the person may be looking at something else.
 *
 * @param mirror Shows the same text in the same place, see `caret-mirror.ts`.
 * @returns `soon` follows after the next frame, for what changes the box from outside.
 */
export function followCaret(
  box: HTMLTextAreaElement,
  mirror: HTMLElement,
  stage: Pick<Stage, 'panBy'>,
): { soon: () => void; stop: () => void } {
  let frame = 0;
  const follow = (): void => {
    const caret = caretRect(box, mirror);
    const page = box.closest('main');
    if (caret === null || page === null) return;
    const { left, top, right, bottom } = page.getBoundingClientRect();
    const view = { left, top, right, bottom: Math.min(bottom, window.innerHeight - keyboardHeightPx()) };
    const covers = [...page.querySelectorAll(COVERS)].map((panel) => panel.getBoundingClientRect()).filter(({ width }) => width > 0);
    const { dx, dy } = shiftIntoSight(caret, view, covers);
    if (dx !== 0 || dy !== 0) stage.panBy(dx, dy);
  };
  // After the key has taken effect and the box has followed.
  const soon = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(follow);
  };
  const stopping = new AbortController();
  const { signal } = stopping;
  for (const name of ['input', 'keydown', 'pointerup', 'focus'] as const) box.addEventListener(name, soon, { signal });
  window.addEventListener('resize', soon, { signal });
  const stopKeyboard = onKeyboard(soon);
  soon();
  const stop = (): void => {
    stopping.abort();
    stopKeyboard();
    cancelAnimationFrame(frame);
  };
  return { soon, stop };
}

/** Where the caret is in the page, turned text included. */
function caretRect(box: HTMLTextAreaElement, mirror: HTMLElement): Rect | null {
  const text = mirror.firstChild;
  if (text === null) return null;
  const offset = box.selectionDirection === 'backward' ? box.selectionStart : box.selectionEnd;
  const range = document.createRange();
  range.setStart(text, Math.min(mirrorOffset(box.value, offset), text.nodeValue?.length ?? 0));
  return range.getBoundingClientRect();
}
