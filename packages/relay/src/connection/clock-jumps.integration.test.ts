/** The wall clock is set back or forward by an hour: nothing lasts longer or ends earlier because of it. */

import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMemoryStore } from '@wetink/storage';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createUsers, SEEN_AGAIN_MS } from '../access/users.ts';
import type { Identified } from '../identity/answer.ts';
import { createTickets } from '../identity/tickets.ts';
import { createTokenVerifier } from '../identity/token-verifier.ts';
import { createMemoryKeyWindow } from '../limits/key-window.ts';
import type { RedisCommands } from '../redis/commands.ts';
import { createRedisKeyWindow } from '../redis/redis-key-window.ts';
import { createRedisTickets } from '../redis/redis-tickets.ts';
import type { Command } from '../redis/registry.ts';
import { Alarms } from './alarms.ts';
import { Authorization } from './authorization.ts';
import { virtualTime } from '../testing/virtual-time.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 1);
const jumps = [
  ['back', -HOUR_MS],
  ['forward', HOUR_MS],
] as const;
const ana: Identified = { ok: true, user: { id: 'ana' }, expiresAtMs: START_MS + 24 * HOUR_MS };

afterEach(() => void vi.useRealTimers());

/** The part of Redis that windows and tickets use, with a clock of its own that can be set. */
function fakeRedis(): { commands: RedisCommands; asked(): number; setClock(byMs: number): void; pass(ms: number): void } {
  const kept = new Map<string, { value: string | number; endsAtMs: number }>();
  let nowMs = 0;
  let asked = 0;
  const run = (command: Command): unknown => {
    const [name, key, value, unit, time] = command;
    const text = String(key);
    if ((kept.get(text)?.endsAtMs ?? Infinity) <= nowMs) kept.delete(text);
    const found = kept.get(text);
    switch (name) {
      case 'set':
        if (found === undefined || !command.includes('NX'))
          kept.set(text, { value: value ?? '', endsAtMs: nowMs + Number(time) * (unit === 'EX' ? 1_000 : 1) });
        return 'OK';
      case 'incrby':
        if (found !== undefined) found.value = Number(found.value) + Number(value);
        return found?.value;
      case 'pttl':
        return found === undefined ? -2 : found.endsAtMs - nowMs;
      case 'get':
        return found?.value ?? null;
      case 'del':
        return Number(kept.delete(text));
      default:
        throw new Error(`not faked: ${name}`);
    }
  };
  return {
    commands: {
      key: (kind, name) => `{t}:${kind}:${name}`,
      transact: async (commands) => {
        asked += 1;
        return commands.map(run);
      },
    },
    asked: () => asked,
    setClock: (byMs) => (nowMs += byMs),
    pass: (ms) => (nowMs += ms),
  };
}

