import { againWords, unreachableBy, type Unreachable } from './unreachable.ts';

/** Why a board was not deleted. */
export function eraseFailureSentence(failure: Unreachable | { kind: 'absent' } | { kind: 'refused'; code: string }): string {
  if (failure.kind === 'unreachable')
    return {
      limited: `Too many requests. Nothing was deleted. ${againWords(failure)}.`,
      busy: `The server can’t delete boards now. ${againWords(failure)}.`,
      silent: 'Deleting needs a connection, and the server cannot be reached. Nothing was deleted.',
    }[unreachableBy(failure)];
  if (failure.kind === 'absent') return 'On this server boards have no owner, so nobody can delete one. You can clear it.';
  switch (failure.code) {
    case 'not_owner':
    case 'board_not_found':
      return 'This board is not yours to delete any more.';
    case 'token_missing':
      return 'You are not signed in. Nothing was deleted.';
    default:
      return 'The server refused this. Nothing was deleted.';
  }
}
