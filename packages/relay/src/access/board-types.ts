/** What boards answer, and what they ask of others. Who may what is in roles.ts, how it is decided in boards.ts. */

import type { Role } from '@wetink/protocol';
import type { Records } from '@wetink/storage';
import type { Environment } from '../ports/environment.ts';
import type { AccessLimits } from './limits.ts';
import type { BoardLink, Everyone, GivenRole } from './roles.ts';

/** What boards ask about people. */
export interface BoardUsers {
  /** Null for somebody never seen. */
  get(userId: string): Promise<{ name?: string; picture?: string } | null>;
  isSuspended(userId: string): Promise<boolean>;
}

export interface BoardsOptions {
  records: Records;
  users: BoardUsers;
  /** At least 32 bytes, the same on every relay: links are made with it. */
  secret: string;
  environment: Pick<Environment, 'now' | 'schedule'>;
  /** ms since 1970. */
  wallClock(): number;
  /** Unguessable bytes. */
  randomBytes(count: number): Uint8Array;
  limits?: Partial<AccessLimits>;
}

export type BoardFailure =
  /** There is none, or none that this person may see. */
  | 'board_not_found'
  /** They may see it, and only its owner may do this. */
  | 'not_owner'
  | 'board_exists'
  | 'board_erased'
  | 'too_many_links'
  | 'link_not_found'
  /** Nobody of that id has ever been here. */
  | 'user_not_found'
  /** The owner's own role changes only by passing the board on. */
  | 'owner_stays'
  /** Others changed it at the same time, again and again. */
  | 'busy';

export type Outcome<T> = ({ ok: true } & T) | { ok: false; code: BoardFailure };

export interface Standing {
  /** False: the room has no record. */
  isBoard: boolean;
  /** Null: nothing. */
  role: Role | null;
  isSuspended: boolean;
}

export interface WatchedStanding extends Standing {
  /** How it is now. Costs a share of one read, and one of the person's own when the board has changed. */
  recheck(): Promise<Standing>;
}

export interface PersonView {
  id: string;
  name?: string;
  picture?: string;
}

export interface LinkView extends BoardLink {
  /** What opens the board: `ID.SECRET`. */
  key: string;
}

export interface MemberView {
  user: PersonView;
  /** `none`: was sent away, and may be given a role again. */
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
  /** For the owner alone, like what follows. */
  links?: LinkView[];
  members?: MemberView[];
  /** Where the next page of members begins; null on the last. */
  membersCursor?: string | null;
}

/** Whether an id that a client made up is still nobody's: no content anywhere, and never erased. */
export type FreeRoom = 'free' | 'taken' | 'erased';

export interface Boards {
  standing(board: string, userId: string): Promise<Standing>;
  watch(board: string, userId: string): Promise<WatchedStanding>;
  /** @param wanted.id By a client that was offline; one of ours otherwise. @param isFree Asked about such an id. */
  create(
    userId: string,
    wanted: { id?: string; everyone?: Everyone },
    isFree: (board: string) => Promise<FreeRoom>,
  ): Promise<Outcome<{ board: BoardView; isNew: boolean }>>;
  /** @param membersAfter A `membersCursor`. */
  view(board: string, userId: string, membersAfter?: string): Promise<Outcome<{ board: BoardView }>>;
  setEveryone(board: string, userId: string, everyone: Everyone): Promise<Outcome<{ board: BoardView }>>;
  /** @param replaces Id of a link that ends in the same moment. */
  addLink(board: string, userId: string, role: GivenRole, replaces?: string): Promise<Outcome<{ link: LinkView }>>;
  removeLink(board: string, userId: string, linkId: string): Promise<Outcome<{ board: BoardView }>>;
  /** @param key As somebody presents it. A wrong one is `board_not_found`. */
  join(board: string, userId: string, key: string): Promise<Outcome<{ board: BoardView }>>;
  /** `owner` passes the board on, `none` sends somebody away, until they are given a role again. */
  setMember(board: string, userId: string, member: string, role: GivenRole | 'owner' | 'none'): Promise<Outcome<{ board: BoardView }>>;
  /** May this person erase it? Then erase the room, and `forget` the board. */
  mayErase(board: string, userId: string): Promise<Outcome<object>>;
  /** Removes everything that is known of a board. Idempotent. */
  forget(board: string): Promise<void>;
}
