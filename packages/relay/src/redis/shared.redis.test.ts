/** What relays share over a real Redis, tickets, windows and a cache, and how each works while Redis is away. */

import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ONLINE_KEPT_MS } from '../access/online-index.ts';
import { createMemoryCache, type TextCache } from '../access/text-cache.ts';
import type { Identified } from '../identity/answer.ts';
import type { KeyWindow } from '../limits/key-window.ts';
import { systemEnvironment } from '../ports/environment.ts';
import {
  createRedisBus,
  createRedisCache,
  createRedisGuardedCache,
  createRedisKeyWindow,
  createRedisSlidingWindow,
  createRedisTickets,
  type GuardedCache,
  type RedisBusHandle,
} from './index.ts';
import { createRedisOnlineIndex } from './redis-online-index.ts';
import { pause, until } from '../testing/harness.ts';
import { describeWithRedis, eventually, recordingLogger, ttls } from '../testing/redis-nodes.ts';
import { startRedis, startRedisCluster, type RedisServer } from '../testing/redis-server.ts';
import { startTcpProxy, type TcpProxy } from '../testing/tcp-proxy.ts';

const HEARTBEAT_MS = 200;
const HOUR_MS = 3_600_000;
const ana: Identified = { ok: true, user: { id: 'ana', name: 'Ana' }, expiresAtMs: Date.UTC(2100, 0, 1) };
const notAllowed = { ok: false, reason: 'not_allowed' };

const own = (): TextCache => createMemoryCache({ ttlMs: 60_000, maxEntries: 10, now: () => performance.now() });

