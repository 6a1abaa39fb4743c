/** Sentences about access to a board: what a link gives, what changed, why a change failed. Pure. */
import type { Everyone, GivenRole, RelaySettings, Role } from './board-info.ts';
import { nameInSentence } from './sentences.ts';

/** Label of a role: its permission in words. */
export const roleLabels: Readonly<Record<GivenRole, string>> = { viewer: 'Can view', editor: 'Can draw' };

export const everyoneLabels: Readonly<Record<Everyone, string>> = {
  none: 'Only people you invite',
  viewer: 'Anyone with the address can view',
  editor: 'Anyone with the address can draw',
};

/** The permission that a link gives, shown under it. @param auth Null: not known. */
export function linkSentence(role: GivenRole, auth: RelaySettings['auth'] | null): string {
  const can = role === 'viewer' ? 'can view this board' : 'can draw on this board';
  if (auth === 'tokens') return `Anyone with this link who is signed in here ${can}.`;
  return auth === null ? `Anyone with this link ${can}.` : `Anyone with this link ${can}, without an account.`;
}

/** How to draw with others, on a home page without boards. @param place.auth Null: this device never reached the server. */
export function togetherSentence({ auth, isLoopback }: { auth: RelaySettings['auth'] | null; isLoopback: boolean }): string {
  if (isLoopback)
    return 'Make a board, press Share and open its link in another window: both draw on one sheet. To draw with others, start the server on your network.';
  switch (auth) {
    case null:
      return 'Make a board and draw. To draw with others, press Share and send them its link.';
    case 'tokens':
      return 'Make a board, press Share and send the link: anyone with the link who is signed in here can draw along.';
    case 'guests':
    case 'none':
      return 'Make a board, press Share and send the link: anyone with the link can draw along, without an account.';
  }
}

/**
 * Sentence for a change of my access by the relay, or '' when nothing changed for me.
 *
 * @param owner The owner's name, or '' when it is not known. Only the owner can change a role.
 */
export function roleSentence(before: Role | null, after: Role | null, owner: string): string {
  if (before === null || after === null || before === after) return '';
  const name = nameInSentence(owner);
  switch (after) {
    case 'viewer':
      return `You can only view this board now. ${name === '' ? 'Its owner' : name} changed it.`;
    case 'editor':
      if (before === 'viewer') return 'You can draw on this board now.';
      return `${name === '' ? 'Somebody else' : name} owns this board now. You can still draw.`;
    case 'owner':
      return 'This board is yours now.';
  }
}

/** Why a change of access was not made. Access is as it was before. */
export function failureSentence(failure: { kind: 'unreachable' } | { kind: 'absent' } | { kind: 'refused'; code: string }): string {
  if (failure.kind === 'unreachable') return 'The server cannot be reached. Nothing was changed.';
  if (failure.kind === 'absent') return 'This server knows nothing of owners and links.';
  return refusals[failure.code] ?? 'The server refused this. Nothing was changed.';
}

/** Why a board was not deleted. */
export function eraseFailureSentence(failure: { kind: 'unreachable' } | { kind: 'absent' } | { kind: 'refused'; code: string }): string {
  if (failure.kind === 'unreachable') return 'Deleting needs a connection, and the server cannot be reached. Nothing was deleted.';
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

const refusals: Readonly<Record<string, string>> = {
  token_missing: 'You are not signed in. Nothing was changed.',
  board_not_found: 'This board is not yours to share any more.',
  not_owner: 'Only the owner of this board can change this.',
  link_not_found: 'That link was turned off already.',
  user_not_found: 'The server does not know this person any more.',
  too_many_links: 'This board has as many links as it can have. Turn one off first.',
  owner_stays: 'The owner keeps their role. Make somebody else the owner first.',
};

/** The board's owner and my own role, for a person who cannot share the board. */
export function myPartSentence(role: Role, owner: string): string {
  const whose = `${nameInSentence(owner)} owns this board.`;
  return role === 'viewer' ? `${whose} You can view it.` : `${whose} You can draw on it.`;
}
