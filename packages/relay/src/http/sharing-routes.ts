/** Links and members of a board over HTTP. After each change the relay rechecks the connections that it concerns. */

import type { Role } from '@wetink/protocol';
import type { Boards } from '../access/board-types.ts';
import { isGivenRole } from '../access/board-codec.ts';
import type { User } from '../identity/answer.ts';
import { isUserId } from '../identity/user-claims.ts';
import type { Relay } from '../relay.ts';
import { allowed, boardOf } from './board-routes.ts';
import { bodyInvalid, boardFailure } from './failures.ts';
import type { Route } from './routes.ts';

/** A person got another role on a board, from its owner or by a link, or lost theirs. */
export interface RoleChange {
  board: string;
  /** The owner who changed it; the person who came by a link. */
  by: User;
  member: string;
  before: Role | null;
  role: Role | null;
}

export interface SharingHooks {
  /** The owner changed a role. Awaited before the answer. Never rejects. */
  onRole(change: RoleChange): Promise<void>;
  /** A link gave a role. Awaited before the answer. Never rejects. */
  onJoined(change: RoleChange): Promise<void>;
}

export function sharingRoutes(boards: Boards, relay: Pick<Relay, 'recheck'>, { onRole, onJoined }: SharingHooks): Route[] {
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
          const user = await call.user();
          const userId = user.id;
          const { link } = await call.fields();
          if (typeof link !== 'string') throw bodyInvalid('link must be the part after k= in a link');
          const room = boardOf(call);
          const { role: before } = await boards.accessOf(room, userId);
          const { board } = allowed(await boards.join(room, userId, link));
          relay.recheck({ userId });
          if (before !== board.role) await onJoined({ board: room, by: user, member: userId, before, role: board.role });
          return { status: 200, body: { board } };
        },
      },
    },
    {
      pattern: '/v1/boards/:/members/:',
      methods: {
        async PUT(call) {
          const user = await call.user();
          const { role } = await call.fields();
          const member = call.params[1] ?? '';
          if (!isGivenRole(role) && role !== 'owner' && role !== 'none') throw bodyInvalid('role must be viewer, editor, owner or none');
          if (!isUserId(member)) throw boardFailure('user_not_found');
          const room = boardOf(call);
          const { role: before } = await boards.accessOf(room, member);
          const { board } = allowed(await boards.setMember(room, user.id, member, role));
          relay.recheck({ room });
          const now = role === 'none' ? null : role;
          if (before !== now) await onRole({ board: room, by: user, member, before, role: now });
          return { status: 200, body: { board } };
        },
      },
    },
  ];
}
