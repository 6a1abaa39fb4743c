/** Where the focus goes when what had it goes, with all around it: a row that was removed takes its buttons along. */
import { tick } from 'svelte';

/**
 * Called while the element that has the focus is still there.
 *
 * @param place An element that goes.
 * @returns Called when it goes: gives the focus back to the element that had it. If that is gone too, to the nearest
 *   `data-focus-after` around `place`, such as the field in which the next row is made.
 */
export function focusAfter(place: Element): () => void {
  const before = document.activeElement;
  const around: Element[] = [];
  for (let one = place.parentElement; one !== null; one = one.parentElement) around.push(one);
  return () =>
    void tick().then(() => {
      if (before instanceof HTMLElement && before.isConnected) return before.focus();
      for (const one of around) {
        const next = one.isConnected ? one.querySelector<HTMLElement>('[data-focus-after]') : null;
        if (next !== null) return next.focus();
      }
    });
}
