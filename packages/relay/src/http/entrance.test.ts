/** Which answers can change later, in open mode, on fakes of boards and identities. */

import { expect, it } from 'vitest';
import type { BoardAccess } from '../access/board-types.ts';
import type { Admission, AuthorizeAnswer } from '../ports/authorize.ts';
import { createEntrance } from './entrance.ts';
import type { Identity } from './identity.ts';

const BOARD_ID = 'A'.repeat(22);

/** @returns Lets a client in, in open mode. Its token is its user id; `access` is read anew for each recheck. */
function entrance(access: (room: string, userId: string) => BoardAccess): (room: string, token: string) => Promise<AuthorizeAnswer> {
  const identity = {
    mode: 'open',
    entering: async ({ token }: { token: string }) =>
      token === '' ? { ok: false, reason: 'token_missing', method: 'guest' } : { ok: true, user: { id: token }, method: 'guest' },
  } as unknown as Identity;
  const enter = createEntrance({
    identity,
    boards: { watch: async (room, userId) => ({ ...access(room, userId), recheck: async () => access(room, userId) }) },
    isErased: async () => false,
    onSeen: () => undefined,
    onUnavailable: () => undefined,
  });
  return (room, token) => enter({ room, token, isExtension: true, url: new URL('ws://relay/'), headers: {} });
}

async function letIn(answer: Promise<AuthorizeAnswer>): Promise<Admission> {
  const given = await answer;
  if (!given.ok) throw new Error(`refused: ${given.code}`);
  return given;
}

it('[HT1] open mode: a client without an id is not rechecked in a room that can never become a board', async () => {
  const enter = entrance(() => ({ isBoard: false, role: null, isSuspended: false }));
  expect((await letIn(enter('room-1', ''))).recheck).toBeUndefined();
});

it('[HT1] open mode: a client without an id is rechecked in a room that may become a board, and refused when it has', async () => {
  let isBoard = false;
  const enter = entrance(() => ({ isBoard, role: null, isSuspended: false }));
  const { recheck } = await letIn(enter(BOARD_ID, ''));
  expect(await recheck?.()).toEqual({ ok: true, role: 'editor' });
  isBoard = true;
  expect(await recheck?.()).toEqual({ ok: false, code: 'UNAUTHENTICATED', reason: 'token_missing' });
});

it('[HT1] open mode: a user with an id is rechecked in every room, and refused when suspended, alone', async () => {
  const suspended = new Set<string>();
  const enter = entrance((_, userId) => ({ isBoard: false, role: null, isSuspended: suspended.has(userId) }));
  const [ana, ben] = [await letIn(enter('room-1', 'ana')), await letIn(enter('room-1', 'ben'))];
  suspended.add('ana');
  expect(await ana.recheck?.()).toEqual({ ok: false, code: 'FORBIDDEN', reason: 'suspended' });
  expect(await ben.recheck?.()).toEqual({ ok: true, role: 'editor' });
});
