/** Links and members of a board over HTTP. After each change the relay rechecks the connections that it concerns. */

import type { Boards } from '../access/board-types.ts';
import { isGivenRole } from '../access/board-codec.ts';
import { isUserId } from '../identity/user-claims.ts';
import type { Relay } from '../relay.ts';
import { allowed, boardOf } from './board-routes.ts';
import { bodyInvalid, boardFailure } from './failures.ts';
import type { Route } from './routes.ts';

export function sharingRoutes(boards: Boards, relay: Pick<Relay, 'recheck'>): Route[] {
  return [
    {
      pattern: '/v1/boards/:/links',
      methods: {
        async POST(call) {
          const { id: userId } = await call.user();
          const { role, replaces } = await call.fields();
          if (!isGivenRole(role)) throw bodyInvalid('role must be viewer or editor');
          if (replaces !== undefined && typeof replaces !== 'string') throw bodyInvalid('replaces must be the id of a link');
          const room = boardOf(call);
          const { link } = allowed(await boards.addLink(room, userId, role, replaces));
          relay.recheck({ room });
          return { status: 201, body: { link } };
        },
      },
    },
    {
      pattern: '/v1/boards/:/links/:',
      methods: {
        async DELETE(call) {
          const { id: userId } = await call.user();
          const room = boardOf(call);
          const { board } = allowed(await boards.removeLink(room, userId, call.params[1] ?? ''));
          relay.recheck({ room });
          return { status: 200, body: { board } };
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
          const { board } = allowed(await boards.join(boardOf(call), userId, link));
          relay.recheck({ userId });
          return { status: 200, body: { board } };
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
          const room = boardOf(call);
          const { board } = allowed(await boards.setMember(room, userId, member, role));
          relay.recheck({ room });
          return { status: 200, body: { board } };
        },
      },
    },
  ];
}
