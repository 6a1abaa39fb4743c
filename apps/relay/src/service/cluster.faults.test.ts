/**
 * Relays as processes over MongoDB and Redis: their combined counts, and what each reports when MongoDB or Redis is
 * down. Needs a MongoDB for tests (`node scripts/mongo.mjs`) and redis-server on PATH.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore } from '@wetink/storage/lmdb';
import { findMongo, startMongo, type RunningMongo } from '@wetink/storage/testing';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { bundleRelay, type BundledRelay } from '../testing/bundle.ts';
import { spawnRelay, startRelayProcess, type RelayProcess } from '../testing/process.ts';
import { freePort, hasRedis, redisToStart, type RunningRedis } from '../testing/redis.ts';
import { Writer } from '../testing/writer.ts';

const TOKEN = 'operators-only-0123456789';
const PASSWORD = 'hunter2hunter2';
const asAdmin = { headers: { authorization: `Bearer ${TOKEN}` } };

let bundle: BundledRelay;

beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited for ${what}`);
}

it('MongoDB unreachable at the start: one line that says what to do, without the password, and exit code 1', async () => {
  const process = spawnRelay(bundle.script, ['--port', '0'], {
    MONGODB_URI: `mongodb://ana:${PASSWORD}@127.0.0.1:${await freePort()}/wetink`,
  });
  expect(await process.ended).toBe(1);
  expect(process.stdout()).toBe('');
  expect(process.stderr()).toMatch(/^wetink-relay: .*127\.0\.0\.1:\d+.*\n$/);
  expect(process.stderr()).not.toContain(PASSWORD);
});

// Needs both servers. CI has them, and fails on skipped tests.
describe.skipIf(findMongo() === null || !hasRedis)('several relays', () => {
  let mongo: RunningMongo;
  let redis: RunningRedis;
  let database = 0;
  let running: RelayProcess[];

  beforeAll(async () => {
    mongo = await startMongo();
  }, 120_000);
  afterAll(() => mongo.stop());

  beforeEach(async () => {
    running = [];
    database += 1;
    redis = await redisToStart(PASSWORD);
  });

  afterEach(async () => {
    for (const relay of running) {
      relay.child.kill('SIGKILL');
      await relay.ended;
    }
    await redis.stop();
  });

  async function start(): Promise<RelayProcess> {
    const uri = new URL(mongo.uri);
    uri.pathname = `/relay_app_${process.pid}_${database}`;
    const relay = await startRelayProcess(bundle.script, ['--port', '0', '--drain-wait-seconds', '0'], {
      MONGODB_URI: uri.href,
      REDIS_URL: redis.url,
      WETINK_ADMIN_TOKEN: TOKEN,
    });
    running.push(relay);
    return relay;
  }

  const ready = async (relay: RelayProcess): Promise<unknown> => (await fetch(`${relay.origin}/readyz`)).json();
  const isUp = async (relay: RelayProcess): Promise<boolean> => ((await ready(relay)) as { bus: string }).bus === 'up';

  it('rooms and people are counted across the cluster, and a room erased on one relay is erased on all', async () => {
    await redis.start();
    const [a, b] = [await start(), await start()];
    await until(async () => (await isUp(a)) && (await isUp(b)), 'the bus');
    const ana = await Writer.join(a.url, 'board', 1);
    const ben = await Writer.join(b.url, 'board', 2);
    const eve = await Writer.join(b.url, 'other', 3);
    ana.edit((doc) => doc.getMap('m').set('a', 1));
    ben.edit((doc) => doc.getMap('m').set('b', 2));
    eve.edit((doc) => doc.getMap('m').set('c', 3));
    await Promise.all([ana.acked(1), ben.acked(1), eve.acked(1)]);
    for (const relay of [a, b])
      await until(async () => {
        const { rooms } = (await (await fetch(`${relay.origin}/v1/rooms`, asAdmin)).json()) as { rooms: { people: number }[] };
        return rooms.map(({ people }) => people).join() === '2,1';
      }, 'the counts of both nodes');
    // Erased on the node that does not have the room open.
    expect((await fetch(`${a.origin}/v1/rooms/other`, { ...asAdmin, method: 'DELETE' })).status).toBe(200);
    await eve.closed();
    expect((await fetch(`${b.origin}/v1/rooms/board`, { ...asAdmin, method: 'DELETE' })).status).toBe(200);
    await Promise.all([ana.closed(), ben.closed()]);
    expect([ana.closeCode, ben.closeCode, eve.closeCode]).toEqual([4410, 4410, 4410]);
    for (const relay of [a, b]) {
      const back = await Writer.join(relay.url, 'board', 4);
      await back.closed();
      expect(back.closeCode).toBe(4410);
      expect((await fetch(`${relay.origin}/v1/rooms/board`, asAdmin)).status).toBe(410);
    }
    for (const relay of [a, b]) relay.child.kill('SIGTERM');
    expect(await Promise.all([a.ended, b.ended])).toEqual([0, 0]);
  });

  it("import-y-mongodb copies the provider's documents once; an unreachable source is one line without its password", async () => {
    const doc = new Y.Doc();
    doc.getMap('m').set('k', 'v');
    const source = new URL(mongo.uri);
    source.pathname = `/provider_${process.pid}_${database}`;
    const client = await MongoClient.connect(mongo.uri);
    const row = { version: 'v1', docName: 'old-board', action: 'update', clock: 0, value: Buffer.from(Y.encodeStateAsUpdate(doc)) };
    await client.db(source.pathname.slice(1)).collection('yjs-writings').insertOne(row);
    await client.close();
    const folder = await mkdtemp(join(tmpdir(), 'wetink-import-'));
    const importing = async (from: string): Promise<[number | NodeJS.Signals, string, string]> => {
      const child = spawnRelay(bundle.script, ['import-y-mongodb', '--data', join(folder, 'data')], { WETINK_IMPORT_FROM: from });
      return [await child.ended, child.stdout(), child.stderr()];
    };
    expect(await importing(source.href)).toEqual([0, 'imported: old-board (1 update)\n1 of 1 document imported.\n', '']);
    const [code, said] = await importing(source.href);
    expect([code, said]).toEqual([0, expect.stringMatching(/^exists: old-board.*\n0 of 1 document imported\.\n$/)]);
    const away = await importing(`mongodb://ana:${PASSWORD}@127.0.0.1:${await freePort()}/old`);
    expect(away).toEqual([1, '', expect.stringMatching(/^wetink-relay: .*\n$/)]);
    expect(away[2]).not.toContain(PASSWORD);

    const store = await openLmdbStore({ folder: join(folder, 'data') });
    const { checkpoint, updates } = await store.load('old-board');
    await store.close();
    await rm(folder, { recursive: true, force: true });
    const copy = new Y.Doc();
    for (const update of [...(checkpoint === null ? [] : [checkpoint]), ...updates]) Y.applyUpdate(copy, update);
    expect(copy.getMap('m').toJSON()).toEqual({ k: 'v' });
  });

  it('Redis down at the start and later: the relay serves its own clients, reports it, and reconnects', async () => {
    const relay = await start();
    const report = await ready(relay);
    expect(report).toMatchObject({ ready: true, store: 'up', bus: 'down', degraded: ['bus'] });
    const text = await (await fetch(`${relay.origin}/metrics`)).text();
    expect(text).toContain('\nwetink_redis_up 0\n');
    const warnings = relay.stderr().trim().split('\n');
    expect(warnings).toHaveLength(1);
    expect(JSON.parse(warnings[0] ?? '')).toMatchObject({ msg: expect.stringMatching(/Redis/) });
    expect(relay.stderr()).not.toContain(PASSWORD);
    const writer = await Writer.join(relay.url, 'board', 1);
    writer.edit((doc) => doc.getMap('m').set('k', 1));
    await writer.acked(1);
    expect(await (await fetch(`${relay.origin}/v1/rooms`, asAdmin)).json()).toMatchObject({
      rooms: [{ room: 'board', people: 1 }],
      counted: 'this relay alone',
    });

    await redis.start();
    await until(() => isUp(relay), 'Redis to be found');
    expect(await ready(relay)).toMatchObject({ ready: true, degraded: [] });
    await redis.stop();
    await until(async () => !(await isUp(relay)), 'the loss to be noticed');
    writer.edit((doc) => doc.getMap('m').set('l', 2));
    await writer.acked(2);
    expect(writer.ackedCount).toBe(2);
    // The change above could not be sent to other relays.
    expect(await (await fetch(`${relay.origin}/metrics`)).text()).toMatch(/\nwetink_redis_dropped_publishes_total [1-9]/);
    relay.child.kill('SIGTERM');
    expect(await relay.ended).toBe(0);
  });

  it('MongoDB down later: not ready with the reason, nothing is acknowledged, and the relay recovers when it is back', async ({ skip }) => {
    skip(mongo.pid === null, 'the server behind MONGODB_URI is not ours to stop');
    await redis.start();
    const relay = await start();
    const writer = await Writer.join(relay.url, 'board', 1);
    writer.edit((doc) => doc.getMap('m').set('k', 1));
    await writer.acked(1);
    await mongo.kill();
    await until(async () => (await fetch(`${relay.origin}/readyz`)).status === 503, 'readiness to fail');
    expect(await ready(relay)).toMatchObject({ ready: false, store: 'down', reason: expect.stringMatching(/ /) });
    writer.edit((doc) => doc.getMap('m').set('l', 2));
    await until(() => relay.stderr().includes('changes could not be saved'), 'the failed write');
    expect(writer.ackedCount).toBe(1);
    await mongo.restart();
    await writer.acked(2);
    expect(writer.ackedCount).toBe(2);
    await until(async () => (await fetch(`${relay.origin}/readyz`)).status === 200, 'readiness');
  }, 120_000);
});
