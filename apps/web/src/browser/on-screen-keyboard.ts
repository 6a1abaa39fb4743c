/**
 * How much of the page an on-screen keyboard covers, from its lower edge. It never resizes the page (index.html).
 *
 * Safari shrinks the visual viewport; Chromium lays the keyboard over the page, as index.html asks, and reports only its place.
 */
declare global {
  interface Navigator {
    /** Only in Chromium. */
    readonly virtualKeyboard?: EventTarget & { readonly boundingRect: { readonly height: number } };
  }
}

interface KeyboardPage {
  readonly innerHeight: number;
  readonly visualViewport: Pick<VisualViewport, 'height' | 'offsetTop' | 'scale' | 'addEventListener' | 'removeEventListener'> | null;
  readonly navigator: Pick<Navigator, 'virtualKeyboard'>;
}

/** CSS pixels. A zoomed page also shows less of itself: that does not count as a keyboard. */
export function keyboardHeightPx({ innerHeight, visualViewport, navigator }: KeyboardPage = window): number {
  const isZoomed = visualViewport !== null && visualViewport.scale > 1.01;
  const hidden = visualViewport === null || isZoomed ? 0 : innerHeight - visualViewport.height - visualViewport.offsetTop;
  return Math.round(Math.max(0, hidden, navigator.virtualKeyboard?.boundingRect.height ?? 0));
}

/** Called whenever that may have changed. Returns how to stop. */
export function onKeyboard(callback: () => void, { visualViewport, navigator }: KeyboardPage = window): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  for (const name of ['resize', 'scroll']) visualViewport?.addEventListener(name, callback, { signal });
  navigator.virtualKeyboard?.addEventListener('geometrychange', callback, { signal });
  return () => stopping.abort();
}
