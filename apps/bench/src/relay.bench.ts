/**
 * One relay process, started as in production (LMDB on this disk), in comparison with Hocuspocus 4.7 in the same run:
 * durable acknowledgements, joins, updates seen by another client, and the memory of an idle connection.
 *
 * Run with `pnpm --filter @wetink/bench bench:relay [runs]` after a build; prints JSON lines: the median of the runs, the
 * value of each run, and ours as a multiple of Hocuspocus'. Times depend on the machine and the day, so the load average is
 * printed too: compare only figures of one run. Needs Linux (memory is read from /proc); the relay's data goes to TMPDIR.
 *
 * The acknowledgements do not promise the same. Ours means that the change is on disk. Hocuspocus' SyncStatus means that it
 * was applied in memory: a hook stores it later (debounced by two seconds), and here without any database.
 */
import { randomBytes } from 'node:crypto';
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Server as HocuspocusServer } from '@hocuspocus/server';
import { createGuests } from '@wetink/relay/identity';
import type { Figures, LoadMessage, LoadSettings, System, Task } from './relay-load.ts';

interface ServerProcess {
  url: string;
  token: string;
  /** For our relay a board, whose access is checked at each join; for Hocuspocus a room like any other. */
  board: string;
  child: ChildProcess;
  stop(): Promise<void>;
}

const systems: readonly System[] = ['wetink', 'hocuspocus'];
const load = fileURLToPath(new URL('relay-load.ts', import.meta.url));
const relayBin = fileURLToPath(new URL('../../relay/bin/wetink-relay.mjs', import.meta.url));
const FLUSHES = 200;
/** As long as our tokens. */
const PEER_TOKEN = 'a-constant-of-the-peer.'.padEnd(400, '0123456789abcdef');
const secret = randomBytes(32).toString('hex');
const { token } = await createGuests({ secret }).mint('Load');
const [runsGiven = '3'] = process.argv.slice(2);
const tasks: { what: string; keys: readonly string[]; note?: string; task: Task }[] = [
  ...[500, 2_000].map((perSecond) => ({
    what: `acknowledged at ${perSecond} updates/s, from the scheduled time, ms`,
    keys: ['p50', 'p99'],
    note: 'ours: on disk; Hocuspocus: applied in memory, before storing',
    task: { kind: 'acks', perSecond, seconds: 5 } as const,
  })),
  {
    what: 'an update seen by another client of the same relay, ms',
    keys: ['p50', 'p99'],
    task: { kind: 'seen', updates: 300, perSecond: 100 },
  },
  {
    what: 'joining a room of 50 strokes with a token, ms',
    keys: ['p50', 'p99'],
    note: 'ours verifies the signature of a guest and reads its role on the board; Hocuspocus compares the token with a constant',
    task: { kind: 'joins', joins: 200 },
  },
  { what: 'memory of an idle connection, KiB of resident memory', keys: ['kibPerConnection'], task: { kind: 'idle', connections: 1_000 } },
];

if (process.env['WETINK_BENCH_PEER'] === undefined) await main(Number(runsGiven));
else await servePeer();

async function main(runs: number): Promise<void> {
  if (!Number.isInteger(runs) || runs < 1) throw new RangeError('the number of runs must be a whole number from 1');
  print({
    what: 'machine',
    flushOf4KibP50Ms: round(await flushMs()),
    cpus: cpus().length,
    model: cpus()[0]?.model,
    node: process.version,
    loadAverage: loadavg().map(round),
  });
  const results = new Map<string, Figures[]>();
  for (let run = 0; run < runs; run++) {
    // In alternating order, so that neither always runs on the warmer machine.
    for (const system of run % 2 === 0 ? systems : systems.toReversed()) {
      for (const { what, task } of tasks) {
        const key = `${system} ${what}`;
        results.set(key, [...(results.get(key) ?? []), await perform(system, task)]);
      }
    }
  }
  for (const { what, keys, note } of tasks) {
    for (const key of keys) {
      const [ours, theirs] = systems.map((system) =>
        (results.get(`${system} ${what}`) ?? []).map((figures) => round(figures[key] ?? Number.NaN)),
      );
      const [wetink, hocuspocus] = [median(ours ?? []), median(theirs ?? [])];
      print({
        what,
        key,
        wetink,
        hocuspocus,
        ratio: round(wetink / hocuspocus),
        runs: { wetink: ours, hocuspocus: theirs },
        ...(note === undefined ? {} : { note }),
      });
    }
  }
  // Above a few ms, the machine was too busy to send on schedule, and the figures say little about the server.
  const lateness = [...results.values()].flat().flatMap(({ sentLateP99 }) => (sentLateP99 === undefined ? [] : [sentLateP99]));
  print({ what: 'machine, at the end', loadAverage: loadavg().map(round), updatesSentLateP99Ms: round(median(lateness)) });
}

