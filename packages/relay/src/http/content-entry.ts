/**
 * Lets callers into the content of boards, for routes of the embedder: it knows what a document holds, and this package
 * does not. Reading and writing go through `relay.edit`.
 */

import { isBoardId, NO_BOARD } from '../access/board-codec.ts';
import type { Boards } from '../access/board-types.ts';
import { isBotToken, type Bots } from '../access/bots.ts';
import type { EditCallback } from '../edits/edits.ts';
import type { User } from '../identity/answer.ts';
import type { Relay } from '../relay.ts';
import { allowed, boardOf } from './board-routes.ts';
import { editFailure } from './edit-failures.ts';
import { ApiFailure, boardFailure, identityFailure } from './failures.ts';
import { bearer } from './identity.ts';
import type { PostKind } from './rates.ts';
import { onBoards, type RoomAccess } from './room-access.ts';
import type { Call } from './routes.ts';

export interface ContentCaller {
  board: string;
  user: User;
  mayEdit: boolean;
}

export interface ContentEntry {
  /** The caller, who has a role on the board of the call's address. @throws {ApiFailure} */
  enter(call: Call): Promise<ContentCaller>;
  /** As `enter`, for a call that adds something. @throws {ApiFailure} Also for viewers. */
  enterToPost(call: Call): Promise<ContentCaller>;
  /** The owner of the board of the call's address. @throws {ApiFailure} For everyone else, and for bots. */
  enterAsOwner(call: Call): Promise<Pick<ContentCaller, 'board' | 'user'>>;
  /** Counts a post of this user. @throws {ApiFailure} `rate_limited` */
  count(kind: PostKind, user: User): Promise<void>;
  /** `relay.edit`. @throws {ApiFailure} For its failures; rethrows those of the callback. */
  edit<Result>(board: string, callback: EditCallback<Result>): Promise<Result>;
}

export interface ContentPorts {
  boards: Pick<Boards, 'accessOf' | 'mayErase'>;
  bots: Pick<Bots, 'find'>;
  relay: Pick<Relay, 'edit'>;
  rooms: RoomAccess;
  posted(kind: PostKind, userId: string): Promise<void>;
}

/** A client that waits longer asks again, with its key. Below the 30 s after which proxies usually give up. */
const EDIT_MS = 10_000;

export function createContentEntry({ boards, bots, relay, rooms, posted }: ContentPorts): ContentEntry {
  /** @throws {ApiFailure} As for any wrong token, also of a bot of another board. */
  const enterAsBot = async ([name = '']: readonly string[], token: string): Promise<ContentCaller> => {
    const board = isBoardId(name) ? name : NO_BOARD;
    const bot = await bots.find(board, token);
    const { role } = await boards.accessOf(board, bot?.by ?? '');
    if (bot === null || role === null) throw identityFailure('token_signature');
    return { board, user: bot.user, mayEdit: role !== 'viewer' };
  };
  const enter = async (call: Call): Promise<ContentCaller> => {
    const token = bearer(call.request.headers);
    if (isBotToken(token)) return enterAsBot(call.params, token);
    const user = await call.user();
    const [name = ''] = call.params;
    const access = await boards.accessOf(isBoardId(name) ? name : NO_BOARD, user.id, onBoards(user));
    const role = isBoardId(name) || rooms.rules.covers(name) ? rooms.role(name, user, access) : null;
    if (role === null) throw boardFailure('board_not_found');
    return { board: name, user, mayEdit: role !== 'viewer' };
  };
  return {
    enter,
    async enterToPost(call) {
      const caller = await enter(call);
      if (!caller.mayEdit) throw new ApiFailure(403, 'read_only', 'viewers may not add anything to this board');
      return caller;
    },
    async enterAsOwner(call) {
      const user = await call.user();
      const board = boardOf(call);
      // The owner alone may erase a board.
      allowed(await boards.mayErase(board, user.id));
      return { board, user };
    },
    count: (kind, { id }) => posted(kind, id),
    async edit(board, callback) {
      try {
        return await relay.edit(board, callback, { signal: AbortSignal.timeout(EDIT_MS) });
      } catch (error) {
        throw editFailure(error);
      }
    },
  };
}
