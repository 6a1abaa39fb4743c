/** The API for boards, on a relay with open sockets. */

import { createServer, request as httpRequest } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until, type ApiAnswer } from '../testing/api-client.ts';
import { ApiService, type ApiServiceOptions } from '../testing/api-service.ts';
import { createApi } from './api.ts';
import { settingsRoute } from './people-routes.ts';

let service: ApiService;
let ana: { token: string; id: string };
let ben: { token: string; id: string };

beforeEach(async () => {
  service = new ApiService();
  await start();
});
afterEach(() => service.dispose());

async function start(options: ApiServiceOptions = {}): Promise<void> {
  await service.start(options);
  ana = await service.guest('Ana');
  ben = await service.guest('Ben');
}

const noAccess = { code: 4403, reason: 'not_allowed: You do not have access to this board.' };

function codeOf({ status, body }: ApiAnswer): [number, string] {
  return [status, body.error?.code];
}

describe('a board from beginning to end', () => {
  it('[HT4] a board is made, viewed, opened for everyone, shared by link, and erased', async () => {
    const made = await service.post('/v1/boards', ana.token, {});
    expect([made.status, made.body]).toEqual([
      201,
      {
        board: {
          id: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
          role: 'owner',
          everyone: 'none',
          owner: { id: ana.id, name: 'Ana' },
          links: [],
          members: [],
          membersCursor: null,
        },
      },
    ]);
    const { id } = made.body.board;
    expect((await service.call('GET', '/v1/me', ana.token)).body).toEqual({ user: { id: ana.id, name: 'Ana' } });
    expect(codeOf(await service.call('GET', `/v1/boards/${id}`, ben.token))).toEqual([404, 'board_not_found']);

    expect((await service.call('PATCH', `/v1/boards/${id}`, ana.token, { everyone: 'viewer' })).body.board.everyone).toBe('viewer');
    expect((await service.call('GET', `/v1/boards/${id}`, ben.token)).body).toEqual({
      board: { id, role: 'viewer', everyone: 'viewer', owner: { id: ana.id, name: 'Ana' } },
    });
    expect(await service.enter(id, ben.token)).toEqual({ userId: ben.id, role: 'viewer' });
    expect(codeOf(await service.post(`/v1/boards/${id}/links`, ben.token, { role: 'editor' }))).toEqual([403, 'not_owner']);

    const { status, body } = await service.post(`/v1/boards/${id}/links`, ana.token, { role: 'editor' });
    expect([status, body.link.role]).toEqual([201, 'editor']);
    expect((await service.post(`/v1/boards/${id}/join`, ben.token, { link: body.link.key })).body.board.role).toBe('editor');
    expect((await service.call('GET', `/v1/boards/${id}`, ana.token)).body.board).toMatchObject({
      links: [body.link],
      members: [{ user: { id: ben.id, name: 'Ben' }, role: 'editor', via: 'link', linkId: body.link.id }],
    });

    expect(codeOf(await service.call('DELETE', `/v1/boards/${id}`, ben.token))).toEqual([403, 'not_owner']);
    const staying = service.stay(id, ben.token);
    await until(() => staying.roles.length > 0, 'Ben to be in');
    expect((await service.call('DELETE', `/v1/boards/${id}`, ana.token)).body).toEqual({ id, erased: true });
    await until(() => staying.ended !== null, 'Ben to be sent away');
    expect(staying.ended?.reason).toContain('deleted');
    for (const { token } of [ana, ben])
      expect(codeOf(await service.call('GET', `/v1/boards/${id}`, token))).toEqual([404, 'board_not_found']);
    expect(codeOf(await service.post('/v1/boards', ana.token, { id }))).toEqual([410, 'board_erased']);
  });

  it('[HT2] M8: a client that enters a deleted board later reads that it was deleted; for a board that never existed the answer is unchanged', async () => {
    const id = await service.board(ana.token, 'viewer');
    const erased = { code: 4410, reason: expect.stringContaining('deleted') };
    expect((await service.call('DELETE', `/v1/boards/${id}`, ana.token)).body).toEqual({ id, erased: true });
    for (const { token } of [ana, ben]) expect(await service.enter(id, token)).toMatchObject(erased);
    expect(await service.enter('AAAAAAAAAAAAAAAAAAAAAA', ben.token)).toEqual(noAccess);
    // A client without a token gets the same refusal as for any board.
    expect(await service.enter(id, '')).toMatchObject({ code: 4401 });
  });

  it("[HT4] a member's role changes while it is in the room: raised, lowered, revoked by replacing the link, and revoked by the owner", async () => {
    const id = await service.board(ana.token, 'viewer');
    const staying = service.stay(id, ben.token);
    await until(() => staying.roles.length === 1, 'Ben to be in');
    const put = (role: string) => service.call('PUT', `/v1/boards/${id}/members/${encodeURIComponent(ben.id)}`, ana.token, { role });
    expect((await put('editor')).body.board.members).toMatchObject([{ user: { id: ben.id }, role: 'editor', via: 'direct' }]);
    await until(() => staying.roles.length === 2, 'the raised role');
    await put('viewer');
    await until(() => staying.roles.length === 3, 'the lowered role');
    expect(staying.roles).toEqual(['viewer', 'editor', 'viewer']);
    await put('none');
    await until(() => staying.ended !== null, 'Ben to be sent away');
    expect(staying.ended).toEqual(noAccess);
    expect(await service.enter(id, ben.token)).toEqual(noAccess);

    const cleo = await service.guest('Cleo');
    await service.call('PATCH', `/v1/boards/${id}`, ana.token, { everyone: 'none' });
    const { body } = await service.post(`/v1/boards/${id}/links`, ana.token, { role: 'editor' });
    await service.post(`/v1/boards/${id}/join`, cleo.token, { link: body.link.key });
    const drawing = service.stay(id, cleo.token);
    await until(() => drawing.roles.length === 1, 'Cleo to be in');
    const rotated = await service.post(`/v1/boards/${id}/links`, ana.token, { role: 'editor', replaces: body.link.id });
    expect(rotated.body.link.id).not.toBe(body.link.id);
    await until(() => drawing.ended !== null, 'Cleo to be sent away');
    expect(drawing.ended).toEqual(noAccess);
    expect(codeOf(await service.post(`/v1/boards/${id}/join`, cleo.token, { link: body.link.key }))).toEqual([404, 'board_not_found']);
  });

  it('[HT4] a transferred board has the new owner, the old owner edits, and the relay sends both their new roles', async () => {
    const id = await service.board(ana.token, 'viewer');
    const [one, other] = [service.stay(id, ana.token), service.stay(id, ben.token)];
    await until(() => one.roles.length + other.roles.length === 2, 'both to be in');
    await service.call('GET', '/v1/me', ben.token); // Answers once the relay has a record of this user.
    const path = `/v1/boards/${id}/members/${encodeURIComponent(ben.id)}`;
    const { status, body } = await service.call('PUT', path, ana.token, { role: 'owner' });
    expect([status, body.board.role, body.board.owner]).toEqual([200, 'editor', { id: ben.id, name: 'Ben' }]);
    await until(() => one.roles.length + other.roles.length === 4, 'both to receive their new roles');
    expect([one.roles, other.roles]).toEqual([
      ['owner', 'editor'],
      ['viewer', 'owner'],
    ]);
    one.close();
    other.close();
  });

  it('boards and links survive a restart', async () => {
    const id = await service.board(ana.token);
    const { body } = await service.post(`/v1/boards/${id}/links`, ana.token, { role: 'viewer' });
    await service.start();
    expect((await service.post(`/v1/boards/${id}/join`, ben.token, { link: body.link.key })).body.board.role).toBe('viewer');
  });
});

