/** Tells the person when their role changed, and remembers it for the next visit without a network. */
import { changeAccess } from '../core/board-access.ts';
import type { Role } from '../core/board-info.ts';
import { roleSentence } from '../core/role-sentence.ts';
import { isShutCode } from '../core/status-facts.ts';
import type { BoardSession } from '../session/board-session.ts';
import type { AppContext } from './context.ts';
import type { Sharing } from './sharing.svelte.ts';

/** @returns How to stop. */
export function watchRole(
  { boardId, room }: Pick<BoardSession, 'boardId' | 'room'>,
  sharing: Pick<Sharing, 'refresh'>,
  { facts, toasts }: Pick<AppContext, 'facts' | 'toasts'>,
): () => void {
  let known: Role | null = null;
  let said: number | null = null;
  let isOver = false;

  const changed = async (before: Role | null, after: Role): Promise<void> => {
    if (before === null) return;
    const info = await sharing.refresh();
    const owner = info?.owner.name ?? '';
    const sentence = roleSentence(before, after, owner);
    // Meanwhile the role may have changed back, or access may have ended.
    if (isOver || room.role !== after || isEnded() || sentence === '') return;
    takeBack();
    said = toasts.say(sentence);
  };
  const isEnded = (): boolean => room.status.kind === 'error';
  /** Dismisses the toast, which is no longer true. */
  const takeBack = (): void => {
    if (said !== null) toasts.dismiss(said);
    said = null;
  };
  const look = (): void => {
    const { role, link, status } = room;
    if (isEnded()) takeBack();
    if (status.kind === 'error' && isShutCode(status.code)) changeAccess(facts, boardId, { isShut: true });
    else if (link === 'open') changeAccess(facts, boardId, { isShut: false });
    if (role === null || role === known) return;
    const before = known;
    known = role;
    changeAccess(facts, boardId, { role });
    void changed(before, role);
  };
  const stop = room.onStatus(look);
  look();
  return () => {
    isOver = true;
    stop();
  };
}
