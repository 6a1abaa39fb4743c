/** Why a change of access to a board failed. Pure. */

import { againWords, unreachableBy, type Unreachable } from './unreachable.ts';

export type AccessFailure = Unreachable | { kind: 'absent' } | { kind: 'refused'; code: string };

/** Why a change of access was not made. Access is as it was before. */
export function failureSentence(failure: AccessFailure): string {
  if (failure.kind === 'unreachable')
    return {
      limited: `Too many requests. Nothing was changed. ${againWords(failure)}.`,
      busy: `The server can’t do this now. ${againWords(failure)}.`,
      silent: 'The server cannot be reached. Nothing was changed.',
    }[unreachableBy(failure)];
  if (failure.kind === 'absent') return 'This server knows nothing of owners and links.';
  return refusals[failure.code] ?? 'The server refused this. Nothing was changed.';
}

const refusals: Readonly<Record<string, string>> = {
  token_missing: 'You are not signed in. Nothing was changed.',
  board_not_found: 'This board is not yours to share any more.',
  not_owner: 'Only the owner of this board can change this.',
  link_not_found: 'That link was turned off already.',
  user_not_found: 'The server does not know this person any more.',
  too_many_links: 'This board has as many links as it can have. Turn one off first.',
  owner_stays: 'The owner keeps their role. Make somebody else the owner first.',
};