describe('an id that a client made offline', () => {
  it('[AC2] an id made offline becomes a board once, and not when its room has content, in every mode', async () => {
    await start({ mode: 'open' });
    const id = 'AAAAAAAAAAAAAAAAAAAAAA';
    expect((await service.post('/v1/boards', ana.token, { id, everyone: 'viewer' })).status).toBe(201);
    const again = await service.post('/v1/boards', ana.token, { id });
    expect([again.status, again.body.board.everyone]).toEqual([200, 'viewer']);
    expect(codeOf(await service.post('/v1/boards', ben.token, { id }))).toEqual([409, 'board_exists']);

    const drawn = 'BBBBBBBBBBBBBBBBBBBBBB';
    await service.write(drawn, '');
    expect(codeOf(await service.post('/v1/boards', ana.token, { id: drawn }))).toEqual([409, 'board_exists']);
    expect(await service.enter(drawn, '')).toEqual({ userId: '', role: 'editor' });
  });

  it('an anonymous member of an empty room must authenticate once the room becomes a board', async () => {
    await start({ mode: 'open' });
    const id = 'CCCCCCCCCCCCCCCCCCCCCC';
    const staying = service.stay(id, '');
    await until(() => staying.roles.length === 1, 'the anonymous member to be in');
    expect((await service.post('/v1/boards', ana.token, { id })).status).toBe(201);
    await until(() => staying.ended !== null, 'the relay to ask for a token');
    expect(staying.ended?.code).toBe(4401);
  });
});

