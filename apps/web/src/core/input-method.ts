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
