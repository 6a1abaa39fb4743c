/** Keeps a sheet's lower end above the on-screen keyboard, which covers the page instead of resizing it. */
import { keyboardHeightPx, onKeyboard } from '../browser/on-screen-keyboard.ts';

/** Sets `--keyboard` on the element to the height that the keyboard covers, in CSS pixels. An attachment. */
export function aboveKeyboard(element: HTMLElement): () => void {
  const measure = (): void => element.style.setProperty('--keyboard', `${keyboardHeightPx()}px`);
  measure();
  return onKeyboard(measure);
}
