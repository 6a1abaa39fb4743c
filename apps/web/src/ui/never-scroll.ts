/**
 * A page that is a view onto something larger moves by its camera and never scrolls.
 *
 * `overflow: clip` makes no scroll container, but the page itself can always be scrolled by script and by the browser:
 * to a caret, to a search result, to an anchor, to a field above a keyboard. An element that was scrolled and has no scroll
 * bar to scroll it back is put back.
 */
import { isField } from '../browser/field.ts';

/** An attachment of the board's page. */
export function neverScroll(board: HTMLElement): () => void {
  const { ownerDocument: page } = board;
  const putBack = ({ target }: Event): void => {
    const box = target === page ? page.scrollingElement : target;
    if (!(box instanceof Element) || isField(box)) return;
    if (box !== page.scrollingElement && !board.contains(box)) return;
    const { overflowX, overflowY } = getComputedStyle(box);
    if (box.scrollLeft !== 0 && !canBeScrolled(overflowX)) box.scrollLeft = 0;
    if (box.scrollTop !== 0 && !canBeScrolled(overflowY)) box.scrollTop = 0;
  };
  // Captured: the event of an element does not bubble.
  page.addEventListener('scroll', putBack, { capture: true, passive: true });
  return () => page.removeEventListener('scroll', putBack, { capture: true });
}

function canBeScrolled(overflow: string): boolean {
  return overflow === 'auto' || overflow === 'scroll';
}
