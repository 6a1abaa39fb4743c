/** Undo and redo on a board with pages: the person sees the page on which something was taken back, or brought again. */
import type { PageId, UndoOutcome } from '@wetink/board';
import type { BoardSession } from './board-session.ts';

export function travel(session: Pick<BoardSession, 'board' | 'showPage'>, direction: 'undo' | 'redo'): UndoOutcome {
  const { board } = session;
  const touched = new Set<PageId>();
  const stop = board.whole.onChange(({ added, changed, removed }) => {
    for (const { page } of [...added, ...removed, ...changed.map(({ after }) => after)]) touched.add(page);
  });
  const outcome = direction === 'undo' ? board.undo() : board.redo();
  stop();
  const page = touched.has(board.page) ? undefined : board.pages().find(({ id }) => touched.has(id));
  if (page !== undefined) session.showPage(page.id);
  return outcome;
}
