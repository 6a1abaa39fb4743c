/** Servers that are killed and stopped while relays send, with the heartbeat of production where it matters. */

import type { Redis } from 'ioredis';
import { afterEach, expect, it } from 'vitest';
import { createRedisBus, type RedisBusHandle } from './index.ts';
import { pause, until } from '../testing/harness.ts';
import { describeWithRedis, enter, eventually, settled, ttls } from '../testing/redis-nodes.ts';
import { startRedis, startRedisCluster, type RedisCluster, type RedisServer } from '../testing/redis-server.ts';

let open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.reverse()) await close();
  open = [];
});

async function bus(url: string, heartbeatMs = 2_000): Promise<RedisBusHandle> {
  const made = await createRedisBus({ url, heartbeatMs });
  open.push(() => made.close());
  return made;
}

describeWithRedis('one Redis', () => {
  it('[RB9] after kill -9 and a restart all nodes are linked and listed again within seconds, and no node is reported gone', async () => {
    const server = await startRedis();
    open.push(() => server.stop());
    const buses = [await bus(server.url), await bus(server.url), await bus(server.url)];
    const entered = buses.map((one) => enter(one, 'r'));
    entered[0]?.room.report({ people: 3, connections: 3 });
    await settled(buses, entered);
    for (let round = 1; round <= 2; round++) {
      await server.kill();
      await until(() => buses.every((one) => !one.isUp), 'the break');
      entered[0]?.say('dropped');
      await pause(1_000);
      await server.restart();
      const returnedAt = Date.now();
      await until(() => entered.every(({ heard }) => heard.restores === round), 'restored');
      expect(Date.now() - returnedAt).toBeLessThan(5_000);
      await settled(buses, entered);
      expect(await buses[1]?.counts(['r'])).toEqual([{ people: 3, connections: 3 }]);
      entered[0]?.say(`round ${round}`);
      await until(() => entered[2]?.heard.texts.length === round, 'a message');
    }
    await pause(4_500);
    expect(entered.flatMap(({ heard }) => heard.gones)).toEqual([]);
    expect(entered[1]?.heard.texts).toEqual(['round 1', 'round 2']);
    const client = await server.client();
    expect([...(await ttls(client)).values()].filter((ttl) => ttl < 0)).toEqual([]);
  });

  it('[RB7] [RB8] after SIGSTOP the bus is down within ten seconds and memory stays flat; after SIGCONT it works again', async () => {
    const server = await startRedis();
    open.push(() => server.stop());
    const buses = [await bus(server.url), await bus(server.url)];
    const entered = buses.map((one) => enter(one, 'r'));
    await settled(buses, entered);
    server.signal('SIGSTOP');
    const stoppedAt = Date.now();
    const before = process.memoryUsage().arrayBuffers;
    let said = 0;
    let most = 0;
    const message = new Uint8Array(64 * 1024);
    while (buses.some((one) => one.isUp)) {
      for (let i = 0; i < 20; i++, said++) entered[0]?.room.publish(message);
      most = Math.max(most, buses[0]?.status().outboxBytes ?? 0, process.memoryUsage().arrayBuffers - before);
      if (Date.now() - stoppedAt > 15_000) throw new Error('still up');
      await pause(20);
    }
    expect(Date.now() - stoppedAt).toBeLessThan(11_000);
    expect(said * message.length).toBeGreaterThan(100_000_000);
    // The outbox counts twice: in the library's queue and in the socket's.
    expect(most).toBeLessThan(80 * 1024 * 1024);
    const heardBefore = entered[1]?.heard.texts.length ?? 0;
    server.signal('SIGCONT');
    await until(() => entered.every(({ heard }) => heard.restores > 0), 'restored');
    for (let i = 0; i < 10; i++) entered[0]?.say(`after ${i}`);
    await until(() => entered[1]?.heard.texts.at(-1) === 'after 9', 'messages sent after');
    const texts = entered[1]?.heard.texts.slice(heardBefore) ?? [];
    const firstAfter = texts.findIndex((text) => text.startsWith('after'));
    expect(texts.slice(firstAfter)).toEqual(Array.from({ length: 10 }, (_, i) => `after ${i}`));
  });

  it('[RB5] a Redis that starts later is found', async () => {
    const server = await startRedis();
    open.push(() => server.stop());
    await server.kill();
    const a = await bus(server.url);
    expect(a.isUp).toBe(false);
    expect(a.status().reason).toContain('Start Redis');
    const inA = enter(a, 'r');
    await server.restart();
    await until(() => a.isUp && inA.heard.restores === 1, 'the link');
  });
});

