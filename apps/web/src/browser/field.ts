/** Tells fields from other elements, so that keys, pastes, drops and drafts in them belong to them. */

/** Kinds of input that hold no words. */
const wordless: ReadonlySet<string> = new Set(['button', 'checkbox', 'color', 'file', 'radio', 'range', 'reset', 'submit']);

/** A person types words into it. */
export function isTextField(target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && !wordless.has(target.type));
}

/** Takes keys of its own: words, or the choice in a list. */
export function isField(target: EventTarget | null): boolean {
  return isTextField(target) || target instanceof HTMLSelectElement || (target instanceof HTMLElement && target.isContentEditable);
}