/** Runs one task against a new server, so that memory left by an earlier task does not count. */
async function perform(system: System, task: Task): Promise<Figures> {
  const server = await (system === 'wetink' ? startRelay() : startPeer());
  try {
    return await runLoad(server, { system, url: server.url, token: server.token, board: server.board, task });
  } finally {
    await server.stop();
  }
}

function runLoad(server: ServerProcess, settings: LoadSettings): Promise<Figures> {
  const child = fork(load, { env: { ...process.env, WETINK_BENCH_LOAD: JSON.stringify(settings) } });
  const bytes = { before: 0, after: 0 };
  return new Promise((resolve, reject) => {
    server.child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the load ended with ${code}`)));
    child.on('message', (message: LoadMessage) => {
      if ('measure' in message) {
        bytes[message.measure] = residentBytes(server.child);
        child.send('measured');
        return;
      }
      const { connections } = message.figures;
      const kibPerConnection = connections === undefined ? {} : { kibPerConnection: (bytes.after - bytes.before) / 1_024 / connections };
      child.removeAllListeners('exit').once('exit', () => resolve({ ...message.figures, ...kibPerConnection }));
    });
  });
}

async function startRelay(): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-bench-'));
  const child = spawn(process.execPath, [relayBin, '--port', '0', '--data', folder, '--log-level', 'warn'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // All clients share one guest, and each join verifies its token. Rooms of the load that are not boards are open.
    env: { ...process.env, WETINK_AUTH: 'open', WETINK_SECRET: secret, WETINK_LIMIT_USER_CONNECTIONS: '100000' },
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-5_000);
      const address = /Wetink is ready: http:\/\/(\S+)/.exec(output)?.[1];
      if (address !== undefined) resolve(`ws://${address}`);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`the relay ended with ${code} before it was ready: ${output}`)));
  });
  return {
    url,
    token,
    board: await createBoard(url),
    child,
    async stop() {
      await ended(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createBoard(url: string): Promise<string> {
  const response = await fetch(`${url.replace('ws:', 'http:')}/v1/boards`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  if (response.status !== 201) throw new Error(`the relay made no board: ${response.status}`);
  return ((await response.json()) as { board: { id: string } }).board.id;
}

function startPeer(): Promise<ServerProcess> {
  const child = fork(fileURLToPath(import.meta.url), { env: { ...process.env, WETINK_BENCH_PEER: '1' } });
  return new Promise((resolve, reject) => {
    child.once('message', (port) =>
      resolve({ url: `ws://127.0.0.1:${Number(port)}`, token: PEER_TOKEN, board: 'small', child, stop: () => ended(child) }),
    );
    child.once('exit', (code) => reject(new Error(`Hocuspocus ended with ${code} before it listened`)));
  });
}

/** The process of Hocuspocus: reports its port, and serves until it is killed. */
async function servePeer(): Promise<void> {
  process.once('disconnect', () => process.exit());
  const server = new HocuspocusServer({
    address: '127.0.0.1',
    port: 0,
    quiet: true,
    async onAuthenticate({ token }) {
      if (token !== PEER_TOKEN) throw new Error('not this token');
    },
  });
  await server.listen();
  process.send?.(server.address.port);
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.removeAllListeners('exit').once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** Milliseconds of one flush on the relay's disk, the minimum for a durable acknowledgement. Near 0: not a real disk. */
async function flushMs(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-bench-'));
  const file = openSync(join(folder, 'flush'), 'w');
  const times: number[] = [];
  for (let i = 0; i < FLUSHES; i++) {
    const startedAt = performance.now();
    writeSync(file, new Uint8Array(4_096), 0, 4_096, 0);
    fdatasyncSync(file);
    times.push(performance.now() - startedAt);
  }
  closeSync(file);
  await rm(folder, { recursive: true, force: true });
  return median(times);
}

function residentBytes({ pid }: ChildProcess): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kib === undefined) throw new Error(`no resident size of process ${pid}`);
  return Number(kib) * 1_024;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : round(((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function print(figures: object): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
