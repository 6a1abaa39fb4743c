/**
 * Who enters a room, and as what: who somebody is, and what the board says about them.
 *
 *     room          open mode                      guests, tokens
 *     a board       its roles, for who has an id   its roles
 *     without       everyone edits                 nobody
 *
 * Whoever may not enter a board gets the answer of a room that is no board. Of a board that was erased everybody who knows
 * its id is told so, as those who were in it at that moment were: somebody who was away is not left asking for a link.
 */

import type { AuthorizeAnswer, AuthorizeRequest } from '@wetink/relay';
import { isBoardId, NO_BOARD, type Boards, type Standing } from '@wetink/relay/access';
import { IdentityUnavailableError, type IdentityReason, type User } from '@wetink/relay/identity';
import type { Entering, Identity } from './identity.ts';

export interface EntrancePorts {
  identity: Identity;
  boards: Pick<Boards, 'watch'>;
  /** Whether the room was erased for good. Asked only about a board's id that has no board. */
  isErased(room: string): Promise<boolean>;
  /** Somebody who is who they say wants to enter. */
  onSeen(user: User): void;
  /** Tokens cannot be checked now. */
  onUnavailable(error: Error): void;
}

type Verdict = { ok: true; role: 'viewer' | 'editor' | 'owner' } | (AuthorizeAnswer & { ok: false });

export function createEntrance(ports: EntrancePorts): (request: AuthorizeRequest) => Promise<AuthorizeAnswer> {
  const { identity, boards } = ports;
  const isOpen = identity.mode === 'open';
  /** @param reason Why somebody has no id; null when they have one. */
  const verdictOn = ({ isBoard, role, isSuspended }: Standing, reason: IdentityReason | null): Verdict => {
    if (isSuspended) return { ok: false, code: 'FORBIDDEN', reason: 'suspended' };
    if (isOpen && !isBoard) return { ok: true, role: 'editor' };
    if (reason !== null) return { ok: false, code: reason === 'not_allowed' ? 'FORBIDDEN' : 'UNAUTHENTICATED', reason };
    return role === null ? { ok: false, code: 'FORBIDDEN', reason: 'not_allowed' } : { ok: true, role };
  };
  /** The verdict, and of a room that may not be entered whether there is nothing left to enter. */
  const verdictFor = async (room: string, standing: Standing, reason: IdentityReason | null): Promise<Verdict> => {
    const verdict = verdictOn(standing, reason);
    const mayBeErased = !verdict.ok && reason === null && !standing.isBoard && !standing.isSuspended && isBoardId(room);
    return mayBeErased && (await ports.isErased(room)) ? { ok: false, code: 'ROOM_ERASED' } : verdict;
  };
  /** A room of another shape cannot have a record, but who comes may be suspended. */
  const watch: Boards['watch'] = async (room, userId) => {
    if (isBoardId(room)) return boards.watch(room, userId);
    if (userId !== '') return boards.watch(NO_BOARD, userId);
    const standing: Standing = { isBoard: false, role: null, isSuspended: false };
    return { ...standing, recheck: () => Promise.resolve(standing) };
  };
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
    const entering = await who(request);
    if (entering === null) return { ok: false, code: 'UNAVAILABLE' };
    const reason = entering.ok ? null : entering.reason;
    // Without an id there is nothing to look up, but in open mode, where the room decides.
    if (reason !== null && !isOpen) return { ok: false, code: reason === 'not_allowed' ? 'FORBIDDEN' : 'UNAUTHENTICATED', reason };
    const userId = entering.ok ? entering.user.id : '';
    const { recheck, ...standing } = await watch(request.room, userId);
    const verdict = await verdictFor(request.room, standing, reason);
    if (!verdict.ok) return verdict;
    const again = async (): Promise<Verdict> => verdictFor(request.room, await recheck(), reason);
    if (!entering.ok) return { ...verdict, userId, method: 'open', recheck: again };
    const { user, expiresAtMs, method } = entering;
    ports.onSeen(user);
    const { name, picture } = user;
    const shown = { ...(name === undefined ? {} : { name }), ...(picture === undefined ? {} : { picture }) };
    return { ...verdict, userId, method, expiresAtMs, user: shown, recheck: again };
  };
}
