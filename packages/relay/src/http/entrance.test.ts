/** Which answers can change later, and what connections with one token share, on fakes of boards. */

import { beforeEach, describe, expect, it } from 'vitest';
import type { BoardAccess } from '../access/board-types.ts';
import { inboxRoomOf } from '../access/inbox-rooms.ts';
import { createRoomRules } from '../access/room-rules.ts';
import type { User } from '../identity/answer.ts';
import { createTickets } from '../identity/tickets.ts';
import type { Admission, AuthorizeAnswer } from '../ports/authorize.ts';
import { createEntrance } from './entrance.ts';
import { createIdentity, type AuthMode, type Identity } from './identity.ts';

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

describe('[HT16] rules for rooms without a record', () => {
  const rules = createRoomRules([
    { prefix: 'public-', allow: 'public', as: 'viewer' },
    { prefix: 'team-', allow: 'signed-in', as: 'editor' },
    { prefix: 'staff-', allow: 'role', role: 'support', as: 'editor' },
    { prefix: 'class-', allow: 'public', as: 'viewer' },
    { prefix: 'class-', allow: 'role', role: 'teacher', as: 'editor' },
  ]);
  let boardRole: BoardAccess | null;
  /** A token is its user's id and roles, such as `ana/teacher`. */
  const entering = async ({ token }: { token: string }) => {
    if (token === '' || token === 'expired')
      return { ok: false, reason: token === '' ? 'token_missing' : 'token_expired', method: 'token' };
    const [id = '', role = ''] = token.split('/');
    return { ok: true, user: { id, ...(role === '' ? {} : { roles: [role] }) }, expiresAtMs: 1, method: 'token' };
  };
  const enter = async (mode: AuthMode, room: string, token: string): Promise<string> => {
    const access = (): BoardAccess => boardRole ?? { isBoard: false, role: null, isSuspended: token.startsWith('sam') };
    const answer = await createEntrance({
      identity: { mode, entering } as unknown as Identity,
      boards: { watch: async () => ({ ...access(), recheck: async () => access() }) },
      rules,
      isErased: async () => false,
      onSeen: () => undefined,
      onUnavailable: () => undefined,
    })({ room, token, isExtension: true, url: new URL('ws://relay/'), headers: {} });
    if (!answer.ok) return answer.reason ?? answer.code;
    const again = (await answer.recheck?.()) ?? answer;
    expect(again).toMatchObject({ ok: true, role: answer.role });
    return answer.role;
  };

  beforeEach(() => (boardRole = null));

  it.each<[AuthMode, string, string, string]>([
    // room, token, outcome
    ['tokens', 'public-hall', '', 'viewer'],
    ['tokens', 'public-hall', 'ana', 'viewer'],
    ['tokens', 'public-hall', 'root/admin', 'editor'],
    ['tokens', 'public-hall', 'expired', 'token_expired'],
    ['tokens', 'public-hall', 'sam', 'suspended'],
    ['tokens', 'team-7', '', 'token_missing'],
    ['tokens', 'team-7', 'ana', 'editor'],
    ['tokens', 'team-7', 'expired', 'token_expired'],
    ['tokens', 'staff-1', 'ana', 'not_allowed'],
    ['tokens', 'staff-1', 'sue/support', 'editor'],
    ['tokens', 'staff-1', 'root/admin', 'editor'],
    ['tokens', 'class-7', '', 'viewer'],
    ['tokens', 'class-7', 'tim/teacher', 'editor'],
    ['tokens', 'class-7', 'sue/support', 'viewer'],
    ['tokens', 'other', 'ana', 'not_allowed'],
    ['tokens', 'other', 'root/admin', 'not_allowed'],
    ['tokens', 'other', '', 'token_missing'],
    ['guests', 'public-hall', '', 'viewer'],
    ['guests', 'other', 'ana', 'not_allowed'],
    ['open', 'public-hall', '', 'viewer'],
    ['open', 'public-hall', 'ana', 'viewer'],
    ['open', 'other', '', 'editor'],
  ])('%s: %s, token "%s": %s', async (mode, room, token, expected) => {
    expect(await enter(mode, room, token)).toBe(expected);
  });

  it('[HT17] each token is judged by its own roles; the answers to an earlier one still hold, until the user is suspended', async () => {
    let isSuspended = false;
    const access = (): BoardAccess => ({ isBoard: false, role: null, isSuspended });
    const ask = (token: string): Promise<AuthorizeAnswer> =>
      createEntrance({
        identity: { mode: 'tokens', entering } as unknown as Identity,
        boards: { watch: async () => ({ ...access(), recheck: async () => access() }) },
        rules,
        isErased: async () => false,
        onSeen: () => undefined,
        onUnavailable: () => undefined,
      })({ room: 'class-7', token, isExtension: true, url: new URL('ws://relay/'), headers: {} });
    const before = await letIn(ask('tim/teacher'));
    expect([before.role, (await letIn(ask('tim'))).role, await before.recheck?.()]).toEqual([
      'editor',
      'viewer',
      { ok: true, role: 'editor' },
    ]);
    isSuspended = true;
    expect(await before.recheck?.()).toEqual({ ok: false, code: 'FORBIDDEN', reason: 'suspended' });
  });

  it('a board whose id begins with a prefix is opened by its record alone', async () => {
    const board = 'public-AAAAAAAAAAAAAAA';
    expect(board).toHaveLength(22);
    boardRole = { isBoard: true, role: null, isSuspended: false };
    expect(await enter('tokens', board, '')).toBe('token_missing');
    expect(await enter('tokens', board, 'ana')).toBe('not_allowed');
    boardRole = { isBoard: true, role: 'editor', isSuspended: false };
    expect(await enter('tokens', board, 'ana')).toBe('editor');
  });
});

