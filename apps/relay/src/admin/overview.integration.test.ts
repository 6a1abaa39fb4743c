/** The admin API about a relay as a whole, and its page, on a relay with open sockets. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '@wetink/relay/testing';
import { TestService } from '../testing/service.ts';

const TOKEN = '0123456789abcdef';
let service: TestService;
let ana: { token: string; id: string };
let ben: { token: string; id: string };

beforeEach(async () => {
  service = new TestService();
  await service.start({ WETINK_AUTH: 'guests', WETINK_ADMIN_TOKEN: TOKEN });
  [ana, ben] = [await service.guest('Ana'), await service.guest('Ben')];
});
afterEach(() => service.dispose());

const read = async (path: string): Promise<Record<string, unknown>> =>
  (await service.call('GET', `/v1/admin/${path}`, TOKEN)).body as unknown as Record<string, unknown>;

it('shows the relay, its boards with owners, rooms in memory and open connections', async () => {
  const [mine, other] = [await service.board(ana.token, 'editor'), await service.board(ben.token)];
  await service.post(`/v1/boards/${mine}/links`, ana.token, { role: 'viewer' });
  await service.call('GET', '/v1/me', ben.token);
  const staying = [service.stay(mine, ana.token), service.stay(mine, ben.token)];
  await until(() => staying.every(({ roles }) => roles.length === 1), 'both in');
  expect(await read('status')).toEqual({
    role: 'admin',
    userId: null,
    version: 'test',
    node: null,
    uptimeMs: expect.any(Number),
    hasUsers: true,
    rooms: 1,
    connections: 2,
    unsavedBytes: 0,
    heldBytes: 0,
  });
  const listed = (await read('boards')) as { boards: { id: string }[]; cursor: unknown; counted: string };
  expect([listed.cursor, listed.counted, listed.boards.map(({ id }) => id)]).toEqual([null, 'everywhere', [mine, other].sort()]);
  expect(listed.boards.find(({ id }) => id === mine)).toEqual({
    id: mine,
    owner: { id: ana.id, name: 'Ana' },
    everyone: 'editor',
    links: 1,
    createdAt: expect.stringMatching(/^20.*Z$/),
    people: 2,
    connections: 2,
  });
  expect(await read('rooms')).toEqual({
    rooms: [
      {
        room: mine,
        state: 'ready',
        people: 2,
        connections: 2,
        documentBytes: expect.any(Number),
        pendingBytes: 0,
        unsavedBytes: 0,
        nodes: [],
      },
    ],
    cursor: null,
  });
  const open = (await read('connections')) as { connections: { user: { name: string } }[] };
  expect(open.connections.find(({ user }) => user.name === 'Ana')).toEqual({
    connection: expect.any(Number),
    room: mine,
    ip: '127.0.0.1',
    userAgent: '',
    protocol: 'wetink',
    user: { id: ana.id, name: 'Ana' },
    role: 'owner',
    authentication: 'guest',
    startedAt: expect.stringMatching(/^20.*Z$/),
    durationMs: expect.any(Number),
  });
  expect(((await read(`connections?room=${mine}&user=${encodeURIComponent(ben.id)}`)) as typeof open).connections).toHaveLength(1);
  expect(((await read(`connections?room=${other}`)) as typeof open).connections).toEqual([]);
  // A conversation has a record as well, and is in no list of boards.
  expect((await service.post('/v1/conversations', ana.token, { people: [ben.id] })).status).toBe(201);
  expect(((await read('boards')) as typeof listed).boards.map(({ id }) => id)).toEqual([mine, other].sort());
  for (const one of staying) one.close();
});

it('boards, rooms and connections come in pages, each once', async () => {
  const boards: string[] = [];
  for (let i = 0; i < 5; i++) boards.push(await service.board(ana.token));
  const staying = boards.map((board) => service.stay(board, ana.token));
  await until(() => staying.every(({ roles }) => roles.length === 1), 'all in');
  for (const [name, key] of [
    ['boards', 'id'],
    ['rooms', 'room'],
    ['connections', 'room'],
  ] as const) {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 9; page++) {
      const body = await read(`${name}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...(body[name] as Record<string, string>[]).map((row) => row[key] ?? ''));
      cursor = body['cursor'] as string | null;
    }
    expect([name, seen.length, [...seen].sort()]).toEqual([name, 5, [...boards].sort()]);
  }
  for (const one of staying) one.close();
});

it.each([
  ['GET', 'status', null, 401],
  ['GET', 'status', 'wrong-token-wrong', 403],
  ['POST', 'status', TOKEN, 405],
  ['GET', 'nothing', TOKEN, 404],
  ['GET', '', TOKEN, 404],
  ['GET', 'boards?limit=0', TOKEN, 400],
  ['GET', 'boards?room=x', TOKEN, 400],
  ['GET', 'rooms?prefix=x', TOKEN, 400],
  ['GET', 'connections?cursor=bm9uZQ', TOKEN, 400],
  ['GET', 'connections?cursor=LTE', TOKEN, 400],
])('%s /v1/admin/%s with the token %s answers %i with a sentence', async (method, path, token, status) => {
  const answer = await service.call(method, `/v1/admin/${path}`, token);
  expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringMatching(/ /)]);
});

it('people are found by a part of their name or id in any case, and by suspension, in pages', async () => {
  const names = ['Ána María', 'ANA', 'Anaïs', 'Bo'];
  const people = [ana, ...(await Promise.all(names.slice(1).map((name) => service.guest(name))))];
  const { body: renamed } = await service.post('/v1/guests', ana.token, { name: names[0] });
  for (const { token } of [renamed, ...people.slice(1)]) await service.board(token);
  const find = async (query: string): Promise<string[]> => {
    const found: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 9; page++) {
      const { body } = await service.call('GET', `/v1/users?${query}&limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`, TOKEN);
      const { users, cursor: next } = body as unknown as { users: { name: string }[]; cursor: string | null };
      found.push(...users.map(({ name }) => name));
      cursor = next;
    }
    return found.sort();
  };
  expect(await find('search=ana')).toEqual(['ANA', 'Anaïs']);
  expect(await find(`search=${encodeURIComponent('MARÍA')}`)).toEqual(['Ána María']);
  expect(await find(`search=${encodeURIComponent(ana.id.slice(6))}`)).toEqual(['Ána María']);
  expect(await find('search=nobody')).toEqual([]);
  await service.post(`/v1/users/${encodeURIComponent(people[3]?.id ?? '')}/suspend`, TOKEN);
  expect(await find('suspended=true')).toEqual(['Bo']);
  expect(await find('suspended=true&search=ana')).toEqual([]);
  for (const query of ['suspended=false', `search=${'x'.repeat(129)}`])
    expect((await service.call('GET', `/v1/users?${query}`, TOKEN)).status, query).toBe(400);
});

it('the operator page is served while the admin API is on, with a policy that lets it load nothing else', async () => {
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${service.origin}${path}`, { headers, redirect: 'manual' });
  const page = await get('/admin/');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const policy = page.headers.get('content-security-policy') ?? '';
  for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "trusted-types 'none'", "form-action 'none'"])
    expect(policy).toContain(part);
  expect(policy).not.toMatch(/unsafe|http|data:|blob:/);
  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\son[a-z]+=|\sstyle=/);
  for (const [, file = ''] of html.matchAll(/(?:src|href)="([^"]+)"/g))
    expect([file, (await get(`/admin/${file}`)).status]).toEqual([file, 200]);
  const script = await get('/admin/page.js');
  expect([script.headers.get('content-type'), script.headers.get('x-content-type-options')]).toEqual([
    'text/javascript; charset=utf-8',
    'nosniff',
  ]);
  expect((await get('/admin/page.js', { 'if-none-match': script.headers.get('etag') ?? '' })).status).toBe(304);
  expect([(await get('/admin')).status, (await get('/admin')).headers.get('location')]).toEqual([308, '/admin/']);
  for (const path of [
    '/admin/../package.json',
    '/admin/%2e%2e/package.json',
    '/admin/..%2fpackage.json',
    '/admin//etc/passwd',
    '/admin/index.html/x',
  ])
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  await service.start({ WETINK_AUTH: 'guests' });
  expect((await get('/admin/')).status).toBe(404);
});
