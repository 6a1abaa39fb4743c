/** Sentences of the share dialog: what a role and a link give, and my own part. Pure. */
import * as m from '$words/share-sentences';
import type { Everyone, GivenRole, RelaySettings, Role } from './board-info.ts';
import { nameInSentence } from './sentences.ts';

/** Label of a role: its permission in words. */
export const roleLabels: Readonly<Record<GivenRole, string>> = { viewer: m.canView(), editor: m.canDraw() };

export const everyoneLabels: Readonly<Record<Everyone, string>> = {
  none: m.onlyInvited(),
  viewer: m.anyoneViews(),
  editor: m.anyoneDraws(),
};

/** The permission that a link gives, shown under it. @param auth Null: not known. */
export function linkSentence(role: GivenRole, auth: RelaySettings['auth'] | null): string {
  const isView = role === 'viewer';
  if (auth === 'tokens') return isView ? m.signedInViews() : m.signedInDraws();
  if (auth === null) return isView ? m.linkViews() : m.linkDraws();
  return isView ? m.freeViews() : m.freeDraws();
}

/** The board's owner and my own role, for a person who cannot share the board. */
export function myPartSentence(role: Role, owner: string): string {
  const names = { owner: nameInSentence(owner) };
  return role === 'viewer' ? m.youView(names) : m.youDraw(names);
}
