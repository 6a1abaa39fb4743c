/** Results of the boards, and the ports that they need. roles.ts defines the roles, boards.ts decides. */

import type { Role } from '@wetink/protocol';
import type { Records } from '@wetink/storage';
import type { Environment } from '../ports/environment.ts';
import type { BoardLimits } from './board-limits.ts';
import type { BoardLink, Everyone, GivenRole } from './roles.ts';

/** Facts about users that boards need. */
export interface BoardUsers {
  /** Null for a user never seen. */
  get(userId: string): Promise<{ name?: string; picture?: string } | null>;
  isSuspended(userId: string): Promise<boolean>;
}

export interface BoardsOptions {
  records: Records;
  users: BoardUsers;
  /** At least 32 bytes, the same on every relay: links are derived from it. */
  secret: string;
  environment: Pick<Environment, 'now' | 'schedule'>;
  /** ms since 1970. */
  wallClock(): number;
  /** Unguessable bytes. */
  randomBytes(count: number): Uint8Array;
  /** Ids that no new board gets. Default: none. */
  isReserved?(id: string): boolean;
  limits?: Partial<BoardLimits>;
}

export type BoardFailure =
  /** There is no such board, or none that this user may see. */
  | 'board_not_found'
  /** The user may see the board, and only its owner may do this. */
  | 'not_owner'
  | 'board_exists'
  | 'board_erased'
  | 'too_many_links'
  | 'link_not_found'
  | 'too_many_bots'
  | 'bot_not_found'
  /** No user with that id has ever been here. */
  | 'user_not_found'
  /** The owner's own role changes only by passing the board on. */
  | 'owner_stays'
  /** Others kept changing it at the same time. */
  | 'busy';

export type Outcome<T> = ({ ok: true } & T) | { ok: false; code: BoardFailure };

/** A user's access to a board. */
export interface BoardAccess {
  /** False when the room has no record. */
  isBoard: boolean;
  /** Null for no role. */
  role: Role | null;
  isSuspended: boolean;
}

export interface WatchedBoardAccess extends BoardAccess {
  /** The present role. Costs a share of one read, and one read of the user's own record when the board has changed. */
  recheck(): Promise<BoardAccess>;
}

export interface PersonView {
  id: string;
  name?: string;
  picture?: string;
}

export interface LinkView extends BoardLink {
  /** The key that opens the board: `ID.SECRET`. */
  key: string;
}

export interface MemberView {
  user: PersonView;
  /** `none`: the owner removed this user, and may give a role again. */
  role: GivenRole | 'none';
  via: 'link' | 'direct';
  linkId?: string;
  /** ms since 1970. */
  since: number;
}

export interface BoardView {
  id: string;
  role: Role;
  everyone: Everyone;
  owner: PersonView;
  /** For the owner alone, as are the fields below. */
  links?: LinkView[];
  members?: MemberView[];
  /** Cursor of the next page of members; null on the last page. */
  membersCursor?: string | null;
}

/** Whether an id that a client made is free: no content anywhere, and never erased. */
export type FreeRoom = 'free' | 'taken' | 'erased';

/** A board as an operator sees it. */
export interface ListedBoard {
  id: string;
  /** Null: the board's record cannot be read. */
  facts: { owner: PersonView; everyone: Everyone; links: number; createdAt: number } | null;
  /** It is a conversation, which has a record like a board's and is no operator's to list. */
  isConversation: boolean;
}

export interface Boards {
  /** For operators: all boards, in the order of their ids. @param page.after The last id of the page before. */
  list(page: { prefix?: string; after?: string; limit: number }): Promise<ListedBoard[]>;
  /** @param atLeast Role on every board that the user's token gives; see `roleOnBoards`. Default: none. */
  accessOf(board: string, userId: string, atLeast?: GivenRole | null): Promise<BoardAccess>;
  watch(board: string, userId: string, atLeast?: GivenRole | null): Promise<WatchedBoardAccess>;
  /** @param wanted.id Made by a client that was offline; default: a new one. @param isFree Called with such an id. */
  create(
    userId: string,
    wanted: { id?: string; everyone?: Everyone },
    isFree: (board: string) => Promise<FreeRoom>,
  ): Promise<Outcome<{ board: BoardView; isNew: boolean }>>;
  /** @param options.membersAfter A `membersCursor`. @param options.atLeast As for `accessOf`. */
  view(
    board: string,
    userId: string,
    options?: { membersAfter?: string; atLeast?: GivenRole | null },
  ): Promise<Outcome<{ board: BoardView }>>;
  setEveryone(board: string, userId: string, everyone: Everyone): Promise<Outcome<{ board: BoardView }>>;
  /** @param replaces Id of a link that ends at the same moment. */
  addLink(board: string, userId: string, role: GivenRole, replaces?: string): Promise<Outcome<{ link: LinkView }>>;
  removeLink(board: string, userId: string, linkId: string): Promise<Outcome<{ board: BoardView }>>;
  /** @param key Key as the user gives it. A wrong one is `board_not_found`. */
  join(board: string, userId: string, key: string): Promise<Outcome<{ board: BoardView }>>;
  /** `owner` passes the board on; `none` removes a member until the owner gives a role again. */
  setMember(board: string, userId: string, member: string, role: GivenRole | 'owner' | 'none'): Promise<Outcome<{ board: BoardView }>>;
  /** Whether this user may erase the board. If so, erase the room, then `forget` the board. */
  mayErase(board: string, userId: string): Promise<Outcome<object>>;
  /** Removes all records of a board. Idempotent. */
  forget(board: string): Promise<void>;
}
