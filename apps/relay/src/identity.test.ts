/** A whole relay, on a port and a folder of its own, and everything it logs. */

import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeFrame, encodeMessage } from '@wetink/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { parseConfig } from './config.ts';
import { createMask } from './secrets.ts';
import { startService, type Service } from './service.ts';

let folder: string;
let log: string;
let service: Service | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetink-identity-'));
  log = '';
  service = null;
});

afterEach(async () => {
  await service?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(env: Record<string, string>): Promise<string> {
  await service?.stop();
  service = null;
  const parsed = parseConfig([], { PORT: '0', WETINK_DATA: folder, WETINK_DRAIN_SPREAD_SECONDS: '0', ...env });
  if (parsed.kind !== 'run') throw new Error(JSON.stringify(parsed));
  // As main does it, but for stderr.
  const logger = pino({ level: 'debug', hooks: { streamWrite: createMask([]) } }, { write: (line: string) => void (log += line) });
  service = await startService(parsed.config, logger, 'test');
  return `http://127.0.0.1:${service.port}`;
}

interface Answer {
  status: number;
  body: { token: string; ticket: string; user: { id: string; name?: string }; expiresAtMs: number; error: { code: string } };
}

async function post(url: string, token: string | null, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}

type Entered = { userId: string; role: string } | { code: number; reason: string };

/** Our own client: the token is its first message. */
function enter(origin: string, token: string, headers: Record<string, string> = {}): Promise<Entered> {
  const ws = new WebSocket(`${origin.replace('http', 'ws')}/board?wetink=1`, { headers });
  return new Promise((resolve, reject) => {
    ws.on('message', (data) => {
      for (const message of decodeFrame(new Uint8Array(data as Buffer), { isExtension: true })) {
        if (message.type === 'hello') ws.send(encodeMessage({ type: 'authenticate', clientId: 7, token }));
        if (message.type === 'welcome') {
          resolve({ userId: message.userId, role: message.role });
          ws.terminate();
        }
      }
    });
    ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    ws.on('error', reject);
  });
}

/** A stock client: it has the query alone, and is in when it hears anything. */
function enterStock(origin: string, room: string, token: string | null, headers: Record<string, string> = {}): Promise<'in' | Entered> {
  const query = token === null ? '' : `?token=${encodeURIComponent(token)}`;
  const ws = new WebSocket(`${origin.replace('http', 'ws')}/${room}${query}`, { headers });
  return new Promise((resolve, reject) => {
    ws.on('message', () => {
      resolve('in');
      ws.terminate();
    });
    ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    ws.on('error', reject);
  });
}

const signIn = 'Please sign in to open this board.';
const noAccess = { code: 4403, reason: 'not_allowed: You do not have access to this board.' };

describe('guests', () => {
  test('a guest enters with an id that stays, through renewing, renaming and a restart', async () => {
    let origin = await start({ WETINK_AUTH: 'guests' });
    const { status, body: ana } = await post(`${origin}/v1/guests`, null, { name: 'Ana' });
    expect([status, ana.user.name]).toEqual([200, 'Ana']);
    expect(await enter(origin, ana.token)).toEqual({ userId: ana.user.id, role: 'editor' });
    expect((await stat(join(folder, 'identity-secret'))).mode & 0o777).toBe(0o600);

    origin = await start({ WETINK_AUTH: 'guests' });
    const { body: renamed } = await post(`${origin}/v1/guests`, ana.token, { name: 'Anna' });
    expect(renamed.user).toEqual({ id: ana.user.id, name: 'Anna' });
    const { body: renewed } = await post(`${origin}/v1/guests`, renamed.token);
    expect(renewed.user).toEqual(renamed.user);
    expect(await enter(origin, renewed.token)).toMatchObject({ userId: ana.user.id });

    expect(await enter(origin, '')).toEqual({ code: 4401, reason: `token_missing: ${signIn}` });
    expect(await enter(origin, 'nonsense')).toEqual({ code: 4401, reason: `token_malformed: ${signIn}` });
    await rm(join(folder, 'identity-secret'));
    origin = await start({ WETINK_AUTH: 'guests' });
    expect(await enter(origin, ana.token)).toEqual({ code: 4401, reason: `token_signature: ${signIn}` });
    expect(await post(`${origin}/v1/guests`, ana.token)).toMatchObject({ status: 401, body: { error: { code: 'token_signature' } } });
  });

  test('a stock client enters one room, once, with a ticket; a token in an address is refused, in a header it is not', async () => {
    const origin = await start({ WETINK_AUTH: 'guests', WETINK_SECRET: 'b7e1f0c2a95d4e338fd06c1b2a7788990011aabb' });
    const { body: ana } = await post(`${origin}/v1/guests`, null);
    const issue = async (): Promise<string> => (await post(`${origin}/v1/tickets`, ana.token, { room: 'board' })).body.ticket;
    const ticket = await issue();
    expect(await enterStock(origin, 'board', ticket)).toBe('in');
    expect(await enterStock(origin, 'board', ticket)).toEqual(noAccess);
    expect(await enterStock(origin, 'other', await issue())).toEqual(noAccess);
    expect(await enterStock(origin, 'board', ana.token)).toEqual(noAccess);
    expect(await enterStock(origin, 'board', null)).toEqual({ code: 4401, reason: `token_missing: ${signIn}` });
    expect(await enterStock(origin, 'board', null, { authorization: `Bearer ${ana.token}` })).toBe('in');
    await expect(stat(join(folder, 'identity-secret'))).rejects.toThrow('ENOENT');
  });

  test('requests that cannot be answered are told why, and change nothing', async () => {
    const origin = await start({ WETINK_AUTH: 'guests' });
    const { body: ana } = await post(`${origin}/v1/guests`, null);
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
      expect(await post(`${origin}/v1/${path}`, token, body, headers), `${path} ${code}`).toMatchObject({
        status,
        body: { error: { code } },
      });
    const got = await fetch(`${origin}/v1/guests`);
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await fetch(`${origin}/v1/rooms`)).status).toBe(404);
  });

  test('a damaged secret is said, and not replaced', async () => {
    await writeFile(join(folder, 'identity-secret'), 'odd');
    await expect(start({ WETINK_AUTH: 'guests' })).rejects.toThrow(/identity-secret is damaged/);
    expect(await readFile(join(folder, 'identity-secret'), 'utf8')).toBe('odd');
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

  test("the operator's users enter, each refusal has its reason, and there are no guests", async () => {
    const origin = await start(env);
    expect(await enter(origin, token())).toEqual({ userId: 'ana', role: 'editor' });
    for (const [overrides, reason] of [
      [{ exp: claims.exp - 3_600 }, 'token_expired'],
      [{ nbf: claims.exp }, 'token_not_yet_valid'],
      [{ iss: 'x' }, 'token_issuer'],
      [{ aud: 'x' }, 'token_audience'],
      [{ sub: '' }, 'token_malformed'],
    ] as const)
      expect(await enter(origin, token(overrides))).toEqual({ code: 4401, reason: `${reason}: ${signIn}` });
    expect(await enter(origin, token({ sub: `guest:${'A'.repeat(22)}` }))).toEqual(noAccess);
    expect(await post(`${origin}/v1/guests`, null)).toMatchObject({ status: 404, body: { error: { code: 'guests_off' } } });
    const { body } = await post(`${origin}/v1/tickets`, token(), { room: 'board' });
    expect(await enterStock(origin, 'board', body.ticket)).toBe('in');
  });

  test('keys that cannot be fetched send nobody away for good', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const { WETINK_JWT_SECRET: _, ...others } = env;
    const origin = await start({ ...others, WETINK_JWT_JWKS: `http://127.0.0.1:${port}/jwks`, WETINK_JWT_ALGORITHMS: 'EdDSA' });
    const unknown = `${encode({ alg: 'EdDSA', kid: 'a' })}.${encode(claims)}.AAAA`;
    expect(await enter(origin, unknown)).toMatchObject({ code: 4599 });
    expect(await post(`${origin}/v1/tickets`, unknown, { room: 'board' })).toMatchObject({
      status: 503,
      body: { error: { code: 'unavailable' } },
    });
    expect(log).toContain('tokens cannot be checked');
  });

  test('no token, ticket or secret is in any line of the log, whichever way it came', async () => {
    const origin = await start(env);
    const canary = 'c4n4ryc4n4ryc4n4ry';
    const sent = [token(), token({ sub: 'ben', exp: 1 }), `${token()}x`, `${canary}.${canary}.${canary}`, canary];
    for (const each of sent) {
      await enter(origin, each);
      await enter(origin, '', { authorization: `Bearer ${each}` });
      await enterStock(origin, 'board', each);
      const { body } = await post(`${origin}/v1/tickets`, each, { room: 'board' });
      if (body.ticket === undefined) continue;
      sent.push(body.ticket);
      await enterStock(origin, 'board', body.ticket);
    }
    await post(`${origin}/v1/tickets`, canary, `{"room":"${canary}`);
    const metrics = await (await fetch(`${origin}/metrics`)).text();
    await service?.stop();
    service = null;
    const lines = log.trim().split('\n');
    expect(lines.filter((line) => line.includes('connection ended')).length).toBeGreaterThanOrEqual(10);
    // The signature alone would do to recognise one; a dump is hex.
    const parts = [secret, canary, ...sent.flatMap((each) => each.split('.'))].filter((part) => part.length >= 8);
    for (const part of parts)
      for (const form of [part, Buffer.from(part).toString('hex').slice(0, 24)]) {
        expect(log).not.toContain(form);
        expect(metrics).not.toContain(form);
      }
  });
});

test('in open mode everyone edits without a name, and there is nothing about guests', async () => {
  const origin = await start({});
  expect(await enter(origin, '')).toEqual({ userId: '', role: 'editor' });
  expect(await enter(origin, 'whatever')).toEqual({ userId: '', role: 'editor' });
  expect(await enterStock(origin, 'board', null)).toBe('in');
  expect((await post(`${origin}/v1/guests`, null)).status).toBe(404);
});
