/**
 * Calls that a client makes before it has a board.
 *
 *     GET  /v1/settings              how this relay identifies users
 *     POST /v1/guests  {secret?, name?}   a guest token; a secret or token keeps the guest's id
 *     GET  /v1/me                    the user that the token names
 *     POST /v1/tickets {room}        a ticket for one room, for clients that can only send ?token=
 */

import type { Boards } from '../access/board-types.ts';
import { isBoardId } from '../access/board-codec.ts';
import { isGuestSecret } from '../identity/guests.ts';
import { ApiFailure, bodyInvalid, boardFailure, identityFailure } from './failures.ts';
import { bearer, type Identity } from './identity.ts';
import { NOT_A_BOARD, onBoards, type RoomAccess } from './room-access.ts';
import type { Route } from './routes.ts';

/** Addresses of the operator's own pages, for clients of a relay that takes the operator's tokens. */
export interface TokenPages {
  /** Where a client fetches `{token}`, with the cookies of that address; null: it has its token from elsewhere. */
  tokenUrl: string | null;
  /** Where a client sends people who have no token; null: nowhere. */
  loginUrl: string | null;
  /** Origins whose pictures of people a client may show. Default: none. */
  imageOrigins?: readonly string[];
}

/** @param identity Null: this relay has no users and no boards. */
export function settingsRoute(identity: Pick<Identity, 'mode'> | null, pages: TokenPages): Route {
  const mode = identity?.mode ?? 'open';
  const body = {
    auth: identity === null ? 'none' : mode === 'tokens' ? 'tokens' : 'guests',
    rooms: mode === 'open' ? 'open' : 'owned',
    tokenUrl: pages.tokenUrl,
    loginUrl: pages.loginUrl,
    imageOrigins: pages.imageOrigins ?? [],
  };
  return { pattern: '/v1/settings', methods: { GET: () => Promise.resolve({ status: 200, body }) } };
}

export function peopleRoutes(identity: Identity, boards: Pick<Boards, 'accessOf'>, rooms: RoomAccess): Route[] {
  return [
    {
      pattern: '/v1/guests',
      methods: {
        async POST({ request, fields }) {
          const { secret, name } = await fields();
          const { guests } = identity;
          if (guests === null) throw new ApiFailure(404, 'guests_off', 'this relay accepts only tokens of its operator');
          if (secret !== undefined && (typeof secret !== 'string' || !isGuestSecret(secret)))
            throw bodyInvalid('secret must be 32 bytes as base64url, without padding');
          const text = typeof name === 'string' ? name : undefined;
          const token = bearer(request.headers);
          const answer =
            secret !== undefined
              ? await guests.enter(secret, text)
              : token === ''
                ? await guests.mint(text)
                : await guests.renew(token, text);
          if (!answer.ok) throw identityFailure(answer.reason);
          return { status: 200, body: { token: answer.token, user: answer.user, expiresAtMs: answer.expiresAtMs } };
        },
      },
    },
    { pattern: '/v1/me', methods: { GET: async (call) => ({ status: 200, body: { user: await call.user() } }) } },
    {
      pattern: '/v1/tickets',
      methods: {
        async POST(call) {
          const { room } = await call.fields();
          const { tickets } = identity;
          if (typeof room !== 'string' || room === '') throw bodyInvalid('a ticket needs {"room": NAME}');
          const user = await call.user();
          const access = isBoardId(room) ? await boards.accessOf(room, user.id, onBoards(user)) : NOT_A_BOARD;
          if (rooms.role(room, user, access) === null) throw boardFailure('board_not_found');
          const who = await identity.verify(bearer(call.request.headers));
          if (!who.ok) throw identityFailure(who.reason);
          return { status: 201, body: await tickets.issue(room, who) };
        },
      },
    },
  ];
}
