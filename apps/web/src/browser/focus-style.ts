/**
 * Gives the keys to the style panel, whose parts carry `data-style`, at its first control.
 *
 * @returns False when there is none.
 */
export function focusStyle(page: Pick<Document, 'querySelectorAll'> = document): boolean {
  const controls = page.querySelectorAll<HTMLElement>('[data-style] :is(button, input, textarea):not(:disabled, [tabindex="-1"])');
  const [first] = controls;
  first?.focus();
  return first !== undefined;
}
