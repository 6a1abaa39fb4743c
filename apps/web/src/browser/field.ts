/** Tells fields from other elements: keys, pastes and drops on a field belong to the field, and its words may be a draft. */

/** Kinds of input that take no keys besides those of every button. */
const keyless = ['button', 'checkbox', 'color', 'file', 'radio', 'range'];
/** Kinds of input that hold no words. */
const wordless: ReadonlySet<string> = new Set([...keyless, 'reset', 'submit']);

/** A person types words into it. */
export function isTextField(target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && !wordless.has(target.type));
}

/** Takes keys of its own: words, the choice in a list, or the keys of a form's buttons. */
export function isField(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !keyless.includes(target.type);
  return isTextField(target) || target instanceof HTMLSelectElement || (target instanceof HTMLElement && target.isContentEditable);
}
