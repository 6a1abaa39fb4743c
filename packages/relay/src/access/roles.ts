/**
 * The role of a user on a board. Pure: computed from the records of the board and of the user.
 *
 *     suspended          no role, on any board
 *     owner              owner
 *     removed            no role, whatever links they have
 *     a role of their own, given by the owner
 *     a link that the board still has, or the role of everyone: the higher of the two
 *
 * An operator's token may give a role on every board (`roleOnBoards`): it counts when it is higher than what the last
 * three lines give.
 */

import type { Role } from '@wetink/protocol';

/** Roles that the owner can give. */
export type GivenRole = Exclude<Role, 'owner'>;
/** Role of everyone who knows the board's id. */
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
  /**
   * A conversation and no board: it has members and no owner ('' above). `group`, or the key of its two people. Roles by claim
   * do not count there.
   */
  conversation?: string;
}

export interface MemberFacts {
  /** Role that the owner gave to this user. */
  role?: GivenRole;
  /** Id of the link that the user came by. It counts for as long as the board has it. */
  link?: string;
  /** The owner removed this user: links no longer count. */
  isRemoved?: true;
  /** ms since 1970. */
  since: number;
}

export interface RoleQuestion {
  /** Null when there is no such board. */
  board: BoardFacts | null;
  /** '' for a client without a user id, which never has a role on a board. */
  userId: string;
  member: MemberFacts | null;
  isSuspended: boolean;
  /** Role on every board that the user's token gives. Default: none. */
  atLeast?: GivenRole | null;
}

/** Roles by claim that concern every board. Other roles get their meaning from room rules. */
export const ADMIN = 'admin';
export const SUPPORT = 'support';

const heights: Readonly<Record<Everyone | Role, number>> = { none: 0, viewer: 1, editor: 2, owner: 3 };

/** @returns Null for no role. */
export function effectiveRole(question: RoleQuestion): Role | null {
  const { board, userId, isSuspended, atLeast = null } = question;
  if (board === null || userId === '' || isSuspended) return null;
  if (board.owner === userId) return 'owner';
  return board.conversation === undefined ? higher(roleGiven(board, question), atLeast) : roleGiven(board, question);
}

/** Role on every board of a user with these roles by claim. */
export function roleOnBoards(roles: readonly string[] = []): GivenRole | null {
  if (roles.includes(ADMIN)) return 'editor';
  return roles.includes(SUPPORT) ? 'viewer' : null;
}

export function higher<R extends Role>(role: R | null, other: R | null): R | null {
  return isHigher(other, role) ? other : role;
}

/** Role by the board's own record, for a user who is not its owner. */
function roleGiven(board: BoardFacts, { member }: RoleQuestion): GivenRole | null {
  if (member?.isRemoved === true) return null;
  if (member?.role !== undefined) return member.role;
  const byLink = board.links.find(({ id }) => id === member?.link)?.role ?? 'none';
  const role = isHigher(byLink, board.everyone) ? byLink : board.everyone;
  return role === 'none' ? null : role;
}

/** Whether the first role may do more than the second. */
export function isHigher(role: Everyone | Role | null, other: Everyone | Role | null): boolean {
  return heights[role ?? 'none'] > heights[other ?? 'none'];
}

/** How the user is a member: directly or by a link; null for a user who is not one (any more). */
export function cameBy(board: BoardFacts, member: MemberFacts): { via: 'direct' } | { via: 'link'; link: BoardLink } | null {
  if (member.isRemoved === true || member.role !== undefined) return { via: 'direct' };
  const link = board.links.find(({ id }) => id === member.link);
  return link === undefined ? null : { via: 'link', link };
}