describe.each(jumps)('a clock set %s by an hour', (_, byMs) => {
  it('[ID6] a ticket is still good for 30 s', () => {
    const clock = { wallMs: START_MS, elapsedMs: 0 };
    const tickets = createTickets({ now: () => clock.wallMs, elapsedMs: () => clock.elapsedMs });
    const [inTime, late] = [tickets.issue('board', ana).ticket, tickets.issue('board', ana).ticket];
    clock.wallMs += byMs;
    clock.elapsedMs += 29_999;
    expect(tickets.redeem(inTime, 'board')).toEqual(ana);
    clock.elapsedMs += 1;
    expect(tickets.redeem(late, 'board')).toEqual({ ok: false, reason: 'token_expired' });
  });

  it('[RI5] a connection keeps its access for as long as its token had left when it came', async () => {
    const time = virtualTime();
    const told: string[] = [];
    let wallMs = START_MS;
    const note = (what: string) => (): void => void told.push(`${time.now()} ${what}`);
    const authorization = new Authorization(
      {
        clocks: { environment: time, alarms: new Alarms(time), wallClock: () => wallMs + time.now() },
        authorize: () => Promise.resolve({ ok: true, role: 'editor', userId: 'ana', expiresAtMs: START_MS + 300_000 }),
      },
      {
        granted: note('granted'),
        confirmed: note('confirmed'),
        expiring: note('expiring'),
        refused: note('refused'),
        failed: note('failed'),
        unanswered: note('unanswered'),
      },
    );
    authorization.authenticate('t');
    await time.advance(1_000);
    wallMs += byMs;
    await time.advance(400_000);
    expect(told).toEqual(['0 granted', '240000 expiring', '300000 refused']);
  });

  it('[LI2] a client over a limit waits no longer than its window', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START_MS });
    const window = createMemoryKeyWindow(1, 60_000);
    expect(await window.take('a')).toBe(0);
    vi.setSystemTime(START_MS + byMs);
    expect(await window.take('a')).toBeLessThanOrEqual(60_000);
  });

  it('[RB18] a client over a limit of all relays waits until the end of the window, and no longer', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START_MS });
    let elapsedMs = 0;
    const redis = fakeRedis();
    const window = createRedisKeyWindow(redis.commands, { name: 'connects', limit: 1, windowMs: 60_000, elapsedMs: () => elapsedMs });
    expect([await window.take('a'), await window.take('a')]).toEqual([0, 60_000]);
    vi.setSystemTime(START_MS + byMs);
    [elapsedMs] = [20_000, redis.pass(20_000)];
    expect(await window.take('a')).toBe(40_000);
    expect(redis.asked()).toBe(2);
    [elapsedMs] = [60_000, redis.pass(40_000)];
    expect(await window.take('a')).toBe(0);
  });

  it('[RB18] when the clock of Redis is set, no client is kept out for longer than a window', async () => {
    let elapsedMs = 0;
    const redis = fakeRedis();
    const window = createRedisKeyWindow(redis.commands, { name: 'connects', limit: 2, windowMs: 60_000, elapsedMs: () => elapsedMs });
    for (let i = 0; i < 2; i++) expect(await window.take('a')).toBe(0);
    redis.setClock(byMs);
    [elapsedMs] = [61_000, redis.pass(61_000)];
    expect([await window.take('a'), await window.take('a'), await window.take('a')]).toEqual([0, 0, 60_000]);
  });

  it('[RB17] when the clock of Redis is set, no ticket is good for longer than 30 s', async () => {
    const redis = fakeRedis();
    const tickets = createRedisTickets(redis.commands, { now: () => START_MS });
    const { ticket } = await tickets.issue('board', ana);
    redis.setClock(byMs);
    redis.pass(31_000);
    expect(await tickets.redeem(ticket, 'board')).toMatchObject({ ok: false });
  });

  it('[US1] a user who is seen is written at most once more, and an hour later again', async () => {
    let wallMs = START_MS;
    let puts = 0;
    const { records } = createMemoryStore();
    const counting = { ...records, put: (...args: Parameters<typeof records.put>) => ((puts += 1), records.put(...args)) };
    const users = createUsers({ records: counting, cache: null, now: () => wallMs });
    await users.seen({ id: 'ana' });
    wallMs += byMs;
    for (let i = 0; i < 5; i++) await users.seen({ id: 'ana' });
    expect(puts).toBeLessThanOrEqual(2);
    const before = puts;
    wallMs += SEEN_AGAIN_MS;
    await users.seen({ id: 'ana' });
    expect(puts).toBe(before + 1);
  });
});

describe('keys behind an address, when the clock is set', () => {
  const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (kid: string, key: KeyObject, nowMs: number): string => {
    const head = base64url({ alg: 'EdDSA', kid });
    const body = base64url({ iss: 'a', aud: 'b', sub: 'ana', exp: Math.floor(nowMs / 1_000) + 86_400 });
    return `${head}.${body}.${sign(null, Buffer.from(`${head}.${body}`), key).toString('base64url')}`;
  };

  it.each(jumps)('[ID4] after the clock is set %s by an hour, a key added since is fetched', async (_, byMs) => {
    vi.useFakeTimers({ toFake: ['Date'], now: START_MS });
    const pairs = ['old', 'new'].map((kid) => ({ kid, ...generateKeyPairSync('ed25519') }));
    let served = 1;
    const server = createServer((_request, response) => {
      const keys = pairs.slice(0, served).map(({ kid, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid }));
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    const tokens = createTokenVerifier({ keys: { kind: 'jwks-url', url }, algorithms: ['EdDSA'], issuer: 'a', audience: 'b' });
    const [old, added] = pairs.map(({ kid, privateKey }) => token(kid, privateKey, START_MS));
    expect(await tokens.verify(old ?? '')).toMatchObject({ ok: true });
    served = 2;
    vi.setSystemTime(START_MS + byMs);
    expect(await tokens.verify(added ?? '')).toMatchObject({ ok: true });
    await new Promise((resolve) => server.close(resolve));
  });
});
