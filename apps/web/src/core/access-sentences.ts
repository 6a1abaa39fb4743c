/** Sentences about who may open a board and what became of that. Pure. */
import type { Everyone, GivenRole, Role } from './board-info.ts';
import { nameInSentence } from './sentences.ts';

/** What a role lets one do, as a label. */
export const roleLabels: Readonly<Record<GivenRole, string>> = { viewer: 'Can view', editor: 'Can draw' };

export const everyoneLabels: Readonly<Record<Everyone, string>> = {
  none: 'Only people with a link below',
  viewer: 'Anyone with the board’s address can view',
  editor: 'Anyone with the board’s address can draw',
};

/**
 * What to say when the relay changed what I may do, or '' when nothing changed for me.
 *
 * @param owner Their name, or '' when it is not known. Whoever owns the board is who changes this.
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

/** Why a change of who may open the board was not made. What was there before still holds. */
export function failureSentence(failure: { kind: 'unreachable' } | { kind: 'absent' } | { kind: 'refused'; code: string }): string {
  if (failure.kind === 'unreachable') return 'The server cannot be reached. Nothing was changed.';
  if (failure.kind === 'absent') return 'This server knows nothing of owners and links.';
  return refusals[failure.code] ?? 'The server refused this. Nothing was changed.';
}

const refusals: Readonly<Record<string, string>> = {
  board_not_found: 'This board is not yours to share any more.',
  not_owner: 'Only the owner of this board can change this.',
  link_not_found: 'That link was turned off already.',
  user_not_found: 'The server does not know this person any more.',
  too_many_links: 'This board has as many links as it can have. Turn one off first.',
  owner_stays: 'The owner keeps their role. Make somebody else the owner first.',
};

/** What somebody who shares nothing is told about the board's owner and their own part. */
export function myPartSentence(role: Role, owner: string): string {
  const whose = `${nameInSentence(owner)} owns this board.`;
  return role === 'viewer' ? `${whose} You can view it.` : `${whose} You can draw on it.`;
}

/**
 * Why a board can't be entered, for the notice over it.
 *
 * @param closed.sentence What the relay's error says to people, for codes that are not about access.
 * @param closed.wasOpen It was open on this device before.
 */
export function closedSentence(closed: { code: string; sentence: string; wasOpen: boolean; isLinkRefused: boolean }): {
  title: string;
  what: string;
} {
  switch (closed.code) {
    case 'FORBIDDEN':
    case 'ROOM_NOT_FOUND':
      if (closed.isLinkRefused) return { title: 'This link no longer opens this board.', what: 'Ask its owner for a new one.' };
      return {
        title: closed.wasOpen ? 'You can’t open this board any more.' : 'You can’t open this board.',
        what: 'Ask its owner for a link.',
      };
    case 'ROOM_ERASED':
      return { title: 'This board was deleted.', what: 'Its owner erased it for good.' };
    case 'UNAUTHENTICATED':
      return { title: 'You are not signed in.', what: 'Sign in to open this board.' };
    default:
      return { title: closed.sentence, what: '' };
  }
}
