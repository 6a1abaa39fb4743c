/** Keys that change what a pointer does: the modifiers, and the space bar, which pans while it is held. A page's key for zooming ends with any key that comes up. */
import type { Editor } from '../editor/editor.ts';
import { modifiersOf } from './modifiers.ts';
import type { OwnCursor } from './own-cursor.ts';

const MODIFIERS: ReadonlySet<string> = new Set(['Shift', 'Alt', 'Control', 'Meta']);

export function listenToKeys({ editor, cursor }: { editor: Editor; cursor: OwnCursor }, window: Window, signal: AbortSignal): void {
  const onKey = (event: KeyboardEvent): void => {
    if (MODIFIERS.has(event.key)) editor.modifiers(modifiersOf(event));
    else if (event.type === 'keyup' && editor.pointers.isZoomHeld) {
      editor.pointers.isZoomHeld = false;
      cursor.show(cursor.at);
    }
    if (event.key !== ' ' || isTyping(event.target)) return;
    if (event.type === 'keydown') event.preventDefault();
    editor.pointers.setSpaceHeld(event.type === 'keydown');
    cursor.show(cursor.at);
  };

  window.addEventListener('keydown', onKey, { signal });
  window.addEventListener('keyup', onKey, { signal });
  // The key up of a space that was held while the window lost focus never comes.
  const onBlur = (): void => {
    editor.pointers.setSpaceHeld(false);
    editor.pointers.isZoomHeld = false;
  };
  window.addEventListener('blur', onBlur, { signal });
}

/** The space bar belongs to a text field that is being typed in or a button that it presses; a slider has no use for it. */
function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement && target.type === 'range') return false;
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT|BUTTON|A)$/.test(target.tagName));
}
