/**
 * Where things are broken: the cluster of `@wetink/infra`, with a proxy of ours between each relay and its MongoDB and
 * Redis. Starting it takes seconds, so the tests of a file share one, each in rooms of its own.
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

/** Why a cluster whose servers may be killed can't run here; null when it can. */
export const whyNoBed: string | null = ((): string | null => {
  const mongo = findMongo();
  if (mongo === null) return 'not run: no MongoDB for tests, see scripts/mongo.mjs';
  return mongo.kind === 'uri' ? 'not run: the server behind MONGODB_URI is not ours to break' : null;
})();

/** The long versions: `pnpm test:faults --long`. */
export const isLong = process.env['WETINK_LONG'] === '1';

export interface Bed {
  cluster: Cluster;
  /** Between relay i and MongoDB. */
  mongoLinks: Proxy[];
  /** Between relay i and Redis. */
  redisLinks: Proxy[];
  /** MongoDB read past all relays and proxies. */
  store: MongoStore;
  /** Redis past all proxies. Lazy; errors are seen by whoever awaits a command. */
  redis: Redis;
  /** `count` writers through nginx, or at the relays named, in a room of its own. Closed by `leave`. */
  crowd(room: string, places: number | readonly number[], options?: Partial<CrowdOptions>): Crowd;
  /** No fault is left, and everyone who was asked in by `crowd` leaves. */
  leave(): Promise<void>;
  verdict(crowd: Crowd): Promise<string[]>;
  /** Of one whose people have vanished. */
  verdictWithoutThem(crowd: Crowd): Promise<string[]>;
  stop(): Promise<void>;
}

export interface BedOptions extends Omit<ClusterOptions, 'folder'> {
  /** false: no proxies, which run in this process and would be late when it is busy with a thousand people. */
  hasLinks?: boolean;
  /** Limits of every relay other than those it ships with: times that a fault has to outlast are over sooner. */
  limits?: Partial<RelayLimits>;
}

/** Node's argument that runs a script before a program. Without spaces, so several may stand in NODE_OPTIONS. */
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
        // A replica set would tell the driver its own address, past the proxy.
        if (name === 'MONGODB_URI') url.searchParams.set('directConnection', 'true');
        through[name] = url.href;
      }
      return through;
    },
  });
  const store = await openMongoStore({ uri: cluster.mongo!.uri });
  const redis = new Redis(cluster.redis!.url, { lazyConnect: true, retryStrategy: () => 250 });
  redis.on('error', () => undefined); // Tests kill Redis; a command that fails is seen by whoever awaits it.
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
    verdict: (crowd) => crowd.verdict({ relayUrls: cluster.relays.map(({ url }) => url), store }),
    verdictWithoutThem: (crowd) => crowd.verdictWithoutThem({ relayUrls: cluster.relays.map(({ url }) => url), store }),
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
