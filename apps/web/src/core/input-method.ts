/**
 * Keys that an input method uses to choose candidates, convert, confirm and cancel. They are no keys for the page.
 *
 * `isComposing` alone is not enough. Safari ends the composition before it reports the key that ended it (WebKit bug
 * 165004), and browsers report the key that begins a composition before it has begun. In both cases only the key code 229
 * identifies the key: UI Events reserves it for input methods, and no key of a keyboard has it.
 */
const INPUT_METHOD_KEY_CODE = 229;

export function isOfInputMethod(press: { readonly isComposing?: boolean; readonly keyCode?: number }): boolean {
  return press.isComposing === true || press.keyCode === INPUT_METHOD_KEY_CODE;
}

/**
 * Keeps such keys from everything on the page, whatever field they were pressed in: fields and dialogs that close on
 * Escape, that send or keep on Enter, shortcuts. The input method itself is above the page and has them already.
 *
 * @param page The window. Call this before any other listener is added to it.
 */
export function keepInputMethodKeys(page: EventTarget): void {
  const keep = (event: Event): void => {
    if (isOfInputMethod(event as KeyboardEvent)) event.stopImmediatePropagation();
  };
  // Captured at the window, so no other listener runs first.
  page.addEventListener('keydown', keep, { capture: true });
}
