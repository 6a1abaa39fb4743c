/** The one link that the share dialog offers, and the role it gives. Pure. */
import type { BoardInfo, BoardLink, GivenRole } from './board-info.ts';

/**
 * `address`: the board's plain address, which gives `role` to everybody who knows it.
 * `key`: one with a secret behind it; `link` is null before it was made.
 */
export type OfferedLink = { kind: 'address'; role: GivenRole } | { kind: 'key'; role: GivenRole; link: BoardLink | null };

/**
 * @param wanted The role that the link should give. Where the address alone lets everybody draw, no link can give less.
 */
export function offeredLink({ everyone, links }: Pick<BoardInfo, 'everyone' | 'links'>, wanted: GivenRole): OfferedLink {
  if (everyone === 'editor' || everyone === wanted) return { kind: 'address', role: everyone };
  // The newest: further links of this role can only come from another client.
  return { kind: 'key', role: wanted, link: links.findLast(({ role }) => role === wanted) ?? null };
}

/** A link with a secret that works beside the offered one, or null. */
export function otherLink({ links }: Pick<BoardInfo, 'links'>, offered: OfferedLink): GivenRole | null {
  return links.find(({ role }) => role !== offered.role)?.role ?? null;
}
