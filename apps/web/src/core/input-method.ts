/**
 * Keys that an input method takes: they choose candidates, convert, confirm and cancel, and mean nothing else.
 *
 * `isComposing` alone does not tell. Safari ends the composition before it reports the key that ended it (WebKit bug
 * 165004), and the key that begins a composition is reported before it has begun; in both cases only the key code 229 is
 * left, which UI Events keeps for such keys. No key of a keyboard has that code.
 */
const INPUT_METHOD_KEY_CODE = 229;

export function isOfInputMethod(press: { readonly isComposing?: boolean; readonly keyCode?: number }): boolean {
  return press.isComposing === true || press.keyCode === INPUT_METHOD_KEY_CODE;
}

/**
 * Keeps such keys from everything on the page, whatever field they were pressed in: fields and dialogs that close on
 * Escape, that send or keep on Enter, shortcuts. The input method itself is above the page and has them already.
 *
 * @param page The window. Has to be told before anybody else listens to it.
 */
export function keepInputMethodKeys(page: EventTarget): void {
  const keep = (event: Event): void => {
    if (isOfInputMethod(event as KeyboardEvent)) event.stopImmediatePropagation();
  };
  // Captured at the window: nobody is before.
  page.addEventListener('keydown', keep, { capture: true });
}
