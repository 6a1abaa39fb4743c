/** Identity on a whole relay: guests, tokens and tickets, and what it logs. */

import { createHmac } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestService } from '../testing/service.ts';

let service: TestService;

beforeEach(() => (service = new TestService()));
afterEach(() => service.dispose());

const signIn = 'Please sign in to open this board.';
const noAccess = { code: 4403, reason: 'not_allowed: You do not have access to this board.' };

describe('guests', () => {
  it('a guest keeps its id through renewal, renaming and a restart', async () => {
    await service.start({ WETINK_AUTH: 'guests' });
    const { status, body: ana } = await service.post('/v1/guests', null, { name: 'Ana' });
    expect([status, ana.user.name]).toEqual([200, 'Ana']);
    const board = await service.board(ana.token);
    expect(await service.enter(board, ana.token)).toEqual({ userId: ana.user.id, role: 'owner' });
    expect((await stat(join(service.folder, 'identity-secret'))).mode & 0o777).toBe(0o600);

    await service.start({ WETINK_AUTH: 'guests' });
    const { body: renamed } = await service.post('/v1/guests', ana.token, { name: 'Anna' });
    expect(renamed.user).toEqual({ id: ana.user.id, name: 'Anna' });
    const { body: renewed } = await service.post('/v1/guests', renamed.token);
    expect(renewed.user).toEqual(renamed.user);
    expect(await service.enter(board, renewed.token)).toMatchObject({ userId: ana.user.id, role: 'owner' });

    expect(await service.enter(board, '')).toEqual({ code: 4401, reason: `token_missing: ${signIn}` });
    expect(await service.enter(board, 'nonsense')).toEqual({ code: 4401, reason: `token_malformed: ${signIn}` });
    await rm(join(service.folder, 'identity-secret'));
    await service.start({ WETINK_AUTH: 'guests' });
    expect(await service.enter(board, ana.token)).toEqual({ code: 4401, reason: `token_signature: ${signIn}` });
    expect(await service.post('/v1/guests', ana.token)).toMatchObject({ status: 401, body: { error: { code: 'token_signature' } } });
  });

  it('a guest secret gives the same id on every device, and only that secret does', async () => {
    await service.start({ WETINK_AUTH: 'guests' });
    const secret = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
    const { status, body: ana } = await service.post('/v1/guests', null, { secret, name: 'Ana' });
    expect([status, ana.user]).toEqual([200, { id: 'guest:fAGQPtUyXumHYbqB6BBdW-', name: 'Ana' }]);
    const board = await service.board(ana.token);
    const { body: again } = await service.post('/v1/guests', null, { secret });
    expect(await service.enter(board, again.token)).toEqual({ userId: ana.user.id, role: 'owner' });
    const { body: other } = await service.post('/v1/guests', null, { secret: `B${secret.slice(1)}` });
    expect(await service.enter(board, other.token)).toEqual(noAccess);
    for (const bad of ['', 'short', `${secret}A`, 1, null, secret.slice(1)])
      expect(await service.post('/v1/guests', null, { secret: bad }), JSON.stringify(bad)).toMatchObject({
        status: 400,
        body: { error: { code: 'body_invalid' } },
      });
    expect(service.log).not.toContain(secret);
  });

  it('a stock client enters one room once with a ticket; a token is refused in an address and accepted in a header', async () => {
    await service.start({ WETINK_AUTH: 'guests', WETINK_SECRET: 'b7e1f0c2a95d4e338fd06c1b2a7788990011aabb' });
    const ana = await service.guest('Ana');
    const [board, other] = [await service.board(ana.token), await service.board(ana.token)];
    const issue = async (): Promise<string> => (await service.post('/v1/tickets', ana.token, { room: board })).body.ticket;
    const ticket = await issue();
    expect(await service.enterStock(board, ticket)).toBe('in');
    expect(await service.enterStock(board, ticket)).toEqual(noAccess);
    expect(await service.enterStock(other, await issue())).toEqual(noAccess);
    expect(await service.enterStock(board, ana.token)).toEqual(noAccess);
    expect(await service.enterStock(board, null)).toEqual({ code: 4401, reason: `token_missing: ${signIn}` });
    expect(await service.enterStock(board, null, { authorization: `Bearer ${ana.token}` })).toBe('in');
    await expect(stat(join(service.folder, 'identity-secret'))).rejects.toThrow('ENOENT');
  });

  it('a refused request gets an error code, and changes nothing', async () => {
    await service.start({ WETINK_AUTH: 'guests' });
    const ana = await service.guest('Ana');
    const cases: [string, string | null, unknown, Record<string, string>, number, string][] = [
      ['guests', null, '[]', {}, 400, 'body_invalid'],
      ['guests', null, '{', {}, 400, 'body_invalid'],
      ['guests', null, '{}', { 'content-type': 'text/plain' }, 415, 'body_not_json'],
      ['guests', null, { name: 'x'.repeat(5_000) }, {}, 413, 'body_too_large'],
      ['guests', 'a.b.c', undefined, {}, 401, 'token_malformed'],
      ['guests', null, undefined, { authorization: 'Basic YTpi' }, 401, 'token_malformed'],
      ['tickets', null, { room: 'board' }, {}, 401, 'token_missing'],
      ['tickets', ana.token, {}, {}, 400, 'body_invalid'],
      ['tickets', ana.token, { room: ['board'] }, {}, 400, 'body_invalid'],
    ];
    for (const [path, token, body, headers, status, code] of cases)
      expect(await service.post(`/v1/${path}`, token, body, headers), `${path} ${code}`).toMatchObject({
        status,
        body: { error: { code } },
      });
    const got = await fetch(`${service.origin}/v1/guests`);
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await fetch(`${service.origin}/v1/rooms`)).status).toBe(404);
  });

  it('a damaged secret stops the start with an error, and is not replaced', async () => {
    await service.start();
    await service.stop();
    await writeFile(join(service.folder, 'identity-secret'), 'odd');
    await expect(service.start({ WETINK_AUTH: 'guests' })).rejects.toThrow(/identity-secret is damaged/);
    expect(await readFile(join(service.folder, 'identity-secret'), 'utf8')).toBe('odd');
  });
});

