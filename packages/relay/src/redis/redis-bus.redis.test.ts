/** The bus contract, on one Redis and on a Redis Cluster of three. */

import { afterAll, beforeAll } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { createRedisBus } from './index.ts';
import { busContract } from '../testing/bus-contract.ts';
import type { BusContractSetup } from '../testing/bus-trial.ts';
import { describeWithRedis } from '../testing/redis-nodes.ts';
import { startRedis, startRedisCluster, type RedisCluster, type RedisServer } from '../testing/redis-server.ts';
import { startTcpProxy } from '../testing/tcp-proxy.ts';

let prefixes = 0;

describeWithRedis('one Redis', () => {
  let server: RedisServer;
  beforeAll(async () => void (server = await startRedis()));
  afterAll(() => server.stop());

  busContract('Redis', async () => setup([server.port]), { timeoutMs: 10_000 });
});

describeWithRedis('Redis Cluster', () => {
  let cluster: RedisCluster;
  beforeAll(async () => void (cluster = await startRedisCluster()));
  afterAll(() => cluster.stop());

  busContract('Redis Cluster', async () => setup(cluster.servers.map(({ port }) => port)), { timeoutMs: 10_000 });
});

/** Each node has a proxy of its own for each server; cutting it isolates that node. */
async function setup(ports: number[]): Promise<BusContractSetup> {
  const keyPrefix = `t${prefixes++}`;
  const made = await Promise.all(
    [0, 1, 2].map(async () => {
      const proxies = await Promise.all(ports.map(startTcpProxy));
      const url = proxies.map(({ port }) => `redis://127.0.0.1:${port}`).join(',');
      return { proxies, bus: await createRedisBus({ url, keyPrefix, heartbeatMs: 200 }) };
    }),
  );
  const [a, b, c] = made.map(({ bus }) => bus);
  return {
    nodes: [a, b, c] as [Bus, Bus, Bus],
    breakLink: (i: number) => made[i]?.proxies.forEach((proxy) => proxy.cut()),
    healLink: (i: number) => made[i]?.proxies.forEach((proxy) => proxy.heal()),
    killNode: (i: number) => made[i]?.proxies.forEach((proxy) => proxy.cut()),
    async cleanup() {
      for (const { bus, proxies } of made) {
        await bus.close();
        for (const proxy of proxies) await proxy.close();
      }
    },
  };
}
