/** Listeners on the page: pointer, wheel, gesture and key events become calls to the editor. No decisions here. */
import type { Point } from '../geometry.ts';
import type { Editor } from '../editor/editor.ts';
import { BoardArea } from './board-area.ts';
import { listenToKeys } from './key-listeners.ts';
import { OwnCursor } from './own-cursor.ts';
import { listenToPointers } from './pointer-listeners.ts';
import { listenToWheel } from './wheel-listeners.ts';

export interface InputOptions {
  readonly host: HTMLElement;
  /** Holds the host and the panels around it: pinching over a panel zooms the board. */
  readonly surroundings: HTMLElement;
  readonly window: Window & typeof globalThis;
  readonly editor: Editor;
  readonly onCursor: (cursor: Point | null) => void;
  readonly requestFrame: (callback: () => void) => () => void;
}

/** Listens until the returned function is called. */
export function attachInput({ host, surroundings, window, editor, onCursor, requestFrame }: InputOptions): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  const { document, navigator } = window;
  const area = new BoardArea(host, surroundings, window);

  // The browser would otherwise pan the page and select text while somebody draws.
  host.style.touchAction = 'none';
  host.style.userSelect = 'none';
  host.style.setProperty('-webkit-user-select', 'none');
  host.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  host.addEventListener('dragstart', (event) => event.preventDefault(), { signal });

  const cursor = new OwnCursor({ host, editor, onCursor, requestFrame });
  listenToPointers({ area, editor, cursor, isMac: /^(Mac|iP)/.test(navigator.platform) }, signal);
  listenToWheel({ area, editor, cursor }, window, signal);
  listenToKeys({ editor, cursor }, window, signal);
  const keepGesture = (): void => editor.keepGesture();
  const onVisibility = (): void => {
    if (document.visibilityState !== 'hidden') return;
    // A hidden page can be discarded without another event.
    keepGesture();
    cursor.pageHidden();
  };
  // Captured, so that the host stores what this writes. Already at `beforeunload`: a write at `pagehide` may reach neither disk nor
  // relay. Phones may send only the second event.
  for (const name of ['beforeunload', 'pagehide']) window.addEventListener(name, keepGesture, { capture: true, signal });
  document.addEventListener('visibilitychange', onVisibility, { signal });

  return () => {
    stopping.abort();
    cursor.close();
  };
}
