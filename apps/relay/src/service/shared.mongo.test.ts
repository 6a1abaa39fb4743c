/** What two relays over one MongoDB and one Redis share about users, and what each does when Redis is down. */

import { randomBytes } from 'node:crypto';
import { findMongo, startMongo, type RunningMongo } from '@wetink/storage/testing';
import { MongoClient } from 'mongodb';
import { until } from '@wetink/relay/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasRedis, redisToStart, type RunningRedis } from '../testing/redis.ts';
import { TestService } from '../testing/service.ts';

const ADMIN = 'operators-only-0123456789';
const SECRET = randomBytes(32).toString('hex');
const canRun = findMongo() !== null && hasRedis;

describe.skipIf(!canRun)(
  `two relays${canRun ? '' : ' (not run: needs a MongoDB, see scripts/mongo.mjs, and redis-server on PATH)'}`,
  () => {
    let mongo: RunningMongo;
    let redis: RunningRedis;
    let database = 0;
    let relays: [TestService, TestService];

    beforeAll(async () => {
      mongo = await startMongo();
    }, 120_000);
    afterAll(() => mongo.stop());

    beforeEach(async () => {
      database += 1;
      redis = await redisToStart('hunter2hunter2');
      await redis.start();
      relays = [new TestService(), new TestService()];
    });
    afterEach(async () => {
      for (const relay of relays) await relay.dispose();
      await redis.stop();
      const client = new MongoClient(mongo.uri);
      await client.db(name()).dropDatabase();
      await client.close();
    });

    const name = (): string => `relay_shared_${process.pid}_${database}`;
    const start = async (env: Record<string, string> = {}): Promise<[TestService, TestService]> => {
      const uri = new URL(mongo.uri);
      uri.pathname = `/${name()}`;
      const common = {
        MONGODB_URI: uri.href,
        REDIS_URL: redis.url,
        WETINK_AUTH: 'guests',
        WETINK_SECRET: SECRET,
        WETINK_ADMIN_TOKEN: ADMIN,
        WETINK_DRAIN_WAIT_SECONDS: '0',
      };
      for (const relay of relays) await relay.start({ ...common, ...env });
      return relays;
    };
    const metric = async (relay: TestService, series: string): Promise<number> => {
      const text = await (await fetch(`${relay.origin}/metrics`)).text();
      const line = text.split('\n').find((one) => one.startsWith(`${series} `));
      return Number(line?.slice(series.length + 1));
    };

    it('a ticket from one relay opens its room on the other, once, and no log contains it', async () => {
      const [a, b] = await start();
      const ana = await a.guest('Ana');
      const board = await a.board(ana.token);
      const { status, body } = await a.post('/v1/tickets', ana.token, { room: board });
      expect([status, body.ticket]).toEqual([201, expect.stringMatching(/^ticket-/)]);
      expect(await b.enterStock(board, body.ticket)).toBe('in');
      expect(await a.enterStock(board, body.ticket)).toMatchObject({ code: 4403 });
      expect(a.log + b.log).not.toContain(body.ticket.slice('ticket-'.length));
    });

    it('a user suspended on one relay is disconnected by the other, enters no room, and may return after being resumed', async () => {
      const [a, b] = await start();
      const ana = await a.guest('Ana');
      const board = await a.board(ana.token);
      const there = b.stay(board, ana.token);
      await until(() => there.roles.length > 0, 'Ana to be in');
      expect((await a.call('POST', `/v1/users/${encodeURIComponent(ana.id)}/suspend`, ADMIN)).status).toBe(200);
      await until(() => there.ended !== null, 'Ana to be sent away');
      expect(there.ended?.reason).toContain('suspended');
      for (const relay of relays) expect(await relay.enter(board, ana.token)).toMatchObject({ code: expect.any(Number) });
      expect((await b.call('GET', '/v1/me', ana.token)).status).toBe(403);
      expect((await b.call('POST', `/v1/users/${encodeURIComponent(ana.id)}/resume`, ADMIN)).status).toBe(200);
      for (const relay of relays) expect(await relay.enter(board, ana.token)).toEqual({ userId: ana.id, role: 'owner' });
    });

    it('relays count the calls of an address together, and each on its own while Redis is down', async () => {
      const [a, b] = await start({ WETINK_TRUSTED_PROXIES: '127.0.0.1', WETINK_LIMIT_API_CALLS: '4' });
      const from = { 'x-forwarded-for': '203.0.113.9' };
      const call = async (relay: TestService): Promise<number> => (await relay.call('GET', '/v1/settings', null, undefined, from)).status;
      const answers = [];
      for (const relay of [a, b, a, b, a, b]) answers.push(await call(relay));
      expect(answers).toEqual([200, 200, 200, 200, 429, 429]);
      await redis.stop();
      const other = { 'x-forwarded-for': '203.0.113.10' };
      const without = [];
      for (let i = 0; i < 5; i++) without.push((await a.call('GET', '/v1/settings', null, undefined, other)).status);
      expect(without).toEqual([200, 200, 200, 200, 429]);
    });

    it('a user seen on one relay is found in the cache by the other, and the metrics count the hit', async () => {
      const [a, b] = await start();
      const [ana, ben] = [await a.guest('Ana'), await a.guest('Ben')];
      const board = await a.board(ana.token, 'editor');
      await a.enter(board, ana.token);
      const hitsBefore = await metric(b, 'wetink_user_cache_total{result="hit"}');
      expect((await b.call('GET', `/v1/boards/${board}`, ben.token)).body.board.owner).toEqual({ id: ana.id, name: 'Ana' });
      expect(await metric(b, 'wetink_user_cache_total{result="hit"}')).toBeGreaterThan(hitsBefore);
    });
  },
);
