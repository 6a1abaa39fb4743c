/**
 * A server that speaks MongoDB, for one test file: its own process, port and folder, killed by its pid. Ctrl+C at the
 * terminal does not reach it, so that the tests can still save; it ends with the process that started it, even a killed
 * one.
 *
 * Looked for in this order: `MONGODB_URI` (a running server: used as it is, never stopped), `mongod` on PATH,
 * SecantusDB in `.cache/mongo` (`node scripts/mongo.mjs` puts it there). `WETINK_TEST_MONGODB` forces one of them
 * ('uri', 'mongod', 'secantusdb', or 'none'). Reads the environment, since test files have no other settings.
 */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MongoClient } from 'mongodb';

export type MongoKind = 'uri' | 'mongod' | 'secantusdb';

export interface RunningMongo {
  /** Without a database name. */
  uri: string;
  kind: MongoKind;
  /** Null for a server that was not started here, which cannot be killed or restarted. */
  pid: number | null;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
  /** SIGKILL, and waits until it is gone. The folder stays. */
  kill(): Promise<void>;
  /** Starts it on the same port and folder, after `kill` or while it runs. */
  restart(): Promise<void>;
}

interface Found {
  kind: MongoKind;
  /** The URI, or the program. */
  at: string;
}

const START_TIMEOUT_MS = 60_000;
const MAX_STARTS = 3;
/**
 * Below the ports that systems give to outgoing connections (from 32768 on Linux), one of which could take the port
 * between two starts.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 31_999;

/** The server that `startMongo` would use; null when there is none, and tests say that they did not run. */
export function findMongo(environment: NodeJS.ProcessEnv = process.env): Found | null {
  const wanted = environment.WETINK_TEST_MONGODB;
  const candidates: (() => Found | null)[] = [
    () => (environment.MONGODB_URI ? { kind: 'uri', at: environment.MONGODB_URI } : null),
    () => {
      const found = spawnSync('sh', ['-c', 'command -v mongod'], { encoding: 'utf8' });
      return found.status === 0 ? { kind: 'mongod', at: found.stdout.trim() } : null;
    },
    () => {
      const path = findUpwards(join('.cache', 'mongo', 'bin', 'secantusd-py'));
      return path === null ? null : { kind: 'secantusdb', at: path };
    },
  ];
  for (const candidate of candidates) {
    const found = candidate();
    if (found !== null && (wanted === undefined || wanted === '' || wanted === found.kind)) return found;
  }
  return null;
}

/** @throws When there is none, or it does not start; the message says what to do. */
export async function startMongo(): Promise<RunningMongo> {
  const found = findMongo();
  if (found === null)
    throw new Error('No MongoDB for tests: set MONGODB_URI, put mongod on PATH, or run `node scripts/mongo.mjs` (needs Python 3.10).');
  if (found.kind === 'uri') return running(found.at);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startAt(await freePort(), found);
    } catch (error) {
      if (attempt === MAX_STARTS) throw error; // else another process may have taken the port meanwhile
    }
  }
}

async function startAt(port: number, { kind, at }: Found): Promise<RunningMongo> {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-mongo-'));
  const uri = `mongodb://127.0.0.1:${port}/`;
  const serverProcess = ownProcess(at, await argumentsOf(kind, port, folder), folder);
  const start = async (): Promise<void> => {
    serverProcess.start();
    await answers(uri, kind, serverProcess);
  };
  try {
    await start();
  } catch (error) {
    await serverProcess.end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    uri,
    kind,
    get pid() {
      return serverProcess.pid();
    },
    async stop() {
      await serverProcess.end('SIGKILL'); // nothing in its folder is needed any more
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
    kill: () => serverProcess.end('SIGKILL'),
    async restart() {
      await serverProcess.end('SIGTERM');
      await start();
    },
  };
}

function running(uri: string): RunningMongo {
  const refuse = (): Promise<never> => Promise.reject(new Error('The server behind MONGODB_URI is not ours to stop.'));
  return { uri, kind: 'uri', pid: null, stop: () => Promise.resolve(), kill: refuse, restart: refuse };
}

async function argumentsOf(kind: MongoKind, port: number, folder: string): Promise<string[]> {
  const data = join(folder, 'data');
  await mkdir(data);
  return kind === 'mongod'
    ? [
        ...['--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', data, '--replSet', 'wetink'],
        ...['--quiet', '--setParameter', 'enableTestCommands=1'],
      ]
    : ['--host', '127.0.0.1', '--port', String(port), '--storage-path', data, '--sync-on-commit', '--enable-test-commands'];
}

interface OwnProcess {
  start(): void;
  end(signal: NodeJS.Signals): Promise<void>;
  pid(): number | null;
  hasEnded(): boolean;
  output(): string;
}

function ownProcess(program: string, args: string[], folder: string): OwnProcess {
  let child: ChildProcess | null = null;
  let output = '';
  const killAtExit = (): void => {
    child?.kill('SIGKILL');
  };
  const hasEnded = (): boolean => child === null || child.exitCode !== null || child.signalCode !== null;
  process.once('exit', killAtExit);
  return {
    start() {
      child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      if (child.pid !== undefined) endWithUs(child, child.pid, folder);
      const keep = (text: Buffer): void => {
        output = `${output}${text.toString('utf8')}`.slice(-4_000);
      };
      child.stdout?.on('data', keep);
      child.stderr?.on('data', keep);
    },
    end(signal) {
      const ending = child;
      if (ending === null || hasEnded()) return Promise.resolve();
      return new Promise((resolve) => {
        const last = setTimeout(() => ending.kill('SIGKILL'), 10_000);
        ending.once('close', () => {
          clearTimeout(last);
          resolve();
        });
        ending.kill(signal);
      });
    },
    pid: () => child?.pid ?? null,
    hasEnded,
    output: () => output,
  };
}

/** A shell that waits for the end of its input, which comes when this process is gone, however it ended. */
function endWithUs(server: ChildProcess, pid: number, folder: string): void {
  const guard = spawn('sh', ['-c', 'read -r _; kill -9 "$0"; rm -rf "$1"', String(pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  guard.stdin.on('error', () => undefined); // it is gone already, and so is the server
  (guard.stdin as Socket).unref();
  server.once('exit', () => guard.kill('SIGKILL')); // before another process can get its pid
}

/** Waits until the server takes writes. Makes a fresh mongod a replica set of one. */
async function answers(uri: string, kind: MongoKind, server: OwnProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 1_000, directConnection: true });
    try {
      const admin = client.db('admin');
      const hello = await admin.command({ hello: 1 });
      if (hello.isWritablePrimary === true && !server.hasEnded()) return; // if our server has ended, another one answered
      if (kind === 'mongod' && hello.secondary !== true) await admin.command({ replSetInitiate: {} });
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`The ${kind} for tests does not answer:\n${server.output()}`, { cause: error });
    } finally {
      await client.close();
    }
    if (server.hasEnded()) throw new Error(`The ${kind} for tests ended by itself:\n${server.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function findUpwards(relative: string): string | null {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const path = join(folder, relative);
    if (existsSync(path)) return path;
    if (dirname(folder) === folder) return null;
  }
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
