/**
 * The test bed for faults: the cluster of `@wetink/infra`, with a proxy between each relay and its MongoDB and Redis. It
 * takes seconds to start, so all tests of a file share one, and each uses its own rooms.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster, type Cluster, type ClusterOptions } from '@wetink/infra/cluster';
import type { RelayLimits } from '@wetink/relay';
import { findMongo } from '@wetink/storage/testing';
import { openMongoStore, type MongoStore } from '@wetink/storage/mongodb';
import { Redis } from 'ioredis';
import { Crowd, type CrowdOptions } from './crowd.ts';
import { startProxy, type Proxy } from './proxy.ts';

/** Why tests cannot start and kill a cluster here; null when they can. */
export const whyNoBed: string | null = ((): string | null => {
  const mongo = findMongo();
  if (mongo === null) return 'not run: no MongoDB for tests, see scripts/mongo.mjs';
  return mongo.kind === 'uri' ? 'not run: tests may not break the server behind MONGODB_URI' : null;
})();

/** True for the long versions: `pnpm test:faults --long`. */
export const isLong = process.env['WETINK_LONG'] === '1';

export interface Bed {
  cluster: Cluster;
  /** Proxies between relay i and MongoDB. */
  mongoLinks: Proxy[];
  /** Proxies between relay i and Redis. */
  redisLinks: Proxy[];
  /** Reads MongoDB directly, without relays and proxies. */
  store: MongoStore;
  /** Redis, without proxies. Connects at the first command; a failed command rejects. */
  redis: Redis;
  /** Starts writers in a room: a number of them through nginx, or one at each relay listed. `leave` closes them. */
  crowd(room: string, places: number | readonly number[], options?: Partial<CrowdOptions>): Crowd;
  /** Removes all faults and closes all writers that `crowd` started. */
  leave(): Promise<void>;
  problems(crowd: Crowd): Promise<string[]>;
  /** The problems of a crowd whose clients have vanished. */
  problemsWithoutThem(crowd: Crowd): Promise<string[]>;
  stop(): Promise<void>;
}

export interface BedOptions extends Omit<ClusterOptions, 'folder'> {
  /** false: no proxies. They run in this process, and would be late when it is busy with a thousand clients. */
  hasLinks?: boolean;
  /** Limits of every relay that differ from the defaults: shorter timeouts make faults shorter. */
  limits?: Partial<RelayLimits>;
}

/** Node's argument that runs a script before a program. Has no spaces, so NODE_OPTIONS can contain several. */
export function before(script: string): string {
  return `--import=data:text/javascript,${encodeURIComponent(script)}`;
}

/** The relay's own module, as the service loads it. */
const limitsModule = new URL('../../../packages/relay/dist/limits/limits.js', import.meta.url).href;
const withLimits = (limits: Partial<RelayLimits>): string =>
  before(`import { defaultLimits } from ${JSON.stringify(limitsModule)}; Object.assign(defaultLimits, ${JSON.stringify(limits)});`);

export async function startBed({ hasLinks = true, limits, ...options }: BedOptions = {}): Promise<Bed> {
  const folder = mkdtempSync(join(tmpdir(), 'wetink-faults-'));
  const relays = options.relays ?? 2;
  const links = async (): Promise<[Proxy, { port: number }][]> =>
    Promise.all(
      Array.from({ length: relays }, async (): Promise<[Proxy, { port: number }]> => {
        const target = { port: 0 };
        return [await startProxy(target), target];
      }),
    );
  const [mongoLinks, redisLinks] = await Promise.all([links(), links()]);
  const cluster = await startCluster({
    ...options,
    folder,
    relayEnv(index, env) {
      const through = { ...env, ...options.relayEnv?.(index, env) };
      if (limits !== undefined) through['NODE_OPTIONS'] = [through['NODE_OPTIONS'], withLimits(limits)].filter(Boolean).join(' ');
      if (!hasLinks) return through;
      for (const [name, list] of [
        ['MONGODB_URI', mongoLinks],
        ['REDIS_URL', redisLinks],
      ] as const) {
        const url = new URL(env[name] ?? '');
        const [proxy, target] = list[index]!;
        target.port = Number(url.port);
        url.port = String(proxy.port);
        // Otherwise a replica set would give the driver its own address, which bypasses the proxy.
        if (name === 'MONGODB_URI') url.searchParams.set('directConnection', 'true');
        through[name] = url.href;
      }
      return through;
    },
  });
  const store = await openMongoStore({ uri: cluster.mongo!.uri });
  const redis = new Redis(cluster.redis!.url, { lazyConnect: true, retryStrategy: () => 250 });
  redis.on('error', () => undefined); // Tests kill Redis; each failed command rejects.
  let crowds: Crowd[] = [];
  const proxies = [...mongoLinks, ...redisLinks].map(([proxy]) => proxy);

  const leave = async (): Promise<void> => {
    for (const proxy of proxies) proxy.set({});
    await Promise.all(crowds.map((crowd) => crowd.close()));
    crowds = [];
  };
  return {
    cluster,
    mongoLinks: mongoLinks.map(([proxy]) => proxy),
    redisLinks: redisLinks.map(([proxy]) => proxy),
    store,
    redis,
    crowd(room, places, more = {}) {
      const urls =
        typeof places === 'number' ? Array.from({ length: places }, () => cluster.url) : places.map((relay) => cluster.relays[relay]!.url);
      const crowd = new Crowd({ room, urls, certificate: cluster.certificate, ...more });
      crowds.push(crowd);
      return crowd;
    },
    leave,
    problems: (crowd) => crowd.problems({ relayUrls: cluster.relays.map(({ url }) => url), store }),
    problemsWithoutThem: (crowd) => crowd.problemsWithoutThem({ relayUrls: cluster.relays.map(({ url }) => url), store }),
    async stop() {
      await leave();
      redis.disconnect();
      await store.close();
      await cluster.stop();
      await Promise.all(proxies.map((proxy) => proxy.close()));
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