describe('boards that do not exist, and boards without access', () => {
  it('[HT3] a board that does not exist and one without access get the same answer, byte for byte except the time', async () => {
    const id = await service.board(ana.token);
    const { body } = await service.post(`/v1/boards/${id}/links`, ana.token, { role: 'editor' });
    const missing = 'Z'.repeat(22);
    const all = ({ status, headers, text }: ApiAnswer): object => {
      const named = Object.fromEntries(headers);
      delete named['date'];
      return { status, named, text };
    };
    const calls: ((on: string) => Promise<ApiAnswer>)[] = [
      (on) => service.call('GET', `/v1/boards/${on}`, ben.token),
      (on) => service.call('PATCH', `/v1/boards/${on}`, ben.token, { everyone: 'editor' }),
      (on) => service.call('DELETE', `/v1/boards/${on}`, ben.token),
      (on) => service.post(`/v1/boards/${on}/links`, ben.token, { role: 'editor' }),
      (on) => service.call('DELETE', `/v1/boards/${on}/links/${body.link.id}`, ben.token),
      (on) => service.post(`/v1/boards/${on}/join`, ben.token, { link: `${body.link.id}.${'A'.repeat(22)}` }),
      (on) => service.call('PUT', `/v1/boards/${on}/members/${ben.id}`, ben.token, { role: 'owner' }),
      (on) => service.post('/v1/tickets', ben.token, { room: on }),
    ];
    for (const call of calls) {
      const forbidden = all(await call(id));
      expect(forbidden).toMatchObject({ status: 404, text: expect.stringContaining('board_not_found') });
      for (const other of [missing, 'short', 'x'.repeat(300)]) expect(all(await call(other))).toEqual(forbidden);
    }
    expect(await service.enter(missing, ben.token)).toEqual(await service.enter(id, ben.token));
    expect(await service.enterStock(missing, null)).toEqual(await service.enterStock(id, null));
  });

  it('[HT3] a name that is no board id is answered with 404, whatever boards exist', async () => {
    const made = await service.post('/v1/boards', ana.token, { id: 'A'.repeat(22), everyone: 'editor' });
    expect(made.status).toBe(201);
    const hash = '0'.repeat(64);
    for (const on of ['short', 'with%20space', '.'.repeat(22), 'x'.repeat(300)]) {
      for (const path of [`/v1/boards/${on}`, `/v1/boards/${on}/blobs/${hash}`])
        expect(codeOf(await service.call('GET', path, ben.token)), path).toEqual([404, 'board_not_found']);
    }
    expect(codeOf(await service.post('/v1/boards', ben.token, { id: '.'.repeat(22) }))).toEqual([400, 'body_invalid']);
  });

  it('errors have a code and a message, and 405 lists the allowed methods', async () => {
    const id = await service.board(ana.token);
    const cases: [string, string, string | null, unknown, number, string][] = [
      ['GET', `/v1/boards/${id}`, null, undefined, 401, 'token_missing'],
      ['GET', '/v1/me', 'a.b.c', undefined, 401, 'token_malformed'],
      ['POST', '/v1/boards', ana.token, { id: 'short' }, 400, 'body_invalid'],
      ['POST', '/v1/boards', ana.token, { everyone: 'owner' }, 400, 'body_invalid'],
      ['POST', '/v1/boards', ana.token, '[', 400, 'body_invalid'],
      ['PATCH', `/v1/boards/${id}`, ana.token, {}, 400, 'body_invalid'],
      ['POST', `/v1/boards/${id}/links`, ana.token, { role: 'owner' }, 400, 'body_invalid'],
      ['POST', `/v1/boards/${id}/links`, ana.token, { role: 'viewer', replaces: 'nothing' }, 404, 'link_not_found'],
      ['DELETE', `/v1/boards/${id}/links/nothing`, ana.token, undefined, 404, 'link_not_found'],
      ['POST', `/v1/boards/${id}/join`, ana.token, { link: 1 }, 400, 'body_invalid'],
      ['PUT', `/v1/boards/${id}/members/ben`, ana.token, { role: 'admin' }, 400, 'body_invalid'],
      ['PUT', `/v1/boards/${id}/members/nobody`, ana.token, { role: 'owner' }, 404, 'user_not_found'],
      ['PUT', `/v1/boards/${id}/members/${'x'.repeat(129)}`, ana.token, { role: 'viewer' }, 404, 'user_not_found'],
      ['PUT', `/v1/boards/${id}/members/${ana.id}`, ana.token, { role: 'viewer' }, 409, 'owner_stays'],
      ['PUT', `/v1/boards/${id}/members/%ff`, ana.token, { role: 'viewer' }, 400, 'address_invalid'],
      ['GET', '/v1/boards/', ana.token, undefined, 404, 'not_found'],
      ['GET', `/v1/boards/${id}/nothing`, ana.token, undefined, 404, 'not_found'],
      ['POST', '/v1/settings', null, undefined, 405, 'method_not_allowed'],
      ['PUT', '/v1/boards', ana.token, {}, 405, 'method_not_allowed'],
    ];
    for (const [method, path, token, body, status, code] of cases) {
      const answer = await service.call(method, path, token, body);
      expect([...codeOf(answer), typeof answer.body.error.message], `${method} ${path}`).toEqual([status, code, 'string']);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    expect((await service.call('PUT', '/v1/boards', ana.token, {})).headers.get('allow')).toBe('POST');
    expect((await service.call('POST', `/v1/boards/${id}`, ana.token, {})).headers.get('allow')).toBe('GET, HEAD, PATCH, DELETE');
    expect((await service.call('HEAD', '/v1/settings', null)).status).toBe(200);
  });

  it('[HT6] a body of 4,096 bytes is read, one more byte is refused', async () => {
    const body = (bytes: number): string => `{"everyone":"none"${' '.repeat(bytes - 19)}}`;
    expect((await service.post('/v1/boards', ana.token, body(4_096))).status).toBe(201);
    expect(codeOf(await service.post('/v1/boards', ana.token, body(4_097)))).toEqual([413, 'body_too_large']);
    // Without a length in the head.
    const answer = await new Promise<number>((resolve, reject) => {
      const headers = { authorization: `Bearer ${ana.token}`, 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
      const asked = httpRequest(`${service.origin}/v1/boards`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      asked.on('error', reject);
      for (let i = 0; i < 5; i++) asked.write(' '.repeat(1_000));
      asked.end();
    });
    expect(answer).toBe(413);
  });

  it.each(['content-length: 20000000', 'transfer-encoding: chunked'])(
    '[HT6] a client that sends on after its body was refused reads the answer, and uses the connection again (%s)',
    async (length) => {
      const socket = connect(Number(new URL(service.origin).port), '127.0.0.1');
      const broken = new Promise((_, reject) => socket.on('error', reject));
      let heard = '';
      socket.on('data', (chunk) => (heard += chunk.toString()));
      const write = (text: string): Promise<unknown> =>
        Promise.race([broken, new Promise<void>((resolve) => socket.write(text, () => resolve()))]);
      const head = `host: x\r\nauthorization: Bearer ${ana.token}\r\ncontent-type: application/json\r\n`;
      await write(`POST /v1/boards HTTP/1.1\r\n${head}${length}\r\n\r\n`);
      const piece = ' '.repeat(100_000);
      const isChunked = length.startsWith('transfer');
      for (let i = 0; i < 200; i++) await write(isChunked ? `${(100_000).toString(16)}\r\n${piece}\r\n` : piece);
      if (isChunked) await write('0\r\n\r\n');
      await write(`GET /v1/me HTTP/1.1\r\n${head}\r\n`);
      await Promise.race([broken, until(() => heard.includes('"user":'), 'the second answer')]);
      expect(heard).toMatch(/^HTTP\/1\.1 413 /);
      socket.destroy();
    },
  );

  it('[HT6] a refused body without end is cut', async () => {
    const socket = connect(Number(new URL(service.origin).port), '127.0.0.1');
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.resume();
    socket.write(`POST /v1/boards HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ana.token}\r\ncontent-length: 9000000000\r\n\r\n`);
    const piece = Buffer.alloc(1024 * 1024, ' ');
    let sent = 0;
    while (!socket.destroyed && sent < 500) {
      sent += 1;
      await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
    }
    await closed;
    expect(sent).toBeGreaterThan(32);
    expect(sent).toBeLessThan(200);
  });
});

it('a relay without users answers settings, and gives a reason for every other call', async () => {
  // As in open mode with MongoDB and no secret.
  const answers: [number, unknown][] = [];
  const api = createApi({
    routes: [settingsRoute(null, { tokenUrl: null, loginUrl: null })],
    callers: { noUsersMessage: 'this relay has no users' },
    rates: {
      call: () => Promise.resolve(),
      blobRead: () => Promise.resolve(),
      mayGuess: () => undefined,
      missed: () => Promise.resolve(),
      boardMade: () => Promise.resolve(),
      posted: () => Promise.resolve(),
    },
    addressOf: () => null,
    allowsOrigin: () => true,
    onUnavailable: () => undefined,
    onFailed: () => undefined,
  });
  const owned: boolean[] = [];
  const server = createServer((request, response) => void owned.push(api(request, response)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  for (const path of ['/v1/settings', '/v1/me', '/v1/guests', '/v1/boards/x']) {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    answers.push([answer.status, await answer.json()]);
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(owned).toEqual([true, true, true, true]);
  const off = [404, { error: { code: 'boards_off', message: expect.any(String) } }];
  expect(answers).toEqual([[200, { auth: 'none', rooms: 'open', tokenUrl: null, loginUrl: null, imageOrigins: [] }], off, off, off]);
});
