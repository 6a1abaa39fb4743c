import * as m from '$words/erase-sentence';
import { againWords, unreachableBy, type Unreachable } from './unreachable.ts';

/** Why a board was not deleted. */
export function eraseFailureSentence(failure: Unreachable | { kind: 'absent' } | { kind: 'refused'; code: string }): string {
  if (failure.kind === 'unreachable')
    return {
      limited: m.tooManyRequestsNothingWas({ failure: againWords(failure) }),
      busy: m.theServerCantDeleteBoards({ failure: againWords(failure) }),
      silent: m.deletingNeedsAConnectionAnd(),
    }[unreachableBy(failure)];
  if (failure.kind === 'absent') return m.onThisServerBoardsHave();
  switch (failure.code) {
    case 'not_owner':
    case 'board_not_found':
      return m.thisBoardIsNotYours();
    case 'token_missing':
      return m.youAreNotSignedIn();
    default:
      return m.theServerRefusedThisNothing();
  }
}
