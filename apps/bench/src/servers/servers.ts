/** The servers of the table. Each start is a new process: memory and documents of an earlier scenario do not count. */

import { randomBytes } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGuests } from '@wetink/relay/identity';
import { startRedis } from '../../../../packages/relay/src/testing/redis-server.ts';
import { nodeFrom, type NodeProgram } from './newer-node.ts';
import { firstMatch, firstMessage, killed, startPinned, startProgram, type Core } from './process.ts';
import type { RunningServer, Server, ServerName, Started } from './server.ts';

const require = createRequire(import.meta.url);
/** The last version with a server for Yjs 13. Its successor, @y/websocket-server 0.1.1, has the same server and does not start with ws 8. */
const yWebsocketFolder = dirname(require.resolve('y-websocket-2/package.json'));
const relayBin = fileURLToPath(new URL('../../../relay/bin/wetink-relay.mjs', import.meta.url));
const program = (name: string): string => fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url));
/** As long as a guest's token. */
const HOCUSPOCUS_TOKEN = 'a-constant-of-the-peer.'.padEnd(400, '0123456789abcdef');

/** Limits per user and room that are about abuse: the load is one machine, and a part of it one guest. */
const RELAY_ENVIRONMENT = {
  WETINK_AUTH: 'open',
  WETINK_LIMIT_USER_CONNECTIONS: '100000',
  WETINK_LIMIT_USER_ROOMS: '100000',
  WETINK_LIMIT_USER_WORK_MS: '60000',
};

export const servers: readonly Server[] = [
  { name: 'wetink', title: `Wetink ${versionAt(relayBin)}`, protocol: 'y-websocket', start: startWetink, startCluster },
  {
    name: 'y-websocket',
    title: `y-websocket ${versionAt(join(yWebsocketFolder, 'package.json'))}`,
    protocol: 'y-websocket',
    start: startYWebsocket,
  },
  hocuspocusOn(null),
  {
    name: 'socket.io',
    title: `a board on socket.io ${versionAt(require.resolve('socket.io'))}`,
    protocol: 'socket.io',
    start: (core) => startOurs('socket.io', { core }),
  },
  {
    name: 'ceiling',
    title: `raw ws ${versionAt(require.resolve('ws'))} without Yjs work`,
    protocol: 'y-websocket',
    start: (core) => startOurs('ceiling', { core }),
  },
];

/** Hocuspocus asks for this Node or newer, and also runs on older ones. */
const HOCUSPOCUS_NODE = 22;

/** @returns The servers, each with the Node that it asks for. */
export async function withTheirNode(chosen: readonly Server[]): Promise<Server[]> {
  const node = chosen.some(({ name }) => name === 'hocuspocus') ? await nodeFrom(HOCUSPOCUS_NODE) : null;
  return chosen.map((server) => (server.name === 'hocuspocus' ? hocuspocusOn(node) : server));
}

function hocuspocusOn(node: NodeProgram | null): Server {
  const version = versionAt(require.resolve('@hocuspocus/server'));
  return {
    name: 'hocuspocus',
    title: `Hocuspocus ${version}${node === null || node.path === process.execPath ? '' : ` on Node ${node.version}`}`,
    protocol: 'hocuspocus',
    start: (core) => startOurs('hocuspocus', { core, token: HOCUSPOCUS_TOKEN, ...(node && { node: node.path }) }),
  };
}

async function startWetink(core: Core): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-bench-'));
  const secret = randomBytes(32).toString('hex');
  const { token } = await createGuests({ secret }).mint('Load');
  const child = startPinned([relayBin, '--port', '0', '--data', folder, '--log-level', 'warn'], {
    core,
    env: { ...RELAY_ENVIRONMENT, WETINK_SECRET: secret },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async (): Promise<void> => {
    await killed(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const address = await firstMatch(child, /Wetink is ready: http:\/\/(\S+)/, 'the relay');
    const server = running('wetink', child, { url: `ws://${address}`, token, secret, metricsUrl: `http://${address}/metrics` });
    return { server, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startYWebsocket(core: Core): Promise<Started> {
  const port = await freePort();
  const child = startPinned([join(yWebsocketFolder, 'bin/server.cjs')], {
    core,
    env: { HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await firstMatch(child, /(running at)/, 'y-websocket');
  return { server: running('y-websocket', child, { url: `ws://127.0.0.1:${port}` }), stop: () => killed(child) };
}

async function startOurs(name: ServerName, { core, token = '', node }: { core: Core; token?: string; node?: string }): Promise<Started> {
  const env = { WETINK_BENCH_TOKEN: token };
  const child = startProgram(program(name.replace('.', '-')), { core, env, ...(node !== undefined && { node }) });
  const port = Number(await firstMessage(child, name));
  return { server: running(name, child, { url: `ws://127.0.0.1:${port}`, token }), stop: () => killed(child) };
}

/** Relays as a library, with a memory store each: the executable needs MongoDB for this, and the figure is about Redis. */
async function startCluster(core: Core, nodes: number): Promise<Started> {
  const redis = await startRedis();
  const children = Array.from({ length: nodes }, () =>
    startProgram(program('wetink-node'), { core, env: { WETINK_BENCH_REDIS: redis.url } }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(killed));
    await redis.stop();
  };
  try {
    const ports = await Promise.all(children.map((child) => firstMessage(child, 'a node')));
    const started = children.map((child, i) => ({ url: `ws://127.0.0.1:${Number(ports[i])}`, pid: child.pid as number }));
    return { server: { name: 'wetink', nodes: started, token: '', secret: '', metricsUrl: '' }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Facts = Partial<RunningServer> & { url: string };

function running(name: ServerName, { pid }: ChildProcess, { url, ...facts }: Facts): RunningServer {
  if (pid === undefined) throw new Error(`${name} did not start`);
  return { name, nodes: [{ url, pid }], token: '', secret: '', metricsUrl: '', ...facts };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** @returns The version that a package.json at or above a path has. */
function versionAt(path: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    const { version } = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }) : {};
    if (version !== undefined) return version;
    if (dirname(folder) === folder) throw new Error(`no version of ${path}`);
  }
}
