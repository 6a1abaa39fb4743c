/**
 * Decides who enters a room and in which role, from the user's identity and the board's record.
 *
 *     room                        open mode                       guests, tokens
 *     a board                     the user's role; none without   the user's role
 *                                 a valid token
 *     an inbox                    its user edits                  its user edits
 *     no board, a rule covers it  what the rule says              what the rule says
 *     any other                   everyone edits                  no access
 *
 * A user without access to a board gets the same answer as for a room that is no board. For an erased board, every user
 * who knows its id gets ROOM_ERASED, as the members at the time of the erasure did: a user who was away then does not ask
 * in vain for a link.
 */

import type { BoardAccess, Boards, WatchedBoardAccess } from '../access/board-types.ts';
import { isBoardId, NO_BOARD } from '../access/board-codec.ts';
import { noRoomRules, type RoomRules } from '../access/room-rules.ts';
import { IdentityUnavailableError, type IdentityReason, type User } from '../identity/answer.ts';
import type { AuthorizeAnswer, AuthorizeRequest } from '../ports/authorize.ts';
import type { Entering, Identity } from './identity.ts';
import { createRoomAccess, NOT_A_BOARD, onBoards } from './room-access.ts';

export interface EntrancePorts {
  identity: Identity;
  boards: Pick<Boards, 'watch'>;
  /** Rules for rooms that are no boards. Default: none. */
  rules?: RoomRules;
  /** Whether the room was erased. Called only for a valid board id without a board. */
  isErased(room: string): Promise<boolean>;
  /** A user with a valid token enters. */
  onSeen(user: User): void;
  /** A user with a valid token enters a board or conversation on which they have a role. Default: nothing. */
  onEntered?(user: User, room: string): void;
  /** Tokens cannot be verified at the moment. */
  onUnavailable(error: Error): void;
}

type Decision = { ok: true; role: 'viewer' | 'editor' | 'owner' } | (AuthorizeAnswer & { ok: false });

export function createEntrance(ports: EntrancePorts): (request: AuthorizeRequest) => Promise<AuthorizeAnswer> {
  const { identity, boards, rules = noRoomRules } = ports;
  const rooms = createRoomAccess(identity.mode === 'open', rules);
  /** @param reason Why the client has no user id; null when it has one. */
  const decideByAccess = (room: string, access: BoardAccess, user: User | null, reason: IdentityReason | null): Decision => {
    if (access.isSuspended) return { ok: false, code: 'FORBIDDEN', reason: 'suspended' };
    const role = rooms.role(room, user, access);
    return role === null ? refusal(reason ?? 'not_allowed') : { ok: true, role };
  };
  /** As `decideByAccess`, but a refusal becomes ROOM_ERASED when the board was erased. */
  const decide = async (room: string, access: BoardAccess, user: User | null, reason: IdentityReason | null): Promise<Decision> => {
    const decision = decideByAccess(room, access, user, reason);
    const mayBeErased = !decision.ok && reason === null && !access.isBoard && !access.isSuspended && isBoardId(room);
    return mayBeErased && (await ports.isErased(room)) ? { ok: false, code: 'ROOM_ERASED' } : decision;
  };
  /** A room whose name is no board id has no record, but the user may be suspended. */
  const watch = (room: string, user: User | null): Promise<WatchedBoardAccess> =>
    boards.watch(isBoardId(room) ? room : NO_BOARD, user?.id ?? '', onBoards(user));
  /** A client with a token that is not valid is no guest of a public room: it gets the reason, fetches another and keeps its role. */
  const mayEnterWithoutId = (room: string, reason: IdentityReason): boolean =>
    rooms.isOpenMode || (reason === 'token_missing' && rules.roleIn(room, null) !== null);
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
    // Without an id there is nothing to look up, except where a room without an owner may be open to all.
    if (reason !== null && !mayEnterWithoutId(room, reason)) return refusal(reason);
    const user = entering.ok ? entering.user : null;
    // Such a room never becomes a board, and no user can be suspended: there is nothing to ask about, now or again.
    if (user === null && !isBoardId(room)) {
      const decision = decideByAccess(room, NOT_A_BOARD, null, reason);
      return decision.ok ? { ...decision, userId: '', method: 'open' } : decision;
    }
    const { recheck, ...access } = await watch(room, user);
    const decision = await decide(room, access, user, reason);
    if (!decision.ok) return decision;
    const again = { recheck: async (): Promise<Decision> => decide(room, await recheck(), user, reason) };
    if (!entering.ok) return { ...decision, userId: '', method: 'open', ...again };
    const { expiresAtMs, method } = entering;
    ports.onSeen(entering.user);
    if (access.isBoard) ports.onEntered?.(entering.user, room);
    const { id: userId, name, picture } = entering.user;
    const shown = { ...(name === undefined ? {} : { name }), ...(picture === undefined ? {} : { picture }) };
    return { ...decision, userId, method, expiresAtMs, user: shown, ...again };
  };
}

function refusal(reason: IdentityReason): AuthorizeAnswer & { ok: false } {
  return { ok: false, code: reason === 'not_allowed' ? 'FORBIDDEN' : 'UNAUTHENTICATED', reason };
}
