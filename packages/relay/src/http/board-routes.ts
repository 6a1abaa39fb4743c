/** Boards over HTTP. The README of apps/relay describes each call; the folder `access` decides who may make it. */

import type { BoardFailure, Boards, FreeRoom } from '../access/board-types.ts';
import { isBoardId, isEveryone, NO_BOARD } from '../access/board-codec.ts';
import type { Relay } from '../relay.ts';
import { bodyInvalid, boardFailure } from './failures.ts';
import { onBoards } from './room-access.ts';
import type { Call, Route } from './routes.ts';

export interface BoardRoutePorts {
  boards: Boards;
  relay: Pick<Relay, 'recheck' | 'erase'>;
  /** Tells whether a room without a record may become a board. */
  isFree(room: string): Promise<FreeRoom>;
  /** @throws {ApiFailure} Too many boards of this user or address. */
  mayMake(call: Call, userId: string): Promise<void>;
  /** A user has a board from now on: one that they made. Never rejects. */
  onMember(userId: string, board: string): Promise<void>;
  /** Removes everything else that is stored for a board. */
  onErased(board: string): Promise<void>;
}

export function boardRoutes({ boards, relay, isFree, mayMake, onMember, onErased }: BoardRoutePorts): Route[] {
  return [
    {
      pattern: '/v1/boards',
      methods: {
        async POST(call) {
          const { id: userId } = await call.user();
          const { id, everyone } = await call.fields();
          if (id !== undefined && (typeof id !== 'string' || !isBoardId(id))) throw bodyInvalid('id must be 22 base64url characters');
          if (everyone !== undefined && !isEveryone(everyone)) throw bodyInvalid('everyone must be none, viewer or editor');
          if (id === undefined || (await boards.accessOf(id, userId)).role !== 'owner') await mayMake(call, userId);
          const wanted = { ...(id === undefined ? {} : { id }), ...(everyone === undefined ? {} : { everyone }) };
          const { board, isNew } = allowed(await boards.create(userId, wanted, isFree));
          if (isNew) relay.recheck({ room: board.id });
          if (isNew) await onMember(userId, board.id);
          return { status: isNew ? 201 : 200, body: { board } };
        },
      },
    },
    {
      pattern: '/v1/boards/:',
      methods: {
        async GET(call) {
          const user = await call.user();
          const asked = { membersAfter: call.query.get('members') ?? '', atLeast: onBoards(user) };
          const { board } = allowed(await boards.view(boardOf(call), user.id, asked));
          return { status: 200, body: { board } };
        },
        async PATCH(call) {
          const { id: userId } = await call.user();
          const { everyone } = await call.fields();
          if (!isEveryone(everyone)) throw bodyInvalid('everyone must be none, viewer or editor');
          const room = boardOf(call);
          const { board } = allowed(await boards.setEveryone(room, userId, everyone));
          relay.recheck({ room });
          return { status: 200, body: { board } };
        },
        async DELETE(call) {
          const { id: userId } = await call.user();
          const room = boardOf(call);
          allowed(await boards.mayErase(room, userId));
          // The document goes first: without the record, no owner could repeat a call that failed halfway.
          await relay.erase(room);
          await onErased(room);
          relay.recheck({ room });
          return { status: 200, body: { id: room, erased: true } };
        },
      },
    },
  ];
}

/** The board of a call's address; `NO_BOARD` when the name cannot be that of a board, so that both get the same answer. */
export function boardOf({ params: [id = ''] }: Call): string {
  return isBoardId(id) ? id : NO_BOARD;
}

/** @throws {ApiFailure} The outcome is a failure. */
export function allowed<T extends { ok: true }>(outcome: T | { ok: false; code: BoardFailure }): T {
  if (!outcome.ok) throw boardFailure(outcome.code);
  return outcome;
}
