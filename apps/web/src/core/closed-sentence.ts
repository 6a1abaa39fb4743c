/** Why a board can't be entered, for the notice over it. Pure. */
import type { Cause, CopyFact } from '@wetink/sync';
import type { Role } from './board-info.ts';
import { failureWords } from './failure-words.ts';

/**
 * @param closed.wasOpen It was open on this device before.
 */
export function closedSentence(
  closed: Cause & { wasOpen: boolean; isLinkRefused: boolean },
  role: Role | null,
): { title: string; what: string } {
  const { sentence, advice } = failureWords(closed, role);
  const isPlain = closed.code === 'FORBIDDEN' && sentence === failureWords({ code: 'FORBIDDEN', reason: '' }, role).sentence;
  if (!isPlain && closed.code !== 'ROOM_NOT_FOUND') return { title: sentence, what: advice };
  if (closed.isLinkRefused) return { title: 'This link no longer opens this board.', what: 'Ask its owner for a new one.' };
  if (closed.wasOpen) return { title: 'You can’t open this board any more.', what: advice };
  // Most often an address copied from the address bar; or one that leads nowhere: the server answers both the same.
  return {
    title: 'You can’t open this board.',
    what: 'Its address alone lets nobody in. Ask the person who sent it for the link: it is behind Share on their board.',
  };
}

/** Sentence about the rest of a board that can't be entered. @param copy As in a status: where unsaved changes are, or would be. */
export function leftSentence(copy: CopyFact): string {
  switch (copy) {
    case 'kept':
      return 'What you have of it on this device stays: look at it, or save it as a file.';
    case 'writing':
      return 'What you have of it is being written to this device: look at it, or save it as a file.';
    case 'none':
      return 'What you have of it is only in this tab: save it as a file to keep it.';
  }
}
