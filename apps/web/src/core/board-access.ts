/**
 * What this device remembers of its access to one board, beside the board itself: whether it still has to be claimed, the
 * link that it is to be opened with, the role that the relay said last, so that a viewer is one without a network too, and which
 * links were turned off here.
 */
import type { BoardId } from './board-id.ts';
import { isGivenRole, type GivenRole, type Role } from './board-info.ts';
import { isLinkKey, type LinkKey } from './fragment.ts';
import type { KeyValue } from './key-value.ts';

export interface BoardAccess {
  /** Made here, and the relay does not know yet whose it is. */
  mustClaim: boolean;
  /** To be presented before the next connection. */
  linkKey: LinkKey | null;
  /** Null: never heard. */
  role: Role | null;
  /** Links that I turned off, if any: they are made again when I ask for them, and not because I look. */
  linksOff?: readonly GivenRole[];
  /** The relay said last that I may not enter. */
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

/** Writes only what differs: the role is heard with every connection. */
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
