/** What only a real Redis shows: keys, publishes, permissions, TLS, and links broken in every way but a killed server. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryCache } from '../access/text-cache.ts';
import { systemEnvironment } from '../ports/environment.ts';
import type { Identified } from '../identity/answer.ts';
import {
  createRedisBus,
  createRedisCache,
  createRedisGuardedCache,
  createRedisKeyWindow,
  createRedisSlidingWindow,
  createRedisTickets,
  type RedisBusHandle,
  type RedisBusOptions,
} from './index.ts';
import { pause, until } from '../testing/harness.ts';
import { calls, describeWithRedis, enter, eventually, peersOf, recordingLogger, settled, ttls } from '../testing/redis-nodes.ts';
import { startRedis, type RedisServer } from '../testing/redis-server.ts';
import { startTcpProxy, type TcpProxy } from '../testing/tcp-proxy.ts';
import { encodeEnvelope } from './envelope.ts';
import { createRedisOnlineIndex } from './redis-online-index.ts';

/** Four of them must be longer than a busy machine may delay a process. */
const HEARTBEAT_MS = 200;
const ana: Identified = { ok: true, user: { id: 'ana' }, expiresAtMs: Date.UTC(2100, 0, 1) };
/** Keeps nothing. */
const none = createMemoryCache({ ttlMs: 0, maxEntries: 0, now: () => 0 });

