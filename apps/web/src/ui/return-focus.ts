/** Gives the focus back when a panel goes, so that a keyboard goes on where it was. */
import { tick } from 'svelte';

/**
 * An attachment. When the element goes with the focus in it, the element that had the focus before gets it.
 *
 * @param otherwise Gets it when that one is not on the page any more, such as a row of a list that has closed.
 */
export function returnFocus(otherwise: () => HTMLElement | null): (element: HTMLElement) => () => void {
  return (element) => {
    const opener = document.activeElement;
    return () => {
      const hadFocus = isLost(document.activeElement) || element.contains(document.activeElement);
      if (!hadFocus) return;
      // After the tick: what a sheet covered takes focus again.
      void tick().then(() => {
        if (!isLost(document.activeElement)) return;
        const target = opener instanceof HTMLElement && opener.isConnected && !isLost(opener) ? opener : otherwise();
        target?.focus();
      });
    };
  };
}

/** The page itself has it: no control does. */
function isLost(focused: Element | null): boolean {
  return focused === null || focused === document.body || !focused.isConnected;
}
