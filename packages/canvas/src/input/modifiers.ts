/** The modifier keys held during an event of the page. */
import type { Modifiers } from '../tools/tool.ts';

export function modifiersOf(event: MouseEvent | KeyboardEvent): Modifiers {
  return { shift: event.shiftKey, alt: event.altKey, mod: event.ctrlKey || event.metaKey };
}
