/**
 * Decides who enters a room and in which role, from the user's identity and the board's record.
 *
 *     room              open mode                       guests, tokens
 *     a board           the user's role; none without   the user's role
 *                       a valid token
 *     without a record  everyone edits                  no access
 *
 * A user without access to a board gets the same answer as for a room that is no board. For an erased board, every user
 * who knows its id gets ROOM_ERASED, as the members at the time of the erasure did: a user who was away then does not ask
 * in vain for a link.
 */

import type { BoardAccess, Boards, WatchedBoardAccess } from '../access/board-types.ts';
import { isBoardId, NO_BOARD } from '../access/board-codec.ts';
import { IdentityUnavailableError, type IdentityReason, type User } from '../identity/answer.ts';
import type { AuthorizeAnswer, AuthorizeRequest } from '../ports/authorize.ts';
import type { Entering, Identity } from './identity.ts';

export interface EntrancePorts {
  identity: Identity;
  boards: Pick<Boards, 'watch'>;
  /** Whether the room was erased. Called only for a valid board id without a board. */
  isErased(room: string): Promise<boolean>;
  /** A user with a valid token enters. */
  onSeen(user: User): void;
  /** Tokens cannot be verified at the moment. */
  onUnavailable(error: Error): void;
}

type Decision = { ok: true; role: 'viewer' | 'editor' | 'owner' } | (AuthorizeAnswer & { ok: false });

export function createEntrance(ports: EntrancePorts): (request: AuthorizeRequest) => Promise<AuthorizeAnswer> {
  const { identity, boards } = ports;
  const isOpen = identity.mode === 'open';
  /** @param reason Why the client has no user id; null when it has one. */
  const decideByAccess = ({ isBoard, role, isSuspended }: BoardAccess, reason: IdentityReason | null): Decision => {
    if (isSuspended) return { ok: false, code: 'FORBIDDEN', reason: 'suspended' };
    if (isOpen && !isBoard) return { ok: true, role: 'editor' };
    if (reason !== null) return { ok: false, code: reason === 'not_allowed' ? 'FORBIDDEN' : 'UNAUTHENTICATED', reason };
    return role === null ? { ok: false, code: 'FORBIDDEN', reason: 'not_allowed' } : { ok: true, role };
  };
  /** As `decideByAccess`, but a refusal becomes ROOM_ERASED when the board was erased. */
  const decide = async (room: string, access: BoardAccess, reason: IdentityReason | null): Promise<Decision> => {
    const decision = decideByAccess(access, reason);
    const mayBeErased = !decision.ok && reason === null && !access.isBoard && !access.isSuspended && isBoardId(room);
    return mayBeErased && (await ports.isErased(room)) ? { ok: false, code: 'ROOM_ERASED' } : decision;
  };
  /** A room whose name is no board id has no record, but the user may be suspended. */
  const watch = (room: string, userId: string): Promise<WatchedBoardAccess> => boards.watch(isBoardId(room) ? room : NO_BOARD, userId);
  const who = async (request: AuthorizeRequest): Promise<Entering | null> => {
    try {
      return await identity.entering(request);
    } catch (error) {
      if (!(error instanceof IdentityUnavailableError)) throw error;
      ports.onUnavailable(error);
      return null;
    }
  };

  return async (request) => {
    // The recheck below lives as long as the connection, and would keep the headers of the request for as long.
    const { room } = request;
    const entering = await who(request);
    if (entering === null) return { ok: false, code: 'UNAVAILABLE' };
    const reason = entering.ok ? null : entering.reason;
    // Without an id there is nothing to look up, except in open mode, where a room without an owner is open to all.
    if (reason !== null && !isOpen) return { ok: false, code: reason === 'not_allowed' ? 'FORBIDDEN' : 'UNAUTHENTICATED', reason };
    const userId = entering.ok ? entering.user.id : '';
    // Such a room never becomes a board, and no user can be suspended: there is nothing to ask about, now or again.
    if (!entering.ok && !isBoardId(room)) return { ok: true, role: 'editor', userId, method: 'open' };
    const { recheck, ...access } = await watch(room, userId);
    const decision = await decide(room, access, reason);
    if (!decision.ok) return decision;
    const again = { recheck: async (): Promise<Decision> => decide(room, await recheck(), reason) };
    if (!entering.ok) return { ...decision, userId, method: 'open', ...again };
    const { user, expiresAtMs, method } = entering;
    ports.onSeen(user);
    const { name, picture } = user;
    const shown = { ...(name === undefined ? {} : { name }), ...(picture === undefined ? {} : { picture }) };
    return { ...decision, userId, method, expiresAtMs, user: shown, ...again };
  };
}
