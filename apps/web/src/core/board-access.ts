/**
 * This device's memory of its access to one board, beside the board itself: whether it still has to be claimed, the link to
 * open it with, the last role the relay sent (so that a viewer stays one without a network), and the links turned off here.
 */
import type { BoardId } from './board-id.ts';
import { isGivenRole, type GivenRole, type Role } from './board-info.ts';
import { isLinkKey, type LinkKey } from './fragment.ts';
import type { KeyValue } from './key-value.ts';

export interface BoardAccess {
  /** Made here; the relay does not know the owner yet. */
  mustClaim: boolean;
  /** The link to present before the next connection. */
  linkKey: LinkKey | null;
  /** Null: the relay never sent one. */
  role: Role | null;
  /** Roles whose link I turned off, if any: the dialog makes them again when I ask, not when I open it. */
  linksOff?: readonly GivenRole[];
  /** The relay's last answer was that I may not enter. */
  isShut: boolean;
}

const NOTHING: BoardAccess = { mustClaim: false, linkKey: null, role: null, isShut: false };

export function readAccess(facts: KeyValue, boardId: BoardId): BoardAccess {
  const stored = facts.read(keyOf(boardId));
  if (typeof stored !== 'object' || stored === null) return NOTHING;
  const { mustClaim, linkKey, role, isShut, linksOff } = stored as Partial<Record<keyof BoardAccess, unknown>>;
  return {
    mustClaim: mustClaim === true,
    linkKey: isLinkKey(linkKey) ? linkKey : null,
    role: role === 'viewer' || role === 'editor' || role === 'owner' ? role : null,
    isShut: isShut === true,
    ...(Array.isArray(linksOff) ? { linksOff: linksOff.filter(isGivenRole) } : {}),
  };
}

/** Writes only if something differs: every connection brings the role. */
export function changeAccess(facts: KeyValue, boardId: BoardId, change: Partial<BoardAccess>): void {
  const before = readAccess(facts, boardId);
  const after = { ...before, ...change };
  if (JSON.stringify(after) !== JSON.stringify(before)) facts.write(keyOf(boardId), after);
}

export function forgetAccess(facts: KeyValue, boardId: BoardId): void {
  facts.remove(keyOf(boardId));
}

function keyOf(boardId: BoardId): string {
  return `wetink.access.${boardId}`;
}
