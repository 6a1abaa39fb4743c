/** Entering rooms: by role, by ticket, and in open mode. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiService } from '../testing/api-service.ts';

const signIn = 'Please sign in to open this board.';
const noAccess = { code: 4403, reason: 'not_allowed: You do not have access to this board.' };
let service: ApiService;

beforeEach(() => (service = new ApiService()));
afterEach(() => service.dispose());

it('[HT1] a ticket is issued only for a room that its user may enter, and access is checked again on use', async () => {
  await service.start();
  const [ana, ben] = [await service.guest('Ana'), await service.guest('Ben')];
  const board = await service.board(ana.token, 'viewer');
  const { body } = await service.post('/v1/tickets', ben.token, { room: board });
  await service.call('PATCH', `/v1/boards/${board}`, ana.token, { everyone: 'none' });
  expect(await service.enterStock(board, body.ticket)).toEqual(noAccess);
  for (const room of [board, 'A'.repeat(22), 'board', 'x'.repeat(600)])
    expect(await service.post('/v1/tickets', ben.token, { room }), room).toMatchObject({
      status: 404,
      body: { error: { code: 'board_not_found' } },
    });
});

it('[HT1] open mode: everyone edits a room that is no board, anonymously, whatever token they send', async () => {
  await service.start({ mode: 'open' });
  expect((await service.call('GET', '/v1/settings', null)).body).toEqual({
    auth: 'guests',
    rooms: 'open',
    tokenUrl: null,
    loginUrl: null,
    imageOrigins: [],
  });
  for (const brought of ['', 'whatever', 'a.b.c'])
    expect(await service.enter('board', brought), brought).toEqual({ userId: '', role: 'editor' });
  for (const brought of [null, 'whatever']) expect(await service.enterStock('board', brought)).toBe('in');
  const ana = await service.guest('Ana');
  expect(await service.enter('board', ana.token)).toEqual({ userId: ana.id, role: 'editor' });
});

it('[HT1] open mode: roles apply to boards', async () => {
  await service.start({ mode: 'open' });
  const [ana, ben] = [await service.guest('Ana'), await service.guest('Ben')];
  const board = await service.board(ana.token, 'none');
  expect(await service.enter(board, ana.token)).toEqual({ userId: ana.id, role: 'owner' });
  expect(await service.enter(board, ben.token)).toEqual(noAccess);
  expect(await service.enter(board, '')).toEqual({ code: 4401, reason: `token_missing: ${signIn}` });
  expect(await service.enterStock(board, null)).toEqual({ code: 4401, reason: `token_missing: ${signIn}` });
  await service.call('PATCH', `/v1/boards/${board}`, ana.token, { everyone: 'viewer' });
  expect(await service.enter(board, ben.token)).toEqual({ userId: ben.id, role: 'viewer' });
});
