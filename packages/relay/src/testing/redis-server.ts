/**
 * A real redis-server for one test, with its own port and folder, ended by pid. Needs `redis-server` on PATH.
 *
 * `startRedis` starts one, `startRedisCluster` a Redis Cluster of three masters without replicas.
 */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

export interface RedisServerOptions {
  port?: number;
  password?: string;
  /** PEM files: the server then speaks TLS alone. */
  tls?: { certFile: string; keyFile: string; caFile: string };
  /** Further settings, such as `['--maxmemory', '1mb']`. */
  settings?: readonly string[];
}

export interface RedisServer {
  readonly port: number;
  readonly pid: number;
  /** redis:// or rediss://, with the password. */
  readonly url: string;
  /** A client for tests that look into Redis. Closed by `stop`. */
  client(): Promise<Redis>;
  /** SIGKILL; resolves when the process is gone. Clients of `client()` are closed. */
  kill(): Promise<void>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** After `kill`: starts it on the same port, empty. */
  restart(): Promise<void>;
  /** Idempotent; removes the folder. */
  stop(): Promise<void>;
}

export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-redis-'));
  const port = options.port ?? (await freePort());
  const clients = new Set<Redis>();
  const password = options.password ?? '';
  const tls = options.tls === undefined ? undefined : { rejectUnauthorized: false };

  const connect = (): Redis => {
    const client = new Redis({ host: '127.0.0.1', port, password, lazyConnect: true, retryStrategy: () => null, ...(tls && { tls }) });
    client.on('error', () => undefined); // The caller that awaits the command sees the error.
    return client;
  };
  const disconnectAll = (): void => {
    for (const client of clients) client.disconnect();
    clients.clear();
  };

  let child = await launch(port, folder, options, connect);

  return {
    port,
    get pid() {
      return child.pid ?? 0;
    },
    url: `${tls === undefined ? 'redis' : 'rediss'}://${password === '' ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
    async client() {
      const client = connect();
      await client.connect();
      clients.add(client);
      return client;
    },
    async kill() {
      disconnectAll();
      await end(child);
    },
    signal(name) {
      child.kill(name);
    },
    async restart() {
      child = await launch(port, folder, options, connect);
    },
    async stop() {
      disconnectAll();
      await end(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface RedisCluster {
  readonly servers: readonly RedisServer[];
  /** Addresses of all of them, separated by commas. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface RedisClusterOptions {
  masters?: number;
  /** Servers beyond the masters, members without slots until a test makes them replicas. */
  spares?: number;
  settings?: readonly string[];
}

const CLUSTER_SLOTS = 16_384;

export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const masters = options.masters ?? 3;
  const nodes = masters + (options.spares ?? 0);
  const servers: RedisServer[] = [];
  for (let i = 0; i < nodes; i++) {
    const busPort = await freePort();
    const settings = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '2000'];
    servers.push(await startRedis({ settings: [...settings, ...(options.settings ?? [])] }));
  }
  const clients = await Promise.all(servers.map((server) => server.client()));
  const [first] = clients as [Redis, ...Redis[]];
  const share = Math.ceil(CLUSTER_SLOTS / masters);
  for (const [i, client] of clients.slice(0, masters).entries())
    await client.call('CLUSTER', 'ADDSLOTSRANGE', i * share, Math.min(CLUSTER_SLOTS, (i + 1) * share) - 1);
  for (const [i, server] of servers.entries()) {
    if (i === 0) continue;
    const config = await clients[i]?.config('GET', 'cluster-port');
    await first.call('CLUSTER', 'MEET', '127.0.0.1', server.port, (config as string[])[1] as string);
  }
  const deadline = Date.now() + 20_000;
  for (const client of clients) {
    for (;;) {
      const info = String(await client.cluster('INFO'));
      if (info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes}`)) break;
      if (Date.now() > deadline) throw new Error(`the cluster did not form: ${info}`);
      await pause(50);
    }
  }
  return {
    servers,
    url: servers.map(({ url }) => url).join(','),
    async stop() {
      for (const server of servers) await server.stop();
    },
  };
}

async function launch(port: number, folder: string, options: RedisServerOptions, connect: () => Redis): Promise<ChildProcess> {
  const { tls } = options;
  const settings = [
    ['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
    ['--cluster-config-file', join(folder, `nodes-${Date.now()}.conf`)],
    tls === undefined
      ? ['--port', String(port)]
      : ['--port', '0', '--tls-port', String(port), '--tls-cert-file', tls.certFile, '--tls-key-file', tls.keyFile],
    tls === undefined ? [] : ['--tls-ca-cert-file', tls.caFile, '--tls-auth-clients', 'no'],
    options.password === undefined ? [] : ['--requirepass', options.password],
    options.settings ?? [],
  ].flat();
  let output = '';
  const child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000)));
  child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000)));
  let failure: Error | null = null;
  child.on('error', (error) => (failure = error));
  const deadline = Date.now() + 10_000;
  for (;;) {
    if (failure !== null) throw new Error('redis-server could not be started: is it installed and on PATH?', { cause: failure });
    if (child.exitCode !== null) throw new Error(`redis-server ended at once: ${output}`);
    const client = connect();
    const isReady = await client.connect().then(
      () => true,
      () => false,
    );
    client.disconnect();
    if (isReady) return child;
    if (Date.now() > deadline) {
      await end(child);
      throw new Error(`redis-server does not answer: ${output}`);
    }
    await pause(20);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