describe('tokens', () => {
  const secret = 'f00d0c2a95d4e338fd06c1b2a7788990011aabbcc';
  const env = { WETINK_AUTH: 'tokens', WETINK_JWT_SECRET: secret, WETINK_JWT_ISSUER: 'https://id.example', WETINK_JWT_AUDIENCE: 'boards' };
  const claims = { iss: 'https://id.example', aud: 'boards', sub: 'ana', exp: Math.floor(Date.now() / 1_000) + 600 };
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const token = (overrides: object = {}): string => {
    const input = `${encode({ alg: 'HS256' })}.${encode({ ...claims, ...overrides })}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };

  it('a picture of a listed origin is the user’s everywhere, and the app may load it; one from elsewhere is nowhere', async () => {
    const picture = 'https://pictures.example/ana.png';
    const meOf = async (named: string): Promise<unknown> => (await service.call('GET', '/v1/me', token({ picture: named }))).body.user;
    await service.start(env);
    expect(await meOf(picture)).toEqual({ id: 'ana' });
    await service.start({ ...env, WETINK_IMAGE_ORIGINS: 'https://pictures.example' });
    expect((await service.call('GET', '/v1/settings', null)).body).toMatchObject({ imageOrigins: ['https://pictures.example'] });
    expect(await meOf(picture)).toEqual({ id: 'ana', picture });
    expect(await meOf('https://evil.example/pixel.gif')).toEqual({ id: 'ana' });
  });

  it("the operator's users enter, each refusal has its reason, and there are no guests", async () => {
    await service.start({ ...env, WETINK_TOKEN_URL: 'https://draw.example/token', WETINK_LOGIN_URL: 'https://draw.example/login' });
    expect((await service.call('GET', '/v1/settings', null)).body).toEqual({
      auth: 'tokens',
      rooms: 'owned',
      tokenUrl: 'https://draw.example/token',
      loginUrl: 'https://draw.example/login',
      imageOrigins: [],
    });
    const board = await service.board(token());
    expect(await service.enter(board, token())).toEqual({ userId: 'ana', role: 'owner' });
    for (const [overrides, reason] of [
      [{ exp: claims.exp - 3_600 }, 'token_expired'],
      [{ nbf: claims.exp }, 'token_not_yet_valid'],
      [{ iss: 'x' }, 'token_issuer'],
      [{ aud: 'x' }, 'token_audience'],
      [{ sub: '' }, 'token_malformed'],
    ] as const)
      expect(await service.enter(board, token(overrides))).toEqual({ code: 4401, reason: `${reason}: ${signIn}` });
    expect(await service.enter(board, token({ sub: `guest:${'A'.repeat(22)}` }))).toEqual(noAccess);
    expect(await service.enter('board', token())).toEqual(noAccess);
    expect(await service.post('/v1/guests', null)).toMatchObject({ status: 404, body: { error: { code: 'guests_off' } } });
    const { body } = await service.post('/v1/tickets', token(), { room: board });
    expect(await service.enterStock(board, body.ticket)).toBe('in');
  });

  it('when keys cannot be fetched, the refusal is one that clients retry', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const { WETINK_JWT_SECRET: _, ...others } = env;
    await service.start({ ...others, WETINK_JWT_JWKS: `http://127.0.0.1:${port}/jwks`, WETINK_JWT_ALGORITHMS: 'EdDSA' });
    const unknown = `${encode({ alg: 'EdDSA', kid: 'a' })}.${encode(claims)}.AAAA`;
    expect(await service.enter('board', unknown)).toMatchObject({ code: 4599 });
    expect(await service.post('/v1/tickets', unknown, { room: 'board' })).toMatchObject({
      status: 503,
      body: { error: { code: 'unavailable' } },
    });
    expect(service.log).toContain('tokens cannot be verified');
  });

  it('no log line contains a token, ticket or secret, however the client sent it', async () => {
    await service.start(env);
    const board = await service.board(token());
    const canary = 'c4n4ryc4n4ryc4n4ry';
    const sent = [token(), token({ sub: 'ben', exp: 1 }), `${token()}x`, `${canary}.${canary}.${canary}`, canary];
    for (const each of sent) {
      await service.enter(board, each);
      await service.enter(board, '', { authorization: `Bearer ${each}` });
      await service.enterStock(board, each);
      await service.post(`/v1/boards/${board}/join`, each, { link: `${canary.slice(0, 11)}.${canary}abcd` });
      const { body } = await service.post('/v1/tickets', each, { room: board });
      if (body.ticket === undefined) continue;
      sent.push(body.ticket);
      await service.enterStock(board, body.ticket);
    }
    await service.post('/v1/tickets', canary, `{"room":"${canary}`);
    const metrics = await (await fetch(`${service.origin}/metrics`)).text();
    await service.stop();
    const lines = service.log.trim().split('\n');
    expect(lines.filter((line) => line.includes('connection ended')).length).toBeGreaterThanOrEqual(10);
    // Each part of a token is searched for, as text and as hex, the form of a dump.
    const parts = [secret, canary, ...sent.flatMap((each) => each.split('.'))].filter((part) => part.length >= 8);
    for (const part of parts)
      for (const form of [part, Buffer.from(part).toString('hex').slice(0, 24)]) {
        expect(service.log).not.toContain(form);
        expect(metrics).not.toContain(form);
      }
  });
});