describeWithRedis('a Redis Cluster', () => {
  const cluster = async (settings: string[] = [], spares = 0): Promise<RedisCluster> => {
    const made = await startRedisCluster({ settings, spares });
    open.push(() => made.stop());
    return made;
  };

  it('[RB14] when a node that does not keep the registry is killed, links move to the others', async () => {
    const { servers, url } = await cluster(['--cluster-require-full-coverage', 'no']);
    const buses = await Promise.all(Array.from({ length: 6 }, () => bus(url)));
    const entered = buses.map((one) => enter(one, 'r'));
    await settled(buses, entered);
    const owner = portOf(buses[0]?.status().endpoints[2]);
    // Links are spread at random: of the two others, one that has some.
    const hasLinks = (port: number): boolean => buses.some((one) => one.status().endpoints.some((at) => portOf(at) === port));
    const victim = servers.find(({ port }) => port !== owner && hasLinks(port)) as RedisServer;
    expect(victim).toBeDefined();
    await victim.kill();
    await until(() => buses.every((one) => one.isUp && !one.status().endpoints.some((at) => portOf(at) === victim.port)), 'links');
    await settled(buses, entered);
    for (const [i, one] of entered.entries()) one.say(`from ${i}`);
    await until(() => entered.every(({ heard }) => heard.texts.length === 5), 'every node hears every other');
    expect(entered.flatMap(({ heard }) => heard.gones)).toEqual([]);
  });

  it('[RB14] when the owner of the registry is killed and its replica takes over, links follow', async () => {
    const { servers, url } = await cluster([], 1);
    const [spare] = servers.slice(-1) as [RedisServer];
    const buses = await Promise.all(Array.from({ length: 3 }, () => bus(url)));
    const entered = buses.map((one) => enter(one, 'r'));
    await settled(buses, entered);
    const owner = servers.find(({ port }) => port === portOf(buses[0]?.status().endpoints[2])) as RedisServer;
    const ownerId = String(await (await owner.client()).cluster('MYID'));
    const replica = await spare.client();
    await replica.cluster('REPLICATE', ownerId);
    await eventually(async () => (await replica.info('replication')).includes('master_link_status:up'), 'the replica to follow');
    await owner.kill();
    await eventually(async () => (await replica.info('replication')).includes('role:master'), 'the replica to take over', 20_000);
    await until(() => buses.every((one) => one.isUp && portOf(one.status().endpoints[2]) === spare.port), 'links', 20_000);
    await settled(buses, entered);
    entered[0]?.say('hello');
    await until(() => entered.slice(1).every(({ heard }) => heard.texts.length === 1), 'a message');
  });

  it('[RB14] when the registry’s slot moves to another node, links follow and rooms get restored', async () => {
    const { servers, url } = await cluster();
    const buses = [await bus(url, 200), await bus(url, 200)];
    const entered = buses.map((one) => enter(one, 'r'));
    await settled(buses, entered);
    const clients = new Map<number, Redis>();
    for (const server of servers) clients.set(server.port, await server.client());
    const oldPort = portOf(buses[0]?.status().endpoints[2]);
    const next = servers.find(({ port }) => port !== oldPort) as RedisServer;
    const nextId = String(await clients.get(next.port)?.cluster('MYID'));
    const slot = Number(await clients.get(oldPort)?.cluster('KEYSLOT', '{wetink}:'));
    await clients.get(next.port)?.cluster('SETSLOT', slot, 'NODE', nextId);
    // At once: a node gives a slot away only without keys, and each heartbeat writes some.
    const answers = await clients.get(oldPort)?.multi().flushall().cluster('SETSLOT', slot, 'NODE', nextId).exec();
    expect(answers?.map(([error]) => error)).toEqual([null, null]);
    for (const client of clients.values()) await client.cluster('SETSLOT', slot, 'NODE', nextId);
    await until(() => buses.every((one) => one.isUp && portOf(one.status().endpoints[2]) === next.port), 'the link to follow');
    await settled(buses, entered);
    expect(entered.every(({ heard }) => heard.restores > 0)).toBe(true);
  });
});

function portOf(endpoint: string | undefined): number {
  return Number(endpoint?.split(':').at(-1));
}
