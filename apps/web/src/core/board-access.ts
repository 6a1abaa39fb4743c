/**
 * What this device remembers of its access to one board, beside the board itself: whether it still has to be claimed, the
 * link that it is to be opened with, and the role that the relay said last, so that a viewer is one without a network too.
 */
import type { BoardId } from './board-id.ts';
import type { Role } from './board-info.ts';
import { isLinkKey, type LinkKey } from './fragment.ts';
import type { KeyValue } from './key-value.ts';

export interface BoardAccess {
  /** Made here, and the relay does not know yet whose it is. */
  mustClaim: boolean;
  /** To be presented before the next connection. */
  linkKey: LinkKey | null;
  /** Null: never heard. */
  role: Role | null;
}

const NOTHING: BoardAccess = { mustClaim: false, linkKey: null, role: null };

export function readAccess(facts: KeyValue, boardId: BoardId): BoardAccess {
  const stored = facts.read(keyOf(boardId));
  if (typeof stored !== 'object' || stored === null) return NOTHING;
  const { mustClaim, linkKey, role } = stored as Partial<Record<keyof BoardAccess, unknown>>;
  return {
    mustClaim: mustClaim === true,
    linkKey: isLinkKey(linkKey) ? linkKey : null,
    role: role === 'viewer' || role === 'editor' || role === 'owner' ? role : null,
  };
}

/** Writes only what differs: the role is heard with every connection. */
export function changeAccess(facts: KeyValue, boardId: BoardId, change: Partial<BoardAccess>): void {
  const before = readAccess(facts, boardId);
  const after = { ...before, ...change };
  if (JSON.stringify(after) !== JSON.stringify(before)) facts.write(keyOf(boardId), after);
}

function keyOf(boardId: BoardId): string {
  return `wetink.access.${boardId}`;
}