describeWithRedis('a Redis bus', () => {
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
  beforeEach(() => void (keyPrefix = `t${prefixes++}`));
  afterEach(async () => {
    for (const one of open.reverse()) await one.close();
    open = [];
  });

  const bus = async (options: Partial<RedisBusOptions> = {}): Promise<RedisBusHandle> => {
    const made = await createRedisBus({ url: server.url, keyPrefix, heartbeatMs: HEARTBEAT_MS, timeoutMs: 1_000, ...options });
    open.push(made);
    return made;
  };
  const proxy = async (): Promise<TcpProxy & { url: string }> => {
    const made = await startTcpProxy(server.port);
    open.push(made);
    return { ...made, url: `redis://127.0.0.1:${made.port}` };
  };

  describe('what Redis holds', () => {
    it('[RB3] every key has a TTL and the prefix; nothing is left once they have passed', async () => {
      const [a, b] = [await bus(), await bus()];
      const rooms = Array.from({ length: 250 }, (_, i) => enter(a, `room ${i}`));
      const other = enter(b, 'room 0');
      rooms[0]?.room.report({ people: 1, connections: 2 });
      await eventually(async () => (await b.counts(['room 0']))[0]?.connections === 2, 'the report');
      for (const { room } of rooms.slice(100)) room.leave();
      await pause(3 * HEARTBEAT_MS);
      const found = await ttls(client);
      const own = [...found].filter(([key]) => key.startsWith(`{${keyPrefix}}:`));
      expect(own.map(([key]) => key)).toContain(`{${keyPrefix}}:room:room 0`);
      expect(own.length).toBe(102);
      expect([...found.values()].filter((ttl) => ttl < 0)).toEqual([]);
      expect(found.get(`{${keyPrefix}}:node:${a.node}`)).toBeLessThanOrEqual(3 * HEARTBEAT_MS);
      expect(found.get(`{${keyPrefix}}:room:room 0`)).toBeLessThanOrEqual(30 * HEARTBEAT_MS);
      other.room.leave();
    });

    it('[RB3] buses with two prefixes on one Redis hear nothing of each other', async () => {
      const [a, b] = [await bus(), await bus({ keyPrefix: 'another' })];
      const [inA, inB] = [enter(a, 'r'), enter(b, 'r')];
      await settled([a], [inA]);
      await settled([b], [inB]);
      inA.say('hello');
      await pause(50);
      expect(inB.heard.texts).toEqual([]);
    });

    it('[RB4] a message to a room is one PUBLISH, for two nodes and for five', async () => {
      const measured: number[] = [];
      for (const count of [2, 5]) {
        // Pings are publishes too; the long heartbeat keeps them out of the measurement.
        const buses = await Promise.all(Array.from({ length: count }, () => bus({ heartbeatMs: 60_000, keyPrefix: `p${count}` })));
        const entered = buses.map((one) => enter(one, 'r'));
        await settled(buses, entered);
        const before = await calls(client, 'publish');
        for (let i = 0; i < 50; i++) entered[0]?.say(`${i}`);
        await until(() => entered.slice(1).every(({ heard }) => heard.texts.length === 50), 'fifty messages');
        measured.push((await calls(client, 'publish')) - before);
        expect(buses[0]?.status()).toMatchObject({ published: 50, droppedPublishes: 0 });
        expect(buses[1]?.status()).toMatchObject({ published: 0, received: 50 });
      }
      expect(measured).toEqual([50, 50]);
    });

    it('[RB9] after FLUSHALL every node is listed again, no node is reported gone, and every room gets restored', async () => {
      const buses = [await bus(), await bus(), await bus()];
      const entered = buses.map((one) => enter(one, 'r'));
      await settled(buses, entered);
      const names = Array.from({ length: 50 }, (_, i) => `room ${i}`);
      for (const name of names) enter(buses[0] as RedisBusHandle, name);
      for (const { room } of entered) room.report({ people: 1, connections: 1 });
      await eventually(async () => (await buses[0]?.counts(['r']))?.[0]?.people === 3, 'counts');
      for (let i = 0; i < 3; i++) {
        await client.flushall();
        await pause(2.5 * HEARTBEAT_MS);
        expect(await client.exists(...names.map((name) => `{${keyPrefix}}:room:${name}`))).toBe(names.length);
        await settled(buses, entered);
        expect(await buses[1]?.counts(['r'])).toEqual([{ people: 3, connections: 3 }]);
      }
      expect(entered.flatMap(({ heard }) => heard.gones)).toEqual([]);
      expect(entered.every(({ heard }) => heard.restores > 0)).toBe(true);
      entered[0]?.say('still linked');
      await until(() => entered[2]?.heard.texts.length === 1, 'a message');
    });

    it('[RB9] an evicted entry is written again', async () => {
      const buses = [await bus(), await bus()];
      const entered = buses.map((one) => enter(one, 'r'));
      await settled(buses, entered);
      await client.del(`{${keyPrefix}}:room:r`);
      await settled(buses, entered);
      expect(entered.map(({ heard }) => heard.restores)).toEqual([0, 0]);
    });
  });

  describe('messages', () => {
    it('[RB2] foreign bytes on the channels are counted and ignored', async () => {
      const [a, b] = [await bus(), await bus()];
      const [inA, inB] = [enter(a, 'r'), enter(b, 'r')];
      await settled([a, b], [inA, inB]);
      for (const junk of ['', 'hello', '\u0001\u0000', Buffer.alloc(100_000, 1)]) {
        await client.publish(`${keyPrefix}:room:r`, junk);
        await client.publish(`${keyPrefix}:node:${a.node}`, junk);
        await client.publish(`${keyPrefix}:nodes`, junk);
      }
      inB.say('after the junk');
      await until(() => inA.heard.texts.length > 0, 'the message');
      expect(inA.heard.texts).toEqual(['after the junk']);
      expect(a.status().ignoredMessages).toBe(12);
      expect([inA.heard.gones, inB.heard.gones]).toEqual([[], []]);
    });

    it('[RB10] answers to a room’s first message are heard, however slow its subscription is', async () => {
      // The first endpoint subscribes, the second publishes: both are the same server, one of them far away.
      const [far, near] = [await proxy(), await proxy()];
      const fromFirst = { ...systemEnvironment, random: () => 0 };
      const [a, b] = [await bus(), await bus({ url: `${far.url},${near.url}`, environment: fromFirst })];
      far.delay(30);
      for (let i = 0; i < 10; i++) {
        const name = `r${i}`;
        const answers = a.join(name, {
          receive: (from) => {
            answers.send(from, new TextEncoder().encode('private'));
            answers.publish(new TextEncoder().encode('to all'));
          },
          restored: () => undefined,
          gone: () => undefined,
        });
        const subscribers = async (): Promise<unknown> =>
          ((await client.call('PUBSUB', 'NUMSUB', `${keyPrefix}:room:${name}`)) as unknown[])[1];
        await eventually(async () => (await subscribers()) === 1, 'a to hear');
        const asks = enter(b, name);
        asks.say('who is there?');
        await until(() => asks.heard.texts.length === 2, 'both answers');
        expect(asks.heard.texts).toEqual(['private', 'to all']);
      }
    });

    it('[RB11] messages that a broken link delivers late are ignored', async () => {
      const a = await bus();
      const inA = enter(a, 'r');
      await settled([a], [inA]);
      const from = (linkNumber: number, text: string): Promise<unknown> =>
        client.publish(`${keyPrefix}:room:r`, encodeEnvelope('room', 'other', linkNumber, new TextEncoder().encode(text)));
      await from(3, 'old link');
      await from(4, 'new link');
      await from(3, 'late');
      await from(4, 'new again');
      await until(() => inA.heard.texts.length === 3, 'messages');
      expect(inA.heard.texts).toEqual(['old link', 'new link', 'new again']);
      expect(a.status().ignoredMessages).toBe(1);
    });

    it('[RB16] a listener that throws costs no other listener a message', async () => {
      const logger = recordingLogger();
      const [a, b] = [await bus({ logger }), await bus()];
      const throwing = a.join('bad', {
        receive: () => {
          throw new Error('broken room');
        },
        restored: () => undefined,
        gone: () => undefined,
      });
      const [inA, inB, badB] = [enter(a, 'r'), enter(b, 'r'), enter(b, 'bad')];
      await settled([a, b], [inA, inB]);
      await eventually(async () => (await peersOf(throwing))?.length === 1, 'b in the bad room');
      badB.say('x');
      inB.say('y');
      await until(() => inA.heard.texts.length === 1, 'the other room’s message');
      expect(a.isUp).toBe(true);
      expect(logger.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
    });
  });

  describe('the link', () => {
    it('[RB5] [RB6] when Redis is unreachable at start, one log line says what to do; later the bus comes up by itself and rooms get restored', async () => {
      const logger = recordingLogger();
      const between = await proxy();
      between.cut();
      const a = await bus({ url: between.url, logger });
      expect(a.isUp).toBe(false);
      const inA = enter(a, 'r');
      inA.say('dropped');
      await expect(inA.room.peers()).rejects.toThrow();
      await pause(500);
      expect(logger.lines).toHaveLength(1);
      expect(logger.lines[0]).toContain('keeps trying');
      expect(a.status()).toMatchObject({ isUp: false, droppedPublishes: 1, reason: expect.stringContaining('127.0.0.1') as string });
      between.heal();
      await until(() => a.isUp && inA.heard.restores === 1, 'the link');
      expect(logger.lines).toHaveLength(2);
      expect(a.status()).toMatchObject({ isUp: true, failures: 0, reconnects: 0 });
    });

    it('[RB7] after CLIENT KILL TYPE pubsub the link is restored, and both nodes go on', async () => {
      const buses = [await bus(), await bus()];
      const entered = buses.map((one) => enter(one, 'r'));
      await settled(buses, entered);
      await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await until(() => entered.every(({ heard }) => heard.restores === 1), 'restored');
      entered[0]?.say('one');
      await until(() => entered[1]?.heard.texts.length === 1, 'a message');
      expect(entered.flatMap(({ heard }) => heard.gones)).toEqual([]);
      expect(buses[0]?.status().reconnects).toBe(1);
    });

    it.each(['publish', 'subscribe', 'commands'])('[RB7] losing the “%s” connection loses the link, and it comes back', async (role) => {
      const a = await bus();
      const inA = enter(a, 'r');
      await settled([a], [inA]);
      const line = String(await client.client('LIST'))
        .split('\n')
        .find((text) => text.includes(`name=wetink-${a.node}-${role}`));
      await client.call('CLIENT', 'KILL', 'ID', /id=(\d+)/.exec(line ?? '')?.[1] ?? '');
      await until(() => inA.heard.restores === 1 && a.isUp, 'restored');
    });

    it('[RB7] a link that swallows everything is found to be down by its pings, and the others see the node as gone', async () => {
      const between = await proxy();
      const [a, b] = [await bus({ url: between.url }), await bus()];
      const [inA, inB] = [enter(a, 'r'), enter(b, 'r')];
      await settled([a, b], [inA, inB]);
      between.swallow();
      await until(() => !a.isUp, 'the silence to be noticed');
      expect(a.status().reason).toContain('pings');
      await until(() => inB.heard.gones.length === 1, 'gone');
      inB.say('missed');
      between.heal();
      await until(() => a.isUp && inA.heard.restores === 1, 'restored');
      inB.say('heard');
      await until(() => inA.heard.texts.length > 0, 'a message');
      expect(inA.heard.texts).toEqual(['heard']);
    });

    it('[RB7] a bus is up only when its publishes come back: with two servers that are no cluster it never is', async () => {
      const stranger = await startRedis();
      open.push({ close: () => stranger.stop() });
      const a = await bus({ url: `${server.url},${stranger.url}`, timeoutMs: 300 });
      expect(a.isUp).toBe(false);
      expect(a.status().reason).toContain('one cluster');
    });

    it('[RB7] a CLIENT PAUSE shorter than four heartbeats breaks nothing and loses nothing', async () => {
      const buses = [await bus({ heartbeatMs: 400 }), await bus({ heartbeatMs: 400 })];
      const entered = buses.map((one) => enter(one, 'r'));
      await settled(buses, entered);
      await client.call('CLIENT', 'PAUSE', '800', 'ALL');
      for (let i = 0; i < 100; i++) entered[0]?.say(`${i}`);
      await until(() => entered[1]?.heard.texts.length === 100, 'messages sent during the pause');
      expect(entered.flatMap(({ heard }) => [heard.restores, ...heard.gones])).toEqual([0, 0]);
      expect(buses.map((one) => one.status().reconnects)).toEqual([0, 0]);
    });

    it('[RB7] a subscriber that Redis cuts off for its output buffer comes back, and its rooms get restored', async () => {
      const buses = [await bus(), await bus()];
      const entered = buses.map((one) => enter(one, 'r'));
      await settled(buses, entered);
      await client.config('SET', 'client-output-buffer-limit', 'pubsub 32kb 8kb 1');
      try {
        entered[0]?.room.publish(new Uint8Array(4_000_000));
        await until(() => entered.every(({ heard }) => heard.restores > 0), 'restored');
      } finally {
        await client.config('SET', 'client-output-buffer-limit', 'pubsub 32mb 8mb 60');
      }
      await settled(buses, entered);
      entered[0]?.say('small');
      await until(() => entered[1]?.heard.texts.includes('small') ?? false, 'a message');
    });

    it('[RB8] while Redis stalls, at most maxOutboxBytes are held; the rest is dropped and counted', async () => {
      const between = await proxy();
      const [a, b] = [await bus({ url: between.url, maxOutboxBytes: 1_000_000 }), await bus()];
      const [inA, inB] = [enter(a, 'r'), enter(b, 'r')];
      await settled([a, b], [inA, inB]);
      between.swallow();
      const big = new Uint8Array(50_000);
      for (let i = 0; i < 1_000; i++) inA.room.publish(big);
      const { outboxBytes, droppedPublishes, published } = a.status();
      expect(outboxBytes).toBeLessThanOrEqual(1_000_000);
      expect(published).toBeLessThan(20);
      expect(droppedPublishes).toBe(1_000 - published);
      await until(() => !a.isUp, 'the silence to be noticed');
      expect(a.status().outboxBytes).toBe(0);
      inA.room.publish(big);
      expect(a.status().droppedPublishes).toBe(1_001 - published);
      // Messages waiting for a stalled subscription are bounded too.
      between.heal();
      await until(() => a.isUp, 'the link');
      between.swallow();
      const waiting = enter(a, 'not confirmed');
      const droppedBefore = a.status().droppedPublishes;
      for (let i = 0; i < 100; i++) waiting.room.publish(big);
      expect(a.status().droppedPublishes - droppedBefore).toBeGreaterThan(80);
      await until(() => !a.isUp, 'the silence to be noticed again');
      expect(a.status().droppedPublishes - droppedBefore).toBe(100);
    });

    it('[RB6] thirty nodes that lose Redis together return without a storm', async () => {
      const between = await proxy();
      const buses = await Promise.all(Array.from({ length: 30 }, () => bus({ url: between.url })));
      const opened = async (): Promise<number> => Number(/total_connections_received:(\d+)/.exec(await client.info('stats'))?.[1]);
      const before = await opened();
      between.cut();
      await until(() => buses.every((one) => !one.isUp), 'all down');
      await pause(1_000);
      between.heal();
      await until(() => buses.every((one) => one.isUp), 'all up');
      expect((await opened()) - before).toBe(3 * buses.length);
      // About six attempts in the first second, one at a time.
      expect(Math.max(...buses.map((one) => one.status().reconnects))).toBe(1);
    });

    it('[RB12] a room left while the link was down counts no more, and the others learn that it was left', async () => {
      const between = await proxy();
      // The second reads the registry only on demand, the third at every heartbeat.
      const [a, b, c] = [await bus({ url: between.url }), await bus({ heartbeatMs: 60_000 }), await bus()];
      const entered = [enter(a, 'r'), enter(b, 'r'), enter(c, 'r')] as const;
      const [inA, inB, inC] = entered;
      const keptA = enter(a, 'kept');
      await settled([a, b, c], entered);
      inA.room.report({ people: 5, connections: 5 });
      await eventually(async () => (await b.counts(['r']))[0]?.people === 5, 'the report');
      between.cut();
      await until(() => !a.isUp, 'the break');
      inA.room.leave();
      between.heal();
      await until(() => keptA.heard.restores === 1, 'restored');
      expect(await peersOf(inB.room)).toEqual([c.node]);
      expect(await b.counts(['r'])).toEqual([{ people: 0, connections: 0 }]);
      await until(() => inC.heard.gones.length === 1, 'gone');
      const left = async (): Promise<string> =>
        Object.keys(await client.hgetall(`{${keyPrefix}}:room:r`))
          .sort()
          .join();
      await eventually(async () => (await left()) === [b.node, c.node].sort().join(), 'the entry to be taken out');
    });

    it('[RB15] close leaves no connection, says goodbye to all rooms in one message, and does not wait for a dead Redis', async () => {
      const between = await proxy();
      const [a, b] = [await bus({ url: between.url }), await bus()];
      const names = Array.from({ length: 20 }, (_, i) => `r${i}`);
      const inA = names.map((name) => enter(a, name));
      const inB = names.map((name) => enter(b, name));
      for (const [i, one] of inA.entries()) await settled([a, b], [one, inB[i] as (typeof inB)[number]]);
      const before = await calls(client, 'publish');
      await a.close();
      await until(() => inB.every(({ heard }) => heard.gones.length === 1), 'gone everywhere');
      // Nodes that only stopped hearing it would say 'lost'.
      expect(new Set(inB.flatMap(({ heard }) => heard.departures))).toEqual(new Set(['left']));
      expect((await calls(client, 'publish')) - before).toBeLessThan(10);
      await eventually(async () => !String(await client.client('LIST')).includes(a.node), 'its connections to be closed');
      const c = await bus({ url: between.url });
      enter(c, 'r');
      between.swallow();
      const startedAt = Date.now();
      await c.close();
      expect(Date.now() - startedAt).toBeLessThan(2_500);
      expect(c.isUp).toBe(false);
    });
  });

  describe('permissions', () => {
    /** The ACL line of the README. */
    const acl = /ACL SETUSER wetink (.*)/.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'))?.[1] ?? '';

    it('[RB13] the ACL line of the README is enough', async () => {
      const rules = acl.replaceAll('wetink', keyPrefix).replace('PASSWORD', 'a,b/c').split(' ');
      expect(rules).toContain('-@all');
      await client.call('ACL', 'SETUSER', 'relay', ...rules);
      const url = server.url.replace('redis://', `redis://relay:${encodeURIComponent('a,b/c')}@`);
      const buses = [await bus({ url }), await bus({ url })];
      const entered = buses.map((one) => enter(one, 'r'));
      await settled(buses, entered);
      entered[0]?.say('hello');
      entered[0]?.room.report({ people: 1, connections: 1 });
      await until(() => entered[1]?.heard.texts.length === 1, 'the message');
      await eventually(async () => (await buses[1]?.counts(['r']))?.[0]?.people === 1, 'counts');
      entered[0]?.room.leave();
      await until(() => entered[1]?.heard.gones.length === 1, 'gone');
      for (const { commands } of buses) {
        const { ticket } = await createRedisTickets(commands).issue('r', ana);
        expect(await createRedisTickets(commands).redeem(ticket, 'r')).toEqual(ana);
        expect(await createRedisKeyWindow(commands, { name: 'w', limit: 2, windowMs: 60_000 }).take('k')).toBe(0);
        const cache = createRedisCache(commands, { name: 'c', ttlMs: 60_000, own: none });
        await cache.set('k', 'v');
        expect(await cache.get('k')).toBe('v');
        expect(await createRedisSlidingWindow(commands, { name: 's', limit: 2, windowMs: 60_000 }).take('k')).toBe(0);
        const guarded = createRedisGuardedCache(commands, { name: 'g', ttlMs: 60_000, environment: systemEnvironment });
        await guarded.drop('k');
        await guarded.put('k', 'v', (await guarded.begin('k')) ?? '');
        expect(await guarded.get('k')).toBe('v');
        guarded.close();
      }
      for (const { commands, node } of buses) {
        const online = createRedisOnlineIndex(commands, { node, wallClock: Date.now });
        await online.add('ana', ['g']);
        expect(await online.of(['g'], 10)).toMatchObject({ isWhole: true });
        await online.remove('ana', ['g']);
      }
      await buses[0]?.close();
      const denied = (await client.call('ACL', 'LOG')) as unknown[];
      expect(denied).toEqual([]);
    });

    it('[RB5] a command that Redis refuses is logged once, and the relay goes on with its own', async () => {
      await client.call('ACL', 'SETUSER', 'scarce', 'on', '>secret', '~*', '&*', '+@all', '-zadd', '-eval');
      const logger = recordingLogger();
      const one = await bus({ url: server.url.replace('redis://', 'redis://scarce:secret@'), logger });
      const index = createRedisOnlineIndex(one.commands, { node: one.node, wallClock: Date.now });
      for (let i = 0; i < 3; i++) await index.add('ana', ['board']);
      expect((await index.of(['board'], 10)).ids).toEqual(new Set(['ana']));
      const window = createRedisSlidingWindow(one.commands, { name: 's', limit: 1, windowMs: 60_000 });
      expect([await window.take('k'), (await window.take('k')) > 0]).toEqual([0, true]);
      expect(logger.lines.filter((line) => line.includes('zadd'))).toHaveLength(1);
      expect(logger.lines.filter((line) => line.includes('eval'))).toHaveLength(1);
    });

    it('[RB5] a wrong password and a missing permission are logged, without the password', async () => {
      await client.call('ACL', 'SETUSER', 'poor', 'on', '>secret', '~*', '&*', '+@all', '-hset');
      const logger = recordingLogger();
      const wrong = await bus({ url: server.url.replace('redis://', 'redis://poor:hunter2@'), logger });
      const poor = await bus({ url: server.url.replace('redis://', 'redis://poor:secret@'), logger });
      expect([wrong.isUp, poor.isUp]).toEqual([false, true]);
      enter(poor, 'r');
      await until(() => !poor.isUp, 'a registry that cannot be written');
      expect(logger.lines[0]).toContain('password in the Redis URL is wrong');
      expect(logger.lines.some((line) => line.includes('NOPERM'))).toBe(true);
      expect(logger.lines.join()).not.toMatch(/hunter2|secret/);
    });
  });
});

const hasTls = spawnSync('openssl', ['version']).status === 0 && redisSpeaksTls();

describe.skipIf(!hasTls)(`TLS${hasTls ? '' : ' (not run: needs openssl and a redis-server built with TLS)'}`, () => {
  it('[RB1] [RB5] rediss:// works with a CA and a password; without the CA, or without TLS, the reason is given', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wetink-tls-'));
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    makeCertificate(certFile, keyFile);
    const server = await startRedis({ password: 'pa:ss@word', tls: { certFile, keyFile, caFile: certFile } });
    const logger = recordingLogger();
    const good = await createRedisBus({ url: server.url, tls: { ca: readFileSync(certFile) } });
    const distrustful = await createRedisBus({ url: server.url, logger });
    const plain = await createRedisBus({ url: server.url.replace('rediss', 'redis'), logger, timeoutMs: 1_000 });
    try {
      expect([good.isUp, distrustful.isUp, plain.isUp]).toEqual([true, false, false]);
      const inA = enter(good, 'r');
      await settled([good], [inA]);
      expect(logger.lines[0]).toContain('NODE_EXTRA_CA_CERTS');
      expect(logger.lines).toHaveLength(2);
    } finally {
      for (const one of [good, distrustful, plain]) await one.close();
      await server.stop();
      rmSync(folder, { recursive: true });
    }
  });
});

function makeCertificate(certFile: string, keyFile: string): void {
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-keyout', keyFile, '-out', certFile, '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'],
  ]);
  if (made.status !== 0) throw new Error(made.stderr.toString());
}

/** Without TLS, redis-server does not know the setting; with TLS, it misses the file. */
function redisSpeaksTls(): boolean {
  const { stdout, stderr } = spawnSync('redis-server', ['--port', '0', '--tls-port', '1', '--tls-cert-file', '/nonexistent']);
  return !`${stdout}${stderr}`.includes('FATAL CONFIG');
}
