/** Roles by claim and rules for rooms, on a whole relay with open sockets. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { decodeFrame, encodeMessage } from '@wetink/protocol';
import { until } from '@wetink/relay/testing';
import { WebSocket } from 'ws';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestService } from '../testing/service.ts';
import { tokenOf, tokenSettings } from '../testing/token-maker.ts';

const settings = { ...tokenSettings, WETINK_ROLES_CLAIM: 'realm_access.roles', WETINK_ADMIN_ROLE: 'wetink-admin' };
const withRoles = (sub: string, ...roles: string[]): string => tokenOf(sub, { realm_access: { roles } });
const admin = withRoles('root', 'wetink-admin');
const support = withRoles('sue', 'support');
const noAccess = { code: 4403, reason: 'not_allowed: You do not have access to this board.' };
let service: TestService;

beforeEach(() => (service = new TestService()));
afterEach(() => service.dispose());

/** Stays in a room, and can send another token. Events: roles, then the end. */
class Refresher {
  readonly events: string[] = [];
  readonly #ws: WebSocket;

  constructor(room: string, token: string) {
    this.#ws = new WebSocket(`${service.origin.replace('http', 'ws')}/${room}?wetink=1`);
    this.#ws.on('message', (data) => {
      for (const message of decodeFrame(new Uint8Array(data as Buffer), { isExtension: true })) {
        if (message.type === 'hello') this.send(token);
        if (message.type === 'welcome') this.events.push(message.role);
      }
    });
    this.#ws.on('close', (code) => this.events.push(`closed ${code}`));
  }

  send(token: string): void {
    this.#ws.send(encodeMessage({ type: 'authenticate', clientId: 7, token }));
  }

  async sees(...events: string[]): Promise<void> {
    await until(() => this.events.length >= events.length, events.join());
    expect(this.events).toEqual(events);
  }

  close(): void {
    this.#ws.terminate();
  }
}

it('[AC14] an admin edits every board and a support views it, over sockets and HTTP; others get the answer of no board', async () => {
  await service.start(settings);
  const board = await service.board(tokenOf('ana'));
  expect(await service.enter(board, admin)).toEqual({ userId: 'root', role: 'editor' });
  expect(await service.enter(board, support)).toEqual({ userId: 'sue', role: 'viewer' });
  expect(await service.enter(board, withRoles('eve', 'admin'))).toEqual(noAccess);
  expect(await service.enter(board, tokenOf('eve', { roles: ['wetink-admin'] }))).toEqual(noAccess);
  expect(await service.enter('B'.repeat(22), admin)).toEqual(noAccess);
  const at = `/v1/boards/${board}`;
  const statuses = async (token: string): Promise<number[]> => {
    const answers = [
      await service.call('GET', at, token),
      await service.post(`${at}/messages`, token, { text: 'hello' }),
      await service.call('GET', `${at}/blobs`, token),
      await service.post('/v1/tickets', token, { room: board }),
      await service.call('PATCH', at, token, { everyone: 'editor' }),
      await service.call('DELETE', at, token),
    ];
    return answers.map(({ status }) => status);
  };
  expect(await statuses(admin)).toEqual([200, 201, 200, 201, 404, 404]);
  expect(await statuses(support)).toEqual([200, 403, 403, 201, 404, 404]);
  expect(await statuses(tokenOf('eve'))).toEqual([404, 404, 404, 404, 404, 404]);
  const { body } = await service.post('/v1/tickets', admin, { room: board });
  expect(await service.enterStock(board, body.ticket)).toBe('in');
  expect((await service.call('GET', '/v1/me', admin)).body).toEqual({ user: { id: 'root', roles: ['admin'] } });
});

it('[HT17] a token without the role takes it away when it comes; a board that needs the role is closed', async () => {
  await service.start(settings);
  const board = await service.board(tokenOf('ana'));
  const open = await service.board(tokenOf('ana'), 'viewer');
  const [here, there] = [new Refresher(open, admin), new Refresher(board, admin)];
  await here.sees('editor');
  await there.sees('editor');
  here.send(withRoles('root', 'support'));
  there.send(withRoles('root', 'support'));
  await here.sees('editor', 'viewer');
  await there.sees('editor', 'viewer');
  here.send(tokenOf('root'));
  there.send(tokenOf('root'));
  await here.sees('editor', 'viewer', 'viewer');
  await there.sees('editor', 'viewer', 'closed 4403');
  here.close();
});

it('[HT17] a suspended admin loses rooms and the admin API', async () => {
  await service.start({ ...settings, WETINK_ADMIN_TOKEN: '0123456789abcdef' });
  const there = new Refresher(await service.board(tokenOf('ana')), admin);
  await there.sees('editor');
  expect((await service.call('GET', '/v1/users', admin)).status).toBe(200);
  await service.post('/v1/users/root/suspend', '0123456789abcdef');
  await there.sees('editor', 'closed 4403');
  expect((await service.call('GET', '/v1/users', admin)).status).toBe(403);
});

it('the admin API: an admin by claim does everything, a support reads, and the log says who acted', async () => {
  await service.start(settings);
  await service.board(tokenOf('ana'));
  const calls = async (token: string | null): Promise<number[]> => {
    const answers = [
      await service.call('GET', '/v1/rooms', token),
      await service.call('GET', '/v1/users/ana', token),
      await service.post('/v1/users/ana/disconnect', token),
      await service.call('DELETE', '/v1/rooms/nothing', token),
    ];
    return answers.map(({ status }) => status);
  };
  expect(await calls(support)).toEqual([200, 200, 403, 403]);
  expect(await calls(tokenOf('ana'))).toEqual([403, 403, 403, 403]);
  expect(await calls(null)).toEqual([401, 401, 401, 401]);
  expect(await calls(admin)).toEqual([200, 200, 200, 200]);
  expect(service.log).toMatch(/"action":"disconnect","by":"root","msg":"user administered"/);
  expect(service.log).toMatch(/"by":"root","msg":"room erased"/);
});

