/**
 * Keeps the place of the focus in a list of buttons that changes by itself: when the button that has the focus goes, the one
 * that has come into its place gets it. An attachment for the list.
 */
export function keepPlace(list: HTMLElement): () => void {
  let last: HTMLButtonElement | null = null;
  let at = -1;
  const buttons = (): HTMLButtonElement[] => [...list.querySelectorAll('button')];
  const note = (): void => {
    const all = buttons();
    at = all.findIndex((button) => button === document.activeElement);
    last = all[at] ?? null;
  };
  const onFocusOut = (): void => {
    // In a moment: Chrome reports this for a button that is about to be removed, and that one was not left.
    queueMicrotask(() => {
      if (last?.isConnected === true && document.activeElement !== last) last = null;
    });
  };
  const watch = new MutationObserver(() => {
    if (last === null) return;
    if (last.isConnected) return note();
    const all = buttons();
    last = null;
    all[Math.min(at, all.length - 1)]?.focus();
  });
  watch.observe(list, { subtree: true, childList: true });
  list.addEventListener('focusin', note);
  list.addEventListener('focusout', onFocusOut);
  return () => {
    watch.disconnect();
    list.removeEventListener('focusin', note);
    list.removeEventListener('focusout', onFocusOut);
  };
}
