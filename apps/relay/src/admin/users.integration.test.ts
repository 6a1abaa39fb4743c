/** The admin API for users, on a whole relay with open sockets. */

import { until } from '@wetink/relay/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestService } from '../testing/service.ts';

const TOKEN = '0123456789abcdef';
let service: TestService;
let ana: { token: string; id: string };

beforeEach(async () => {
  service = new TestService();
  await service.start({ WETINK_AUTH: 'guests', WETINK_ADMIN_TOKEN: TOKEN });
  ana = await service.guest('Ana');
});
afterEach(() => service.dispose());

const path = (suffix = ''): string => `/v1/users/${encodeURIComponent(ana.id)}${suffix}`;

it('users who were here are listed in pages and found by id', async () => {
  const list = async (query: string): Promise<unknown> => (await service.call('GET', `/v1/users${query}`, TOKEN)).body;
  expect(await list('')).toEqual({ users: [], cursor: null });
  expect((await service.call('GET', path(), TOKEN)).status).toBe(404);
  const ben = await service.guest('Ben');
  for (const { token } of [ana, ben]) await service.board(token);
  const everyone = [ana, ben].map(({ id }, i) => ({
    id,
    name: ['Ana', 'Ben'][i],
    isSuspended: false,
    lastSeenAt: expect.stringMatching(/^20/),
  }));
  everyone.sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(await list('')).toEqual({ users: everyone, cursor: null });
  const first = (await list('?limit=1')) as { users: unknown[]; cursor: string };
  expect(first.users).toEqual(everyone.slice(0, 1));
  expect(await list(`?limit=1&cursor=${first.cursor}`)).toMatchObject({ users: everyone.slice(1) });
  expect(await list('?prefix=guest:')).toMatchObject({ users: everyone });
  expect(await list('?prefix=x')).toMatchObject({ users: [] });
  expect((await service.call('GET', path(), TOKEN)).body).toEqual({ user: everyone.find(({ id }) => id === ana.id) });
});

it('a suspended user is disconnected and enters no room until resumed', async () => {
  const board = await service.board(ana.token);
  const staying = service.stay(board, ana.token);
  await until(() => staying.roles.length === 1, 'Ana to be in');
  expect((await service.post(path('/suspend'), TOKEN)).body).toEqual({ id: ana.id, isSuspended: true });
  await until(() => staying.ended !== null, 'Ana to be sent away');
  expect(staying.ended).toEqual({ code: 4403, reason: expect.stringMatching(/^suspended: /) });
  expect(await service.enter(board, ana.token)).toEqual(staying.ended);
  expect(await service.call('GET', `/v1/boards/${board}`, ana.token)).toMatchObject({
    status: 403,
    body: { error: { code: 'suspended' } },
  });
  expect((await service.post(path('/resume'), TOKEN)).body).toEqual({ id: ana.id, isSuspended: false });
  expect(await service.enter(board, ana.token)).toEqual({ userId: ana.id, role: 'owner' });
  expect(service.log).toMatch(/"action":"suspend","msg":"user administered"/);
});

it('open mode: a suspended user cannot enter any room', async () => {
  await service.start({ WETINK_AUTH: 'open', WETINK_ADMIN_TOKEN: TOKEN });
  const staying = service.stay('plain-room', ana.token);
  await until(() => staying.roles.length === 1, 'Ana to be in');
  await service.post(path('/suspend'), TOKEN);
  await until(() => staying.ended !== null, 'Ana to be sent away');
  expect(staying.ended).toEqual({ code: 4403, reason: expect.stringMatching(/^suspended: /) });
  for (const room of ['plain-room', 'B'.repeat(22)]) expect(await service.enter(room, ana.token)).toEqual(staying.ended);
  await service.post(path('/resume'), TOKEN);
  expect(await service.enter('plain-room', ana.token)).toEqual({ userId: ana.id, role: 'editor' });
});

it('a disconnected user may come back', async () => {
  const board = await service.board(ana.token);
  const staying = service.stay(board, ana.token);
  await until(() => staying.roles.length === 1, 'Ana to be in');
  await service.post(path('/disconnect'), TOKEN);
  await until(() => staying.ended !== null, 'Ana to be disconnected');
  expect(staying.ended).toEqual({ code: 4401, reason: expect.stringMatching(/^disconnected: /) });
  expect(await service.enter(board, ana.token)).toEqual({ userId: ana.id, role: 'owner' });
});

it('a room erased by the operator leaves no board behind', async () => {
  const board = await service.board(ana.token);
  expect((await service.call('DELETE', `/v1/rooms/${board}`, TOKEN)).status).toBe(200);
  expect((await service.call('GET', `/v1/boards/${board}`, ana.token)).status).toBe(404);
});

it('the admin API for users refuses other tokens, methods and paths', async () => {
  for (const token of [null, ana.token]) expect((await service.call('GET', '/v1/users', token)).status).toBe(token === null ? 401 : 403);
  const cases: [string, string, number, string][] = [
    ['POST', '/v1/users', 405, 'method_not_allowed'],
    ['DELETE', path(), 405, 'method_not_allowed'],
    ['GET', path('/suspend'), 405, 'method_not_allowed'],
    ['POST', path('/promote'), 404, 'not_found'],
    ['POST', path('/suspend/x'), 404, 'not_found'],
    ['GET', '/v1/users/%ff', 400, 'address_invalid'],
    ['GET', `/v1/users/${'x'.repeat(129)}`, 400, 'address_invalid'],
    ['GET', '/v1/users?limit=0', 400, 'query_invalid'],
    ['GET', '/v1/users?name=x', 400, 'query_invalid'],
  ];
  for (const [method, target, status, code] of cases)
    expect(await service.call(method, target, TOKEN), `${method} ${target}`).toMatchObject({ status, body: { error: { code } } });
});
