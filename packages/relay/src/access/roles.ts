/**
 * Who is what on a board. Pure: from the records of a board and of one person to a role.
 *
 *     suspended          nobody, anywhere
 *     owner              owner
 *     removed            nobody, whatever links they have
 *     a role of their own, given by the owner
 *     a link that the board still has, or what everyone is: the higher of the two
 */

import type { Role } from '@wetink/protocol';

/** What the owner can give away. */
export type GivenRole = Exclude<Role, 'owner'>;
/** What whoever knows the board's id is. */
export type Everyone = GivenRole | 'none';

export interface BoardLink {
  id: string;
  role: GivenRole;
  /** ms since 1970. */
  createdAt: number;
}

export interface BoardFacts {
  /** A user id. */
  owner: string;
  /** ms since 1970. */
  createdAt: number;
  everyone: Everyone;
  links: readonly BoardLink[];
}

export interface MemberFacts {
  /** Given by the owner to this person. */
  role?: GivenRole;
  /** Id of the link they came by. It counts for as long as the board has it. */
  link?: string;
  /** Sent away by the owner: links no longer count. */
  isRemoved?: true;
  /** ms since 1970. */
  since: number;
}

export interface RoleQuestion {
  /** Null: there is no such board. */
  board: BoardFacts | null;
  /** '' is nobody in particular, who is never anything on a board. */
  userId: string;
  member: MemberFacts | null;
  isSuspended: boolean;
}

const heights: Readonly<Record<Everyone | Role, number>> = { none: 0, viewer: 1, editor: 2, owner: 3 };

/** @returns Null for nobody. */
export function effectiveRole({ board, userId, member, isSuspended }: RoleQuestion): Role | null {
  if (board === null || userId === '' || isSuspended) return null;
  if (board.owner === userId) return 'owner';
  if (member?.isRemoved === true) return null;
  if (member?.role !== undefined) return member.role;
  const byLink = board.links.find(({ id }) => id === member?.link)?.role ?? 'none';
  const role = isHigher(byLink, board.everyone) ? byLink : board.everyone;
  return role === 'none' ? null : role;
}

/** Whether the first may do more than the second. */
export function isHigher(role: Everyone | Role | null, other: Everyone | Role | null): boolean {
  return heights[role ?? 'none'] > heights[other ?? 'none'];
}

/** By which of the two somebody is a member; null for who is not one (any more). */
export function cameBy(board: BoardFacts, member: MemberFacts): { via: 'direct' } | { via: 'link'; link: BoardLink } | null {
  if (member.isRemoved === true || member.role !== undefined) return { via: 'direct' };
  const link = board.links.find(({ id }) => id === member.link);
  return link === undefined ? null : { via: 'link', link };
}
