/** Why a board can't be entered, for the notice over it. Pure. */
import * as m from '$words/closed-sentence';
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
  if (closed.isLinkRefused) return { title: m.thisLinkNoLongerOpens(), what: m.askItsOwnerForA() };
  if (closed.wasOpen) return { title: m.youCantOpenThisBoard(), what: advice };
  // Most often an address copied from the address bar; or one that leads nowhere: the server answers both the same.
  return {
    title: m.youCantOpenThisBoard2(),
    what: m.itsAddressAloneLetsNobody(),
  };
}

/** Sentence about the rest of a board that can't be entered. @param copy As in a status: where unsaved changes are, or would be. */
export function leftSentence(copy: CopyFact): string {
  switch (copy) {
    case 'kept':
      return m.whatYouHaveOfIt();
    case 'writing':
      return m.whatYouHaveOfIt2();
    case 'none':
      return m.whatYouHaveOfIt3();
  }
}
