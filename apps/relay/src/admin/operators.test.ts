import type { IncomingMessage } from 'node:http';
import { createMemoryKeyWindow } from '@wetink/relay';
import { createGuessLimit } from '@wetink/relay/http';
import { IdentityUnavailableError, type IdentityAnswer } from '@wetink/relay/identity';
import { beforeEach, describe, expect, it } from 'vitest';
import { createOperators, type OperatorCheck, type Operators } from './operators.ts';

const ADMIN_TOKEN = '0123456789abcdef';
const LIMIT = 3;
let nowMs: number;
let suspended: Set<string>;
let unavailable: number;

/** A token is its user's id and roles, such as `ana/admin,teacher`. */
function verify(token: string): Promise<IdentityAnswer> {
  if (token === 'later') return Promise.reject(new IdentityUnavailableError('no keys'));
  const [id = '', roles = ''] = token.split('/');
  return Promise.resolve(
    token.includes('/')
      ? { ok: true, user: { id, ...(roles === '' ? {} : { roles: roles.split(',') }) }, expiresAtMs: 1 }
      : { ok: false, reason: 'token_malformed' },
  );
}

function operators(adminToken: string | null, hasClaims = true): Operators {
  return createOperators({
    adminToken,
    claims: hasClaims ? { verify, isSuspended: async (id) => suspended.has(id), onUnavailable: () => void (unavailable += 1) } : null,
    guesses: createGuessLimit({ misses: createMemoryKeyWindow(LIMIT, 60_000), now: () => nowMs, onFailed: () => undefined }),
    addressOf: ({ headers }) => (headers.host === 'here' ? null : (headers.host ?? '')),
  });
}

const ask = (from: Operators, token: string | null, host = '192.0.2.1'): Promise<OperatorCheck> =>
  from.check({ headers: { host, ...(token === null ? {} : { authorization: `Bearer ${token}` }) } } as IncomingMessage);

/** Role and person, or status. */
async function outcome(from: Operators, token: string | null, host?: string): Promise<unknown> {
  const check = await ask(from, token, host);
  return check.ok ? [check.operator.role, check.operator.userId] : check.status;
}

beforeEach(() => {
  nowMs = 0;
  suspended = new Set();
  unavailable = 0;
});

describe('operators', () => {
  it.each<[string, string | null, boolean, string | null, unknown]>([
    ['the admin token', ADMIN_TOKEN, true, ADMIN_TOKEN, ['admin', null]],
    ['the role admin', ADMIN_TOKEN, true, 'ana/admin', ['admin', 'ana']],
    ['the role admin without an admin token', null, true, 'ana/admin', ['admin', 'ana']],
    ['the role support', ADMIN_TOKEN, true, 'sue/support', ['support', 'sue']],
    ['both roles', ADMIN_TOKEN, true, 'ana/support,admin', ['admin', 'ana']],
    ['another role', ADMIN_TOKEN, true, 'tim/teacher', 403],
    ['no role', ADMIN_TOKEN, true, 'eve/', 403],
    ['a token that is not valid', ADMIN_TOKEN, true, 'nonsense', 403],
    ['the role admin where no claim gives roles', ADMIN_TOKEN, false, 'ana/admin', 403],
    ['no token', ADMIN_TOKEN, true, null, 401],
    ['no token where only a claim counts', null, true, null, 401],
    ['anything where nothing is configured', null, false, ADMIN_TOKEN, 404],
    ['keys that cannot be fetched', ADMIN_TOKEN, true, 'later', 503],
  ])('%s', async (_, adminToken, hasClaims, token, expected) => {
    expect(await outcome(operators(adminToken, hasClaims), token)).toEqual(expected);
    expect(unavailable).toBe(expected === 503 ? 1 : 0);
  });

  it('a suspended person has no role', async () => {
    const from = operators(ADMIN_TOKEN);
    suspended.add('ana');
    expect(await outcome(from, 'ana/admin')).toBe(403);
    suspended.delete('ana');
    expect(await outcome(from, 'ana/admin')).toEqual(['admin', 'ana']);
  });

  it('after too many guesses an address waits, even with the right token; another address, and this computer, do not', async () => {
    const from = operators(ADMIN_TOKEN);
    for (let guess = 0; guess < LIMIT; guess++) expect(await outcome(from, `guess-${guess}`)).toBe(403);
    expect(await ask(from, 'one-more')).toMatchObject({ ok: false, status: 429, code: 'rate_limited', retryAfterSeconds: 60 });
    for (const token of [ADMIN_TOKEN, 'ana/admin', 'nonsense']) expect(await outcome(from, token), token).toBe(429);
    expect(await outcome(from, null)).toBe(401);
    expect(await outcome(from, ADMIN_TOKEN, '192.0.2.2')).toEqual(['admin', null]);
    for (let guess = 0; guess < 2 * LIMIT; guess++) expect(await outcome(from, 'nonsense', 'here')).toBe(403);
    nowMs += 60_001;
    expect(await outcome(from, ADMIN_TOKEN)).toEqual(['admin', null]);
  });
});
