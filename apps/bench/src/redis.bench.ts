/**
 * The load of several relays on Redis, and the time until a client of another relay sees an update, in comparison with
 * Hocuspocus and its Redis extension in the same run. Each node is a process with one client; the first client writes.
 *
 * Run with `pnpm --filter @wetink/bench bench:redis [traffic | latency]`; prints JSON lines. Needs redis-server. The relays
 * share the MongoDB of the tests. Latency is also measured with a memory store in each process, which shows the time
 * through Redis without a database (without faults, relays read nothing back from the store). Counts are exact, from
 * Redis' INFO, and include heartbeats. Times depend on the machine and the day: compare only figures of one run.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis as HocuspocusRedis } from '@hocuspocus/extension-redis';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { Server as HocuspocusServer } from '@hocuspocus/server';
import { createRelay } from '@wetink/relay';
import { createRedisBus } from '@wetink/relay/redis';
import { createMemoryDisk, createMemoryStore } from '@wetink/storage';
import { openMongoStore } from '@wetink/storage/mongodb';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { startRedis } from '../../../packages/relay/src/testing/redis-server.ts';
import { findMongo, startMongo, type RunningMongo } from '../../../packages/storage/src/testing/start-mongo.ts';

type System = 'wetink' | 'hocuspocus';

interface NodeSettings {
  system: System;
  redisUrl: string;
  /** Null: the node has its own memory store. */
  mongoUri: string | null;
}

interface Traffic {
  publishes: number;
  bytesIn: number;
  bytesOut: number;
}

interface Client {
  doc: Y.Doc;
  close(): void;
}

const ROOM = 'bench';
const COUNTED_UPDATES = 200;
const COUNTED_PAUSE_MS = 20;
const TIMED_UPDATES = 2_000;
const TIMED_PER_SECOND = 200;
/** Updates before the measured ones, so that joining, loading and compilation do not count. */
const WARM_UP = 200;
/** Deleted runs in the document of the second table, as in a much-edited board. */
const DELETIONS = 5_000;
const SETTLE_MS = 2_000;

const given = process.env['WETINK_BENCH_NODE'];
if (given === undefined) await main();
else await serve(JSON.parse(given) as NodeSettings);

async function main(): Promise<void> {
  const mongo = findMongo() === null ? null : await startMongo();
  try {
    for (const deletions of wants('traffic') ? [0, DELETIONS] : []) {
      for (const nodes of [2, 3, 5]) {
        for (const system of ['wetink', 'hocuspocus'] as const)
          report({ what: 'Redis traffic', system, nodes, deletions, ...(await traffic(system, nodes, deletions, mongo)) });
      }
    }
    const stores: [System, RunningMongo | null][] = [
      ...(mongo === null ? [] : ([['wetink', mongo]] as [System, RunningMongo][])),
      ['wetink', null],
      ['hocuspocus', null],
    ];
    for (const [system, store] of wants('latency') ? stores : [])
      report({
        what: 'an update seen through another node, ms',
        system,
        store: store?.kind ?? 'memory',
        ...(await latency(system, store)),
      });
  } finally {
    await mongo?.stop();
  }
}

function wants(part: string): boolean {
  const [only = part] = process.argv.slice(2);
  return only === part;
}

/** @returns Publishes and bytes through Redis per update of one client. */
async function traffic(system: System, nodes: number, deletions: number, mongo: RunningMongo | null): Promise<object> {
  return withCluster(system, nodes, mongo, async (clients, measure) => {
    const [writer] = clients as [Client];
    const list = writer.doc.getArray<string>('list');
    for (let i = 0; i < deletions; i++) {
      list.insert(0, ['deleted', 'kept']);
      list.delete(0, 1);
      if (i % 100 === 99) await pause(5);
    }
    await untilAll(clients, (doc) => doc.getArray('list').length === deletions);
    await pause(SETTLE_MS);
    const idle = await measure();
    await pause(SETTLE_MS);
    const before = await measure();
    let updateBytes = 0;
    writer.doc.on('update', (update: Uint8Array) => (updateBytes += update.length));
    const map = writer.doc.getMap<number>('map');
    const startedAt = performance.now();
    for (let i = 1; i <= COUNTED_UPDATES; i++) {
      map.set('key', i);
      await pause(COUNTED_PAUSE_MS);
    }
    await untilAll(clients, (doc) => doc.getMap('map').get('key') === COUNTED_UPDATES);
    const seconds = (performance.now() - startedAt) / 1_000;
    const after = await measure();
    return {
      updates: COUNTED_UPDATES,
      // Near 4: each update was sent alone. More: the machine was too busy, and updates were merged.
      seconds: round(seconds),
      bytesPerUpdate: round(updateBytes / COUNTED_UPDATES),
      publishesPerUpdate: round((after.publishes - before.publishes) / COUNTED_UPDATES),
      bytesIntoRedisPerUpdate: round((after.bytesIn - before.bytesIn) / COUNTED_UPDATES),
      bytesOutOfRedisPerUpdate: round((after.bytesOut - before.bytesOut) / COUNTED_UPDATES),
      idlePublishesPerSecond: round((before.publishes - idle.publishes) / (SETTLE_MS / 1_000)),
    };
  });
}