it('[HT18] an inbox is open to its user alone, in open mode too, until they are suspended', async () => {
  const suspended = new Set<string>();
  const enter = entrance((_, userId) => ({ isBoard: false, role: null, isSuspended: suspended.has(userId) }));
  const ana = await letIn(enter(inboxRoomOf('ana'), 'ana'));
  expect(ana.role).toBe('editor');
  expect(await enter(inboxRoomOf('ana'), 'ben')).toEqual({ ok: false, code: 'FORBIDDEN', reason: 'not_allowed' });
  expect(await enter(inboxRoomOf('ana'), '')).toEqual({ ok: false, code: 'UNAUTHENTICATED', reason: 'token_missing' });
  expect(await enter(inboxRoomOf(''), '')).toEqual({ ok: false, code: 'UNAUTHENTICATED', reason: 'token_missing' });
  // A name that only looks like an inbox's is nobody's.
  expect(await enter(`inbox-${'A'.repeat(43)}`, 'ana')).toEqual({ ok: false, code: 'FORBIDDEN', reason: 'not_allowed' });
  expect((await letIn(enter('inbox-of-the-team', 'ben'))).role).toBe('editor');
  suspended.add('ana');
  expect(await ana.recheck?.()).toEqual({ ok: false, code: 'FORBIDDEN', reason: 'suspended' });
});

describe('one token of many connections at once', () => {
  const suspended = new Set<string>();
  let answers: { verified: User[]; enter(token: string): Promise<AuthorizeAnswer>; mint(): Promise<string> };

  beforeEach(() => {
    suspended.clear();
    const identity = createIdentity({ mode: 'guests', secret: 's'.repeat(32), tickets: createTickets() });
    const verified: User[] = [];
    const access = (userId: string): BoardAccess => ({ isBoard: true, role: 'editor', isSuspended: suspended.has(userId) });
    const enter = createEntrance({
      identity,
      boards: { watch: async (_, userId) => ({ ...access(userId), recheck: async () => access(userId) }) },
      isErased: async () => false,
      onSeen: (user) => void verified.push(user),
      onUnavailable: () => undefined,
    });
    answers = {
      verified,
      enter: (token) => enter({ room: BOARD_ID, token, isExtension: true, url: new URL('ws://relay/'), headers: {} }),
      mint: async () => (await identity.guests?.mint())?.token ?? '',
    };
  });

  it('[ID8] the token is verified once, each connection gets an admission of its own, and users are not mixed', async () => {
    const { enter, mint, verified } = answers;
    const [ana, ben] = [await mint(), await mint()];
    const admissions = await Promise.all([ana, ben, ana, ben].map((token) => letIn(enter(token))));
    expect(admissions[0]?.userId).not.toBe(admissions[1]?.userId);
    expect(admissions.map(({ userId }) => userId)).toEqual([0, 1, 0, 1].map((i) => admissions[i]?.userId));
    expect(new Set(admissions).size).toBe(4);
    // One object for each verification.
    expect(new Set(verified).size).toBe(2);
    await letIn(enter(ana));
    expect(new Set(verified).size).toBe(3);
  });

  it('[ID8] a user who is suspended while the token is verified is refused on every connection', async () => {
    const { enter, mint } = answers;
    const token = await mint();
    const { userId } = await letIn(enter(token));
    const both = [enter(token), enter(token)];
    suspended.add(userId);
    for (const answer of both) expect(await answer).toEqual({ ok: false, code: 'FORBIDDEN', reason: 'suspended' });
  });

  it('[ID8] a token that is refused is refused on every connection, and a good one that comes with it is not', async () => {
    const { enter, mint } = answers;
    const good = await mint();
    const forged = `${good.slice(0, -4)}AAAA`;
    const all = await Promise.all([forged, good, forged].map(enter));
    expect(all.map(({ ok }) => ok)).toEqual([false, true, false]);
  });
});
