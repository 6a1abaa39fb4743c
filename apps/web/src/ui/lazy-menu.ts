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
