/** Sentences of the share dialog: what a role and a link give, and my own part. Pure. */
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

/** The board's owner and my own role, for a person who cannot share the board. */
export function myPartSentence(role: Role, owner: string): string {
  const whose = `${nameInSentence(owner)} owns this board.`;
  return role === 'viewer' ? `${whose} You can view it.` : `${whose} You can draw on it.`;
}