describeWithRedis('shared over Redis', () => {
  let server: RedisServer;
  let client: Redis;
  let open: { close(): Promise<void> }[] = [];
  let prefixes = 0;
  let keyPrefix: string;

  beforeAll(async () => {
    server = await startRedis();
    client = await server.client();
  });
  afterAll(() => server.stop());
  beforeEach(() => void (keyPrefix = `s${prefixes++}`));
  afterEach(async () => {
    for (const one of open.reverse()) await one.close();
    open = [];
  });

  const bus = async (url = server.url): Promise<RedisBusHandle> => {
    const made = await createRedisBus({ url, keyPrefix, heartbeatMs: HEARTBEAT_MS, timeoutMs: 1_000 });
    open.push(made);
    return made;
  };
  /** A bus whose connection to Redis can be cut. */
  const fragileBus = async (): Promise<{ bus: RedisBusHandle; proxy: TcpProxy }> => {
    const proxy = await startTcpProxy(server.port);
    open.push(proxy);
    return { bus: await bus(`redis://127.0.0.1:${proxy.port}`), proxy };
  };
  const ownKeys = async (): Promise<[string, number][]> =>
    [...(await ttls(client))].filter(([key]) => key.startsWith(`{${keyPrefix}}:`) && !key.includes(':node:'));

  describe('people online', () => {
    it('[PD2] users of all relays are found, those of a relay that died no longer than its heartbeat', async () => {
      const [a, b] = [await bus(), await bus()];
      const [here, there] = [a, b].map(({ commands, node }) => createRedisOnlineIndex(commands, { node, wallClock: Date.now }));
      await here?.add('ana', ['one', 'two']);
      await there?.add('ben', ['two', 'three']);
      expect(await here?.of(['one', 'two', 'three'], 10)).toEqual({ ids: new Set(['ana', 'ben']), isWhole: true });
      expect(await there?.of(['one'], 10)).toEqual({ ids: new Set(['ana']), isWhole: true });
      expect((await there?.of(['two'], 1))?.ids.size).toBeLessThanOrEqual(2);
      // The same user at both relays.
      await there?.add('ana', ['one']);
      await here?.remove('ana', ['one', 'two']);
      expect([...((await here?.of(['one', 'two'], 10))?.ids ?? [])].sort()).toEqual(['ana', 'ben']);
      await b.close();
      await eventually(async () => (await here?.of(['one', 'two', 'three'], 10))?.ids.size === 0, 'the users of the other relay to go');
    });

    it('[PD2] entries are forgotten that no relay wrote again, and no key stays', async () => {
      let nowMs = Date.now();
      const { commands, node } = await bus();
      const index = createRedisOnlineIndex(commands, { node, wallClock: () => nowMs });
      const other = createRedisOnlineIndex(commands, { node: `${node}-other`, wallClock: () => nowMs });
      await other.add('ben', ['board']);
      nowMs += ONLINE_KEPT_MS + 1;
      await index.add('ana', ['board']);
      expect(await client.zrange(commands.key('online', 'board'), '0', '-1')).toEqual([`${node} ana`]);
      for (const [, ttl] of await ownKeys()) expect(ttl).toBeGreaterThan(0);
    });

    it('[PD2] while Redis is away each relay answers for itself, and says so', async () => {
      const { bus: own, proxy } = await fragileBus();
      const index = createRedisOnlineIndex(own.commands, { node: own.node, wallClock: Date.now });
      await index.add('ana', ['board']);
      await proxy.close();
      await until(() => !own.isUp, 'the bus to notice');
      await index.add('ben', ['board']);
      expect(await index.of(['board'], 10)).toEqual({ ids: new Set(['ana', 'ben']), isWhole: false });
    });
  });

  describe('tickets', () => {
    it('[RB17] a ticket that one relay issues can be redeemed by any relay, once', async () => {
      const [a, b] = [createRedisTickets((await bus()).commands), createRedisTickets((await bus()).commands)];
      const { ticket } = await a.issue('board', ana);
      expect(await b.redeem(ticket, 'board')).toEqual(ana);
      for (const office of [a, b]) expect(await office.redeem(ticket, 'board')).toEqual(notAllowed);
      expect(await ownKeys()).toEqual([]);
    });

    it('[RB17] when many relays redeem a ticket at once, exactly one client enters', async () => {
      const offices = [createRedisTickets((await bus()).commands), createRedisTickets((await bus()).commands)];
      for (let round = 0; round < 10; round++) {
        const ticket = (await offices[0]?.issue('board', ana))?.ticket ?? '';
        const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => offices[i % 2]?.redeem(ticket, 'board')));
        expect(answers.filter((answer) => answer?.ok === true)).toHaveLength(1);
      }
    });

    it('[RB17] a ticket redeemed for another room is refused and used up', async () => {
      const office = createRedisTickets((await bus()).commands);
      const { ticket } = await office.issue('board', ana);
      expect(await office.redeem(ticket, 'Board')).toEqual(notAllowed);
      expect(await office.redeem(ticket, 'board')).toEqual(notAllowed);
    });

    it('[RB17] a ticket is good for 30 s by the clock of Redis, and no longer than the token', async () => {
      let nowMs = Date.UTC(2026, 0, 1);
      const office = createRedisTickets((await bus()).commands, { now: () => nowMs });
      const inTime = await office.issue('board', ana);
      const [[key] = ['']] = await ownKeys();
      await client.pexpire(key, 31_000); // as 29 s later
      expect(await office.redeem(inTime.ticket, 'board')).toEqual(ana);
      const late = await office.issue('board', ana);
      const [[lateKey] = ['']] = await ownKeys();
      await client.pexpire(lateKey, 30_000);
      expect(await office.redeem(late.ticket, 'board')).toEqual({ ok: false, reason: 'token_expired' });
      const ending = await office.issue('board', { ...ana, expiresAtMs: nowMs + 300 });
      const behind = await office.issue('board', ana);
      expect([inTime.expiresAtMs, ending.expiresAtMs]).toEqual([nowMs + 30_000, nowMs + 300]);
      nowMs += 300;
      expect(await office.redeem(ending.ticket, 'board')).toEqual({ ok: false, reason: 'token_expired' });
      nowMs += HOUR_MS; // a relay whose clock is ahead
      expect(await office.redeem(behind.ticket, 'board')).toEqual(ana);
    });

    it('[RB17] Redis holds no ticket in clear, and a malformed ticket is not looked up', async () => {
      const { commands } = await bus();
      const office = createRedisTickets(commands);
      const { ticket, expiresAtMs } = await office.issue('board', ana);
      expect(ticket).toMatch(/^ticket-[A-Za-z0-9_-]{43}$/);
      expect(expiresAtMs - Date.now()).toBeLessThanOrEqual(30_000);
      const keys = await ownKeys();
      expect(keys).toHaveLength(1);
      expect(keys[0]?.[1]).toBeGreaterThan(50_000);
      expect(keys[0]?.[1]).toBeLessThanOrEqual(60_000);
      const secret = ticket.slice('ticket-'.length);
      for (const [key] of keys) expect(`${key} ${await client.get(key)}`).not.toContain(secret);
      for (const odd of ['', '*', `ticket-${'A'.repeat(42)}*`, ticket.toUpperCase(), `${ticket}\r\nFLUSHALL`])
        expect(await office.redeem(odd, 'board'), odd).toMatchObject({ ok: false });
      expect(await office.redeem(`ticket-${'A'.repeat(43)}`, 'board')).toEqual(notAllowed);
      expect(await ownKeys()).toHaveLength(1);
    });

    it('[RB17] a ticket entry that no relay wrote is refused', async () => {
      const office = createRedisTickets((await bus()).commands);
      for (const text of ['{', 'null', '[]', '{"room":"board"}', '{"room":"board","who":null}', '{"room":"board","who":{"ok":true}}']) {
        const { ticket } = await office.issue('board', ana);
        const [[key] = ['']] = await ownKeys();
        await client.set(key, text, 'PX', 60_000);
        expect(await office.redeem(ticket, 'board'), text).toEqual(notAllowed);
      }
    });

    it('[RB17] [RB20] while Redis is away a relay redeems its own tickets, those of others must wait, and none is lost', async () => {
      const { bus: far, proxy } = await fragileBus();
      const [office, other] = [createRedisTickets(far.commands), createRedisTickets((await bus()).commands)];
      const before = await other.issue('board', ana);
      proxy.cut();
      await until(() => !far.isUp, 'the link to break');
      const { ticket } = await office.issue('board', ana);
      await expect(office.redeem(before.ticket, 'board')).rejects.toMatchObject({ name: 'IdentityUnavailableError' });
      expect(await office.redeem(ticket, 'board')).toEqual(ana);
      const kept = await office.issue('board', ana);
      proxy.heal();
      await until(() => far.isUp, 'the link to hold again');
      expect(await office.redeem(kept.ticket, 'board')).toEqual(ana);
      expect(await office.redeem(kept.ticket, 'board')).toEqual(notAllowed);
      expect(await office.redeem(before.ticket, 'board')).toEqual(ana);
    });
  });

  describe('guarded caches', () => {
    const guarded = ({ commands }: RedisBusHandle, ttlMs = HOUR_MS): GuardedCache => {
      const cache = createRedisGuardedCache(commands, { name: 'newest', ttlMs, environment: systemEnvironment });
      open.push({ close: () => Promise.resolve(cache.close()) });
      return cache;
    };
    const make = async (cache: GuardedCache, text: string): Promise<void> => cache.put('k', text, (await cache.begin('k')) ?? '');

    it('[RB22] a text that one relay puts is found by the others until any drops it, and both keys expire', async () => {
      const [a, b] = [guarded(await bus()), guarded(await bus())];
      expect(await b.get('k')).toBeNull();
      await make(a, 'one');
      expect([await a.get('k'), await b.get('k'), await b.get('other')]).toEqual(['one', 'one', null]);
      for (const [, ttl] of await ownKeys()) expect(ttl).toBeGreaterThan(HOUR_MS / 2);
      await b.drop('k');
      expect([await a.get('k'), await b.get('k')]).toEqual([null, null]);
      await make(b, 'two');
      expect(await a.get('k')).toBe('two');
      expect([a.counts, b.counts]).toEqual([
        { hits: 2, misses: 1 },
        { hits: 1, misses: 3 },
      ]);
    });

    it('[RB22] a text that was begun before a drop, of this or another relay, or before Redis lost its counts, is not put', async () => {
      const [a, b] = [guarded(await bus()), guarded(await bus())];
      for (const dropper of [a, b]) {
        const begun = (await a.begin('k')) ?? '';
        await dropper.drop('k');
        await a.put('k', 'old', begun);
        expect(await b.get('k')).toBeNull();
      }
      const begun = (await a.begin('k')) ?? '';
      await client.flushall();
      await a.put('k', 'old', begun);
      await b.drop('k');
      await a.put('k', 'old', begun);
      expect(await b.get('k')).toBeNull();
    });

    it('[RB22] while Redis is away nothing is found, and what was dropped meanwhile is not found afterwards, by any relay', async () => {
      const { bus: far, proxy } = await fragileBus();
      const [a, b] = [guarded(far), guarded(await bus())];
      await make(a, 'one');
      proxy.cut();
      await until(() => !far.isUp, 'the link to break');
      expect([await a.get('k'), await a.begin('k'), await b.get('k')]).toEqual([null, null, 'one']);
      await a.drop('k');
      proxy.heal();
      await until(() => far.isUp, 'the link to hold again');
      expect(await a.get('k')).toBeNull();
      await eventually(async () => (await b.get('k')) === null, 'the drop');
      await make(b, 'two');
      await eventually(async () => (await a.get('k')) === 'two', 'the new text');
    });
  });

  describe('windows', () => {
    it('[RB18] the limit passes on all relays together; one more gets the time to wait', async () => {
      const [a, b] = [await bus(), await bus()].map(({ commands }) =>
        createRedisKeyWindow(commands, { name: 'connects', limit: 4, windowMs: 60_000 }),
      );
      const taken = [];
      for (const one of [a, b, a, b]) taken.push(await one?.take('1.2.3.4'));
      expect(taken).toEqual([0, 0, 0, 0]);
      for (const one of [a, b, a]) {
        const waitMs = (await one?.take('1.2.3.4')) ?? 0;
        expect(waitMs).toBeGreaterThan(50_000);
        expect(waitMs).toBeLessThanOrEqual(60_000);
      }
      expect(await a?.take('1.2.3.5')).toBe(0);
    });

    it('[RB18] of many at once exactly the limit passes', async () => {
      const windows = [await bus(), await bus()].map(({ commands }) =>
        createRedisKeyWindow(commands, { name: 'connects', limit: 10, windowMs: 60_000 }),
      );
      const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => windows[i % 2]?.take('k')));
      expect(answers.filter((waitMs) => waitMs === 0)).toHaveLength(10);
    });

    it('[RB18] after a window ends a key passes again; names are counted apart, and windows are whole seconds', async () => {
      const { commands } = await bus();
      const window = (name: string): KeyWindow => createRedisKeyWindow(commands, { name, limit: 1, windowMs: 60_000 });
      expect([await window('connects').take('k'), await window('other').take('k')]).toEqual([0, 0]);
      expect(await window('connects').take('k')).toBeGreaterThan(0);
      const keys = await ownKeys();
      expect(keys.map(([key]) => key).sort()).toEqual([`{${keyPrefix}}:window:connects:k`, `{${keyPrefix}}:window:other:k`]);
      for (const [, ttl] of keys) expect(ttl).toBeGreaterThan(50_000);
      await client.pexpire(`{${keyPrefix}}:window:connects:k`, 1);
      await pause(20);
      expect(await window('connects').take('k')).toBe(0);
      expect(await window('other').take('k')).toBeGreaterThan(0);
      for (const windowMs of [0, 999, 1_500])
        expect(() => createRedisKeyWindow(commands, { name: 'x', limit: 1, windowMs })).toThrow(RangeError);
    });

    it('[RB18] a key over its limit is refused without asking Redis', async () => {
      const { commands } = await bus();
      let asked = 0;
      const counting = {
        key: commands.key,
        transact: (list: Parameters<typeof commands.transact>[0]) => ((asked += 1), commands.transact(list)),
      };
      const window = createRedisKeyWindow(counting, { name: 'connects', limit: 2, windowMs: 60_000 });
      for (let i = 0; i < 50; i++) await window.take('k');
      expect(asked).toBe(3);
    });

    it('[RB21] a sliding window: exactly the limit passes on all relays together, and each passes again a window after it counted', async () => {
      const [a, b] = [await bus(), await bus()].map(({ commands }) =>
        createRedisSlidingWindow(commands, { name: 'posts', limit: 4, windowMs: 60_000 }),
      );
      const key = `{${keyPrefix}}:sliding:posts:k`;
      const halfAMinutePasses = async (): Promise<void> => {
        const times = await client.lrange(key, 0, -1);
        for (const [i, time] of times.entries()) await client.lset(key, i, Number(time) - 30_000);
      };
      expect(await Promise.all([a?.take('k'), b?.take('k')])).toEqual([0, 0]);
      await halfAMinutePasses();
      const rest = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? a : b)?.take('k')));
      expect(rest.filter((waitMs) => waitMs === 0)).toHaveLength(2);
      for (const waitMs of rest) expect(waitMs).toBeLessThanOrEqual(30_000);
      expect(Math.max(...rest.map(Number))).toBeGreaterThan(20_000);
      // Refused ones did not count: the two of the beginning pass again, and no more.
      await halfAMinutePasses();
      const again = await Promise.all([a, b, a, b].map((one) => one?.take('k')));
      expect(again.filter((waitMs) => waitMs === 0)).toHaveLength(2);
      expect(await a?.take('other')).toBe(0);
      expect(await client.llen(key)).toBe(4);
      for (const [, ttl] of await ownKeys()) expect(ttl).toBeGreaterThan(50_000);
    });

    it('[RB21] [RB20] a clock of Redis that was set back ends a window; while Redis is away each relay counts for itself', async () => {
      const { bus: far, proxy } = await fragileBus();
      const window = createRedisSlidingWindow(far.commands, { name: 'posts', limit: 1, windowMs: 60_000 });
      await client.rpush(`{${keyPrefix}}:sliding:posts:k`, Date.now() + HOUR_MS);
      expect(await window.take('k')).toBe(0);
      expect(await window.take('k')).toBeGreaterThan(59_000);
      proxy.cut();
      await until(() => !far.isUp, 'the link to break');
      expect(await window.take('k')).toBe(0);
      expect(await window.take('k')).toBeGreaterThan(59_000);
    });

    it('[RB18] [RB20] while Redis is away each relay counts for itself', async () => {
      const { bus: far, proxy } = await fragileBus();
      const window = createRedisKeyWindow(far.commands, { name: 'connects', limit: 2, windowMs: 60_000 });
      proxy.cut();
      await until(() => !far.isUp, 'the link to break');
      expect([await window.take('k'), await window.take('k')]).toEqual([0, 0]);
      expect(await window.take('k')).toBeGreaterThan(0);
      proxy.heal();
      await until(() => far.isUp, 'the link to hold again');
      expect(await window.take('k')).toBe(0);
    });
  });

  describe('the cache', () => {
    it('[RB19] a text that one relay cached is found by the others until it expires', async () => {
      const [a, b] = [await bus(), await bus()].map(({ commands }) =>
        createRedisCache(commands, { name: 'user', ttlMs: HOUR_MS, own: own() }),
      );
      expect(await a?.get('ana')).toBeNull();
      await a?.set('ana', '{"name":"Ána 😀"}');
      expect(await b?.get('ana')).toBe('{"name":"Ána 😀"}');
      for (const key of ['__proto__', 'a b\r\nDEL x', '{other}:x', '*']) {
        await a?.set(key, key);
        expect(await b?.get(key)).toBe(key);
      }
      expect(await b?.get('ANA')).toBeNull();
      expect([a?.counts, b?.counts]).toEqual([
        { hits: 0, misses: 1 },
        { hits: 5, misses: 1 },
      ]);
      const keys = await ownKeys();
      expect(keys).toHaveLength(5);
      for (const [key, ttl] of keys) {
        expect(key.startsWith(`{${keyPrefix}}:cache:user:`)).toBe(true);
        expect(ttl).toBeGreaterThan(HOUR_MS - 60_000);
        expect(ttl).toBeLessThanOrEqual(HOUR_MS);
      }
    });

    it('[RB19] [RB20] while Redis is away a relay uses its own cache, and only then', async () => {
      const { bus: far, proxy } = await fragileBus();
      const cache = createRedisCache(far.commands, { name: 'user', ttlMs: HOUR_MS, own: own() });
      await cache.set('ana', 'of Redis');
      proxy.cut();
      await until(() => !far.isUp, 'the link to break');
      expect(await cache.get('ana')).toBeNull();
      await cache.set('ana', 'of its own');
      expect(await cache.get('ana')).toBe('of its own');
      proxy.heal();
      await until(() => far.isUp, 'the link to hold again');
      expect(await cache.get('ana')).toBe('of Redis');
    });
  });

  it('[RB20] a Redis that stalls counts as away, and is asked again when it goes on', async () => {
    const stalled = await startRedis();
    try {
      const far = await createRedisBus({ url: stalled.url, keyPrefix, heartbeatMs: 2_000, timeoutMs: 4_000 });
      open.push(far);
      const cache = createRedisCache(far.commands, { name: 'user', ttlMs: HOUR_MS, own: own() });
      const office = createRedisTickets(far.commands);
      await cache.set('ana', 'of Redis');
      stalled.signal('SIGSTOP');
      expect(await cache.get('ana')).toBeNull();
      const { ticket } = await office.issue('board', ana);
      expect(await office.redeem(ticket, 'board')).toEqual(ana);
      stalled.signal('SIGCONT');
      await eventually(async () => (await cache.get('ana')) === 'of Redis', 'Redis to be asked again');
    } finally {
      stalled.signal('SIGCONT');
      await stalled.stop();
    }
  });

  it('[RB20] refusals of Redis are logged once, with what to do, and each relay uses its own data', async () => {
    await client.call('ACL', 'SETUSER', 'older', 'on', '>pw', '~*', '&*', '+@all', '-incrby', '-pttl');
    const logger = recordingLogger();
    const url = server.url.replace('redis://', 'redis://older:pw@');
    const poor = await createRedisBus({ url, keyPrefix, heartbeatMs: HEARTBEAT_MS, timeoutMs: 1_000, logger });
    open.push(poor);
    const window = createRedisKeyWindow(poor.commands, { name: 'connects', limit: 2, windowMs: 60_000 });
    expect([await window.take('k'), await window.take('k')]).toEqual([0, 0]);
    expect(await window.take('k')).toBeGreaterThan(0);
    const office = createRedisTickets(poor.commands);
    const { ticket } = await office.issue('board', ana);
    await expect(office.redeem(ticket, 'board')).rejects.toMatchObject({ name: 'IdentityUnavailableError' });
    for (const key of ['l', 'm']) expect(await window.take(key)).toBe(0);
    expect(poor.isUp).toBe(true);
    const lines = logger.lines.filter((line) => line.includes('each relay uses its own'));
    expect(lines.map((line) => /'(incrby|pttl)'/.exec(line)?.[1])).toEqual(['incrby', 'pttl']);
    expect(lines[0]).toContain('the README of @wetink/relay has the ACL line it needs');
    expect(lines.join()).not.toContain(ticket.slice('ticket-'.length));
  });

  it('[RB3] [RB14] on a Redis Cluster all shared keys are in the slot of the bus, with a TTL', async () => {
    const cluster = await startRedisCluster();
    try {
      const [a, b] = [await createRedisBus({ url: cluster.url, keyPrefix }), await createRedisBus({ url: cluster.url, keyPrefix })];
      open.push(a, b);
      const { ticket } = await createRedisTickets(a.commands).issue('board', ana);
      expect(await createRedisTickets(b.commands).redeem(ticket, 'board')).toEqual(ana);
      await createRedisTickets(a.commands).issue('board', ana);
      const windows = [a, b].map(({ commands }) => createRedisKeyWindow(commands, { name: 'connects', limit: 1, windowMs: 60_000 }));
      expect(await windows[0]?.take('1.2.3.4')).toBe(0);
      expect(await windows[1]?.take('1.2.3.4')).toBeGreaterThan(0);
      await createRedisCache(a.commands, { name: 'user', ttlMs: HOUR_MS, own: own() }).set('ana', 'x');
      expect(await createRedisCache(b.commands, { name: 'user', ttlMs: HOUR_MS, own: own() }).get('ana')).toBe('x');
      const held = await Promise.all(cluster.servers.map(async (one) => ttls(await one.client())));
      const holders = held.filter(({ size }) => size > 0);
      expect(holders).toHaveLength(1);
      const kinds = [...(holders[0] ?? new Map<string, number>())].filter(([key]) => !key.includes(':node:'));
      expect(kinds).toHaveLength(3);
      expect(kinds.filter(([, ttl]) => ttl <= 0)).toEqual([]);
    } finally {
      for (const one of open.splice(0).reverse()) await one.close();
      await cluster.stop();
    }
  });
});
