/** Boards over HTTP. README.md describes each call; `@wetink/relay/access` decides who may make it. */

import type { Relay } from '@wetink/relay';
import { isBoardId, isEveryone, isGivenRole, NO_BOARD, type Boards, type FreeRoom } from '@wetink/relay/access';
import { isUserId } from '@wetink/relay/identity';
import { bodyInvalid, boardFailure } from './failures.ts';
import type { Call, Route } from './routes.ts';

export interface BoardRoutePorts {
  boards: Boards;
  relay: Pick<Relay, 'recheck' | 'erase'>;
  /** Tells whether a room without a record may become a board. */
  isFree(room: string): Promise<FreeRoom>;
  /** @throws {ApiFailure} Too many boards of this user or address. */
  mayMake(call: Call, userId: string): Promise<void>;
  /** Removes everything else that is stored for a board. */
  onErased(board: string): Promise<void>;
}

export function boardRoutes({ boards, relay, isFree, mayMake, onErased }: BoardRoutePorts): Route[] {
  const boardOf = ({ params: [id = ''] }: Call): string => (isBoardId(id) ? id : NO_BOARD);
  const changed = <T>(room: string, answer: T): T => {
    relay.recheck({ room });
    return answer;
  };

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
          const made = await boards.create(userId, wanted, isFree);
          if (!made.ok) throw boardFailure(made.code);
          const { board, isNew } = made;
          return isNew ? changed(board.id, { status: 201, body: { board } }) : { status: 200, body: { board } };
        },
      },
    },
    {
      pattern: '/v1/boards/:',
      methods: {
        async GET(call) {
          const { id: userId } = await call.user();
          const found = await boards.view(boardOf(call), userId, call.query.get('members') ?? '');
          if (!found.ok) throw boardFailure(found.code);
          return { status: 200, body: { board: found.board } };
        },
        async PATCH(call) {
          const { id: userId } = await call.user();
          const { everyone } = await call.fields();
          if (!isEveryone(everyone)) throw bodyInvalid('everyone must be none, viewer or editor');
          const board = boardOf(call);
          const outcome = await boards.setEveryone(board, userId, everyone);
          if (!outcome.ok) throw boardFailure(outcome.code);
          return changed(board, { status: 200, body: { board: outcome.board } });
        },
        async DELETE(call) {
          const { id: userId } = await call.user();
          const board = boardOf(call);
          const may = await boards.mayErase(board, userId);
          if (!may.ok) throw boardFailure(may.code);
          // The document goes first: without the record, no owner could repeat a call that failed halfway.
          await relay.erase(board);
          await onErased(board);
          return changed(board, { status: 200, body: { id: board, erased: true } });
        },
      },
    },
    {
      pattern: '/v1/boards/:/links',
      methods: {
        async POST(call) {
          const { id: userId } = await call.user();
          const { role, replaces } = await call.fields();
          if (!isGivenRole(role)) throw bodyInvalid('role must be viewer or editor');
          if (replaces !== undefined && typeof replaces !== 'string') throw bodyInvalid('replaces must be the id of a link');
          const board = boardOf(call);
          const outcome = await boards.addLink(board, userId, role, replaces);
          if (!outcome.ok) throw boardFailure(outcome.code);
          return changed(board, { status: 201, body: { link: outcome.link } });
        },
      },
    },
    {
      pattern: '/v1/boards/:/links/:',
      methods: {
        async DELETE(call) {
          const { id: userId } = await call.user();
          const board = boardOf(call);
          const outcome = await boards.removeLink(board, userId, call.params[1] ?? '');
          if (!outcome.ok) throw boardFailure(outcome.code);
          return changed(board, { status: 200, body: { board: outcome.board } });
        },
      },
    },
    {
      pattern: '/v1/boards/:/join',
      methods: {
        async POST(call) {
          const { id: userId } = await call.user();
          const { link } = await call.fields();
          if (typeof link !== 'string') throw bodyInvalid('link must be the part after k= in a link');
          const board = boardOf(call);
          const outcome = await boards.join(board, userId, link);
          if (!outcome.ok) throw boardFailure(outcome.code);
          relay.recheck({ userId });
          return { status: 200, body: { board: outcome.board } };
        },
      },
    },
    {
      pattern: '/v1/boards/:/members/:',
      methods: {
        async PUT(call) {
          const { id: userId } = await call.user();
          const { role } = await call.fields();
          const member = call.params[1] ?? '';
          if (!isGivenRole(role) && role !== 'owner' && role !== 'none') throw bodyInvalid('role must be viewer, editor, owner or none');
          if (!isUserId(member)) throw boardFailure('user_not_found');
          const board = boardOf(call);
          const outcome = await boards.setMember(board, userId, member, role);
          if (!outcome.ok) throw boardFailure(outcome.code);
          return changed(board, { status: 200, body: { board: outcome.board } });
        },
      },
    },
  ];
}
