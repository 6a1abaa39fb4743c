/** Bots of a board over HTTP, for its owner. The README of apps/relay describes the calls. */

import type { Boards } from '../access/board-types.ts';
import { MAX_BOT_NAME, type Bots } from '../access/bots.ts';
import { allowed, boardOf } from './board-routes.ts';
import { bodyInvalid } from './failures.ts';
import type { Call, Route } from './routes.ts';

export function botRoutes(boards: Pick<Boards, 'mayErase'>, bots: Bots): Route[] {
  /** The owner alone may erase a board. @throws {ApiFailure} */
  const enter = async (call: Call): Promise<{ board: string; userId: string }> => {
    const { id: userId } = await call.user();
    const board = boardOf(call);
    allowed(await boards.mayErase(board, userId));
    return { board, userId };
  };
  return [
    {
      pattern: '/v1/boards/:/bots',
      methods: {
        async GET(call) {
          const { board } = await enter(call);
          return { status: 200, body: { bots: await bots.list(board) } };
        },
        async POST(call) {
          const { board, userId } = await enter(call);
          const { bot, token } = allowed(await bots.add(board, userId, nameOf(await call.fields())));
          return { status: 201, body: { bot, token } };
        },
      },
    },
    {
      pattern: '/v1/boards/:/bots/:',
      methods: {
        async DELETE(call) {
          const { board } = await enter(call);
          allowed(await bots.remove(board, call.params[1] ?? ''));
          return { status: 200, body: { bots: await bots.list(board) } };
        },
      },
    },
  ];
}

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function nameOf({ name: given }: Record<string, unknown>): string {
  const name = typeof given === 'string' ? given.trim() : '';
  if (name === '' || name.length > MAX_BOT_NAME || UNSEEN.test(name))
    throw bodyInvalid(`name must have 1 to ${MAX_BOT_NAME} visible characters`);
  return name;
}
