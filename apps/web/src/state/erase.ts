/** Deletes a board for everybody and takes it off the list at home, from wherever the person asks for it. */
import * as m from '$words/erase';
import { eraseOfflineCopy } from '@wetink/sync';
import type { BoardId } from '../core/board-id.ts';
import { isolated } from '../core/sentences.ts';
import { keepLackingCounts } from '../core/last-lacking-counts.ts';
import { noneLacking } from '../core/lacking.ts';
import { eraseBoard } from '../account/erase-board.ts';
import { forgetCopies } from '../session/newest-copy.ts';
import { pictureStore } from '../session/picture-store.ts';
import type { AppContext } from './context.ts';

/**
 * @param closeBoard Closes the page that has it open.
 * @returns Why it was not deleted, as a sentence, or '' when it is gone.
 */
export async function eraseEverywhere(
  { account: { api, account }, facts, recent, toasts }: AppContext,
  board: { id: BoardId; title: string },
  closeBoard: () => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const eraseCopy = async (id: BoardId): Promise<void> => {
    await pictureStore(id, facts).erase();
    for (const kind of ['pictures', 'files'] as const) keepLackingCounts(facts, id, kind, noneLacking);
    const { openImageStore } = await import('../session/blob-store.ts');
    await openImageStore(id, (globalThis.indexedDB as IDBFactory | undefined) ?? null).erase();
    await forgetCopies();
    await eraseOfflineCopy(id);
  };
  const problem = await eraseBoard(board.id, { api, account, facts, closeBoard, eraseOfflineCopy: eraseCopy });
  if (problem !== '') return problem;
  recent.remove(board.id);
  recent.setWaiting(board.id, 0);
  toasts.say(m.isDeletedForEverybody({ title: isolated(board.title) }));
  return '';
}
