/** Initial state of a menu that was fetched for its button. */
export interface LazyMenuStart {
  /** The person pressed the button before the menu was fetched: it opens at once. */
  isOpen: boolean;
  /** The button that it replaces had the focus. */
  hasFocus: boolean;
}

/** For the menu's own button: keeps the focus when it replaces the first button. */
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
