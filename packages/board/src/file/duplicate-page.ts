/** Copies a page of a board with all that is on it, some hundred elements in each step. */
import { boardContent } from './file-export.ts';
import { importElementsInSteps, stepOf } from './file-import.ts';
import { PageView, wholeBoard } from '../page-view.ts';
import type { Board, ElementId, PageId } from '../types.ts';

/**
 * Adds a page behind `page` and puts copies of everything on it there. They appear bit by bit, for everybody, and are one
 * step of undo all the same, which also ends the work when it is undone meanwhile.
 *
 * @param name Name of the new page.
 * @returns The new page, which is there after the first step already.
 * @throws {BoardError} `TOO_LARGE` when the board has `MAX_PAGES`, `BAD_TEXT`, `TOO_NEW`, `CLOSED`.
 */
export function* duplicatePageInSteps(board: Board, page: PageId, name: string): Generator<ElementId, ElementId> {
  const whole = wholeBoard(board);
  const from = new PageView(whole, page);
  const { elements } = boardContent(
    from,
    from.elements().map(({ id }) => id),
  );
  const made = whole.run((edit) => edit.addPage({ after: page, name }));
  yield made;
  for (const steps = importElementsInSteps(new PageView(whole, made), elements, stepOf(whole, made)); steps.next().done !== true;)
    yield made;
  return made;
}
