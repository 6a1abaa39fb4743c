/**
 * The role of a client in a room, by what is known of the room and of the client. Pure.
 *
 *     1. a suspended user         nothing
 *     2. the room is a board      the user's role on it, by its record and the user's claims; none without an id
 *     3. an inbox                 its own user edits; no claim and no rule lets in another
 *     4. a rule covers its name   what the rule says; at least the role that the user's claims give on every board
 *     5. otherwise                open mode: everyone edits; else nothing
 */

import type { Role } from '@wetink/protocol';
import type { BoardAccess } from '../access/board-types.ts';
import { inboxRoomOf, isInboxRoom } from '../access/inbox-rooms.ts';
import { higher, roleOnBoards, type GivenRole } from '../access/roles.ts';
import type { RoomRules } from '../access/room-rules.ts';
import type { User } from '../identity/answer.ts';

export interface RoomAccess {
  /** Anyone may edit a room that is no board and that no rule covers. */
  readonly isOpenMode: boolean;
  readonly rules: RoomRules;
  /**
   * @param user Null: a client without an id.
   * @param access That of this user on the board of this name, with `onBoards(user)`; of a room whose name no board can have, on
   *   no board.
   */
  role(room: string, user: User | null, access: BoardAccess): Role | null;
}

/** Access on a room whose name no board can have. */
export const NOT_A_BOARD: BoardAccess = { isBoard: false, role: null, isSuspended: false };

export function createRoomAccess(isOpenMode: boolean, rules: RoomRules): RoomAccess {
  return {
    isOpenMode,
    rules,
    role(room, user, { isBoard, role, isSuspended }) {
      if (isSuspended) return null;
      if (isBoard) return role;
      if (isInboxRoom(room)) return user !== null && room === inboxRoomOf(user.id) ? 'editor' : null;
      if (!rules.covers(room)) return isOpenMode ? 'editor' : null;
      return higher<GivenRole>(rules.roleIn(room, user === null ? null : (user.roles ?? [])), onBoards(user));
    },
  };
}

/** Role on every board that the user's token gives. */
export function onBoards(user: User | null): GivenRole | null {
  return roleOnBoards(user?.roles);
}
