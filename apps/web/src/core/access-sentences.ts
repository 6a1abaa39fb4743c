/** Why a change of access to a board failed. Pure. */

import * as m from '$words/access-sentences';
import { againWords, unreachableBy, type Unreachable } from './unreachable.ts';

export type AccessFailure = Unreachable | { kind: 'absent' } | { kind: 'refused'; code: string };

/** Why a change of access was not made. Access is as it was before. */
export function failureSentence(failure: AccessFailure): string {
  if (failure.kind === 'unreachable')
    return {
      limited: m.tooManyRequestsNothingWas({ failure: againWords(failure) }),
      busy: m.theServerCantDoThis({ failure: againWords(failure) }),
      silent: m.theServerCannotBeReached(),
    }[unreachableBy(failure)];
  if (failure.kind === 'absent') return m.thisServerKnowsNothingOf();
  return refusals[failure.code] ?? m.theServerRefusedThisNothing();
}

const refusals: Readonly<Record<string, string>> = {
  token_missing: m.youAreNotSignedIn(),
  board_not_found: m.thisBoardIsNotYours(),
  not_owner: m.onlyTheOwnerOfThis(),
  link_not_found: m.thatLinkWasTurnedOff(),
  user_not_found: m.theServerDoesNotKnow(),
  too_many_links: m.thisBoardHasAsMany(),
  owner_stays: m.theOwnerKeepsTheirRole(),
};