it('guesses of the admin token are limited by address', async () => {
  await service.start({
    WETINK_ADMIN_TOKEN: '0123456789abcdef',
    WETINK_AUTH: 'guests',
    WETINK_TRUSTED_PROXIES: '127.0.0.1',
    WETINK_LIMIT_API_MISSES: '2',
  });
  const from = { 'x-forwarded-for': '203.0.113.9' };
  const guess = async (path: string, token: string): Promise<number> => (await service.call('GET', path, token, undefined, from)).status;
  expect([await guess('/v1/rooms', 'one'), await guess('/metrics', 'two'), await guess('/v1/rooms', 'three')]).toEqual([403, 403, 429]);
  const refused = await service.call('GET', '/v1/rooms', '0123456789abcdef', undefined, from);
  expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.toSatisfy((s: number) => s > 0 && s <= 60)]);
  const elsewhere = await service.call('GET', '/v1/rooms', '0123456789abcdef', undefined, { 'x-forwarded-for': '203.0.113.10' });
  expect(elsewhere.status).toBe(200);
});

it('[HT16] rooms by rule: entering, tickets, pictures and messages follow the same rules, and no board takes such a name', async () => {
  const rules = [
    { prefix: 'public-', allow: 'public', as: 'viewer' },
    { prefix: 'pinboard-', allow: 'public', as: 'editor' },
    { prefix: 'team-', allow: 'signed-in', as: 'editor' },
    { prefix: 'class-', allow: 'role', role: 'teacher', as: 'editor' },
  ];
  await service.start({ ...settings, WETINK_ROOM_RULES: JSON.stringify(rules) });
  const [eve, tim] = [tokenOf('eve'), withRoles('tim', 'teacher')];
  const entered = async (room: string, token: string): Promise<unknown> => {
    const got = await service.enter(room, token);
    return 'role' in got ? got.role : got.code;
  };
  expect(await entered('public-hall', '')).toBe('viewer');
  expect(await service.enterStock('pinboard-1', null)).toBe('in');
  expect(await entered('public-hall', `${eve}x`)).toBe(4401);
  expect([await entered('team-red', ''), await entered('team-red', eve)]).toEqual([4401, 'editor']);
  expect([await entered('class-7b', eve), await entered('class-7b', tim), await entered('class-7b', admin)]).toEqual([
    4403,
    'editor',
    'editor',
  ]);
  const statuses = async (room: string, token: string | null): Promise<number[]> => {
    const answers = [
      await service.post('/v1/tickets', token, { room }),
      await service.post(`/v1/boards/${room}/messages`, token, { text: 'hello' }),
      await service.call('GET', `/v1/boards/${room}/blobs/${'0'.repeat(64)}`, token),
      await service.call('PUT', `/v1/boards/${room}/blobs/${'0'.repeat(64)}`, token, 'no picture'),
    ];
    return answers.map(({ status }) => status);
  };
  // Pictures: 404 for a missing one, 404 (board_not_found) without access, 415 for bytes that are none.
  expect(await statuses('public-hall', eve)).toEqual([201, 403, 404, 403]);
  expect(await statuses('public-hall', null)).toEqual([401, 401, 404, 403]);
  expect(await statuses('pinboard-1', null)).toEqual([
    401,
    401,
    404,
    expect.toSatisfy((status: number) => status === 415 || status === 400),
  ]);
  expect(await statuses('class-7b', tim)).toEqual([201, 201, 404, expect.toSatisfy((status: number) => status === 415 || status === 400)]);
  expect(await statuses('class-7b', eve)).toEqual([404, 404, 404, 404]);
  expect(await statuses('other-1', tim)).toEqual([404, 404, 404, 404]);
  const taken = await service.post('/v1/boards', eve, { id: 'team-AAAAAAAAAAAAAAAAA' });
  expect([taken.status, taken.body.error.code]).toEqual([409, 'board_exists']);
});

it('the page "One relay, several kinds of rooms" of the README is true: each person has the role of the table', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const page = readme.slice(readme.indexOf('## One relay, several kinds of rooms'));
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  await service.start({ WETINK_AUTH: 'guests' });
  await writeFile(join(service.folder, 'rooms.json'), json);
  await service.start({ ...tokenSettings, WETINK_ROLES_CLAIM: 'roles', WETINK_ROOM_RULES: join(service.folder, 'rooms.json') });
  const board = await service.board(tokenOf('ana'));
  const people = ['', tokenOf('eve'), ...['teacher', 'support', 'admin'].map((role) => tokenOf(role, { roles: [role] }))];
  const rows = [...page.matchAll(/^\| (`[a-z0-9-]+`|a board of [^|]*) \|(.*)\|$/gm)].filter(
    ([, , cells = '']) => cells.split('|').length === 5,
  );
  expect(rows).toHaveLength(7);
  for (const [, name = '', cells = ''] of rows) {
    const room = name.startsWith('`') ? name.slice(1, -1) : board;
    const got = await Promise.all(people.map(async (token) => service.enter(room, token)));
    const roles = got.map((entered) => ('role' in entered ? entered.role : 'none'));
    expect([name, ...roles]).toEqual([name, ...cells.split('|').map((cell) => cell.trim())]);
  }
});
