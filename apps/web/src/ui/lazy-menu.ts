/** How a menu that was fetched for its button begins. */
export interface LazyMenuStart {
  /** It was asked for before it was here: it opens at once. */
  isOpen: boolean;
  /** The button that it takes the place of had the focus. */
  hasFocus: boolean;
}

/** For the menu's own button: the focus stays where it was when the one takes the place of the other. */
export function takeFocus({ hasFocus }: LazyMenuStart): ((button: HTMLElement) => void) | null {
  return hasFocus ? (button) => button.focus() : null;
}

/** Runs `release` once the press that began is over, its click included. */
export function afterPress(release: () => void): void {
  const over = new AbortController();
  const end = (): void => {
    over.abort();
    setTimeout(release);
  };
  for (const name of ['pointerup', 'pointercancel'] as const) window.addEventListener(name, end, { signal: over.signal });
}