/** Measures the time from a client's change to a client's document on another node, at a steady rate. */
async function latency(system: System, mongo: RunningMongo | null): Promise<object> {
  return withCluster(system, 2, mongo, async (clients) => {
    const [writer, reader] = clients as [Client, Client];
    const sentAt: number[] = [];
    const latencies: number[] = [];
    reader.doc.getArray<number>('times').observe((event) => {
      const now = performance.now();
      for (const change of event.changes.delta)
        for (const i of (change.insert as number[] | undefined) ?? []) if (i >= WARM_UP) latencies.push(now - (sentAt[i] ?? now));
    });
    const list = writer.doc.getArray<number>('times');
    const startedAt = performance.now();
    for (let i = 0; i < WARM_UP + TIMED_UPDATES; i++) {
      sentAt.push(performance.now());
      list.push([i]);
      const ahead = startedAt + ((i + 1) * 1_000) / TIMED_PER_SECOND - performance.now();
      if (ahead > 0) await pause(ahead);
    }
    await untilAll(clients, (doc) => doc.getArray('times').length === WARM_UP + TIMED_UPDATES);
    return {
      updates: latencies.length,
      perSecond: round((WARM_UP + TIMED_UPDATES) / ((performance.now() - startedAt) / 1_000)),
      p50: quantile(latencies, 0.5),
      p95: quantile(latencies, 0.95),
      p99: quantile(latencies, 0.99),
      max: round(Math.max(...latencies)),
    };
  });
}

async function withCluster<T>(
  system: System,
  nodes: number,
  mongo: RunningMongo | null,
  work: (clients: Client[], measure: () => Promise<Traffic>) => Promise<T>,
): Promise<T> {
  const redis = await startRedis();
  const children: ChildProcess[] = [];
  const clients: Client[] = [];
  try {
    const database = `bench${Date.now()}`;
    const mongoUri = system === 'wetink' && mongo !== null ? `${mongo.uri.replace(/\/$/, '')}/${database}` : null;
    for (let i = 0; i < nodes; i++) {
      const { child, port } = await startNode({ system, redisUrl: redis.url, mongoUri });
      children.push(child);
      clients.push(await connect(system, `ws://127.0.0.1:${port}`));
    }
    const [writer] = clients as [Client];
    writer.doc.getMap('map').set('ready', true);
    await untilAll(clients, (doc) => doc.getMap('map').get('ready') === true);
    await pause(SETTLE_MS);
    const client = await redis.client();
    return await work(clients, async () => {
      const info = await client.info('all');
      const read = (pattern: RegExp): number => Number(pattern.exec(info)?.[1] ?? 0);
      return {
        publishes: read(/cmdstat_publish:calls=(\d+)/),
        bytesIn: read(/total_net_input_bytes:(\d+)/),
        bytesOut: read(/total_net_output_bytes:(\d+)/),
      };
    });
  } finally {
    for (const client of clients) client.close();
    for (const child of children) child.kill('SIGKILL');
    await redis.stop();
  }
}

async function connect(system: System, url: string): Promise<Client> {
  const doc = new Y.Doc();
  if (system === 'hocuspocus') {
    const websocketProvider = new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: WebSocket });
    const provider = new HocuspocusProvider({ websocketProvider, name: ROOM, document: doc, awareness: null });
    const synced = new Promise((resolve) => provider.on('synced', resolve));
    provider.attach();
    await synced;
    return {
      doc,
      close() {
        provider.destroy();
        websocketProvider.destroy();
      },
    };
  }
  const provider = new WebsocketProvider(url, ROOM, doc, { disableBc: true, WebSocketPolyfill: WebSocket as never });
  await new Promise((resolve) => provider.once('sync', resolve));
  return {
    doc,
    close() {
      provider.destroy();
      provider.awareness.destroy();
    },
  };
}

function startNode(settings: NodeSettings): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(import.meta.filename, { env: { ...process.env, WETINK_BENCH_NODE: JSON.stringify(settings) } });
  return new Promise((resolve, reject) => {
    child.once('message', (port) => resolve({ child, port: Number(port) }));
    child.once('exit', (code) => reject(new Error(`a node ended with ${code} before it listened`)));
  });
}

/** The process of one node: reports its port, and serves until it is killed. */
async function serve({ system, redisUrl, mongoUri }: NodeSettings): Promise<void> {
  process.once('disconnect', () => process.exit());
  if (system === 'hocuspocus') {
    const { hostname, port } = new URL(redisUrl);
    const extension = new HocuspocusRedis({ host: hostname, port: Number(port) });
    const server = new HocuspocusServer({ port: 0, quiet: true, extensions: [extension] });
    await server.listen();
    process.send?.(server.address.port);
    return;
  }
  const store = mongoUri === null ? createMemoryStore({ disk: createMemoryDisk() }) : await openMongoStore({ uri: mongoUri });
  const relay = createRelay({ store, bus: await createRedisBus({ url: redisUrl }) });
  const server = createServer((_request, response) => response.end());
  relay.attach(server);
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}

async function untilAll(clients: readonly Client[], condition: (doc: Y.Doc) => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!clients.every(({ doc }) => condition(doc))) {
    if (Date.now() > deadline) throw new Error(`not all clients agree: ${clients.map(({ doc }) => condition(doc)).join(', ')}`);
    await pause(5);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function report(figures: object): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
