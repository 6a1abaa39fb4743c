/**
 * A row of buttons as one stop for Tab: arrow keys, Home and End go from button to button in it, Enter or Space press.
 *
 * An arrow only moves the focus, also in a row of choices: each choice changes the selection for everybody as one step, and
 * going past six colours must not be six steps.
 */

/** The button that a key leads to in a row of `count`; null: the row does not handle the key. */
export function nextStop(key: string, { at, count, isRtl }: { at: number; count: number; isRtl: boolean }): number | null {
  const forward = isRtl ? 'ArrowLeft' : 'ArrowRight';
  const backward = isRtl ? 'ArrowRight' : 'ArrowLeft';
  if (key === forward || key === 'ArrowDown') return (at + 1) % count;
  if (key === backward || key === 'ArrowUp') return (at - 1 + count) % count;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : null;
}

/** An attachment for the row. Tab goes to the held choice, else to the last focused button, else to the first. */
export function roving(row: HTMLElement): () => void {
  let last: HTMLButtonElement | null = null;
  const buttons = (): HTMLButtonElement[] => [...row.querySelectorAll('button')].filter((button) => !button.disabled);

  function placeStop(): void {
    const all = buttons();
    const focused = all.find((button) => button === document.activeElement);
    const held = all.find((button) => button.ariaChecked === 'true' || button.ariaPressed === 'true');
    const before = all.find((button) => button === last);
    const stop = focused ?? held ?? before ?? all[0];
    for (const button of all) button.tabIndex = button === stop ? 0 : -1;
  }
  function onFocusIn({ target }: FocusEvent): void {
    if (target instanceof HTMLButtonElement) last = target;
    placeStop();
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const all = buttons();
    const at = all.findIndex((button) => button === document.activeElement);
    if (at < 0) return;
    const next = nextStop(event.key, { at, count: all.length, isRtl: getComputedStyle(row).direction === 'rtl' });
    if (next === null) return;
    all[next]?.focus();
    event.preventDefault();
  }

  const watch = new MutationObserver(placeStop);
  watch.observe(row, { subtree: true, childList: true, attributeFilter: ['aria-checked', 'aria-pressed', 'disabled'] });
  row.addEventListener('focusin', onFocusIn);
  // After leaving the row, Tab comes back to the held choice.
  const onFocusOut = (): void => queueMicrotask(placeStop);
  row.addEventListener('focusout', onFocusOut);
  row.addEventListener('keydown', onKeyDown);
  placeStop();
  return () => {
    watch.disconnect();
    row.removeEventListener('focusin', onFocusIn);
    row.removeEventListener('focusout', onFocusOut);
    row.removeEventListener('keydown', onKeyDown);
  };
}
