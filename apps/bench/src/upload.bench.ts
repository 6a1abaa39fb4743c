/**
 * Time of an upload of 100 MB to the relay, in comparison with tus-node-server and its file store in the same run.
 *
 * Run with `pnpm --filter @wetink/bench bench:upload`; build first. Prints a JSON line for each round, and then the medians.
 * Each round starts both servers anew, each with an empty folder on the same disk, and they take turns in who is first.
 * Parts of 1 MiB go over one connection, the next one when the last was answered; tus also gets the file in one request.
 * `MEGABYTES=…` and `ROUNDS=…` change the size and the rounds.
 *
 * The two do not promise the same. The relay answers a part when it is flushed to the disk, and the last one when the
 * SHA-256 of the whole file is right. tus-node-server answers when the operating system has the bytes, and checks nothing.
 */

import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spreadOf } from './figures.ts';
import { cpuSeconds, firstMatch, firstMessage, killed, LOAD_CORE, SERVER_CORE, startPinned, startProgram } from './servers/process.ts';

const MEGABYTES = Number(process.env['MEGABYTES'] ?? 100);
const ROUNDS = Number(process.env['ROUNDS'] ?? 7);
const PART_BYTES = 1024 * 1024;
/** Before the measured upload, so that compilation does not count. */
const WARM_UP_BYTES = 16 * PART_BYTES;
const relayBin = fileURLToPath(new URL('../../relay/bin/wetink-relay.mjs', import.meta.url));
const tusProgram = fileURLToPath(new URL('./programs/tus.ts', import.meta.url));

interface Upload {
  seconds: number;
  /** Seconds of the server's CPU. */
  cpu: number;
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

type Ask = (method: string, path: string, headers: Record<string, string>, body?: Uint8Array) => Promise<Answer>;
/** @param hash The file's SHA-256 in hex; the client's device computes it before it sends. */
type Send = (ask: Ask, file: Uint8Array, hash: string) => Promise<void>;

const systems: Record<string, (file: Uint8Array) => Promise<Upload>> = {
  wetink,
  tus: (bytes) => tus(bytes, PART_BYTES),
  'tus, one request': (bytes) => tus(bytes, bytes.length),
};
const names = Object.keys(systems);
const rounds: Record<string, Upload[]> = Object.fromEntries(names.map((name) => [name, []]));
const file = randomBytes(MEGABYTES * 1_000_000);
for (let round = 0; round < ROUNDS; round++)
  for (const name of round % 2 === 0 ? names : names.toReversed()) {
    const upload = await systems[name]!(file);
    rounds[name]!.push(upload);
    console.log(JSON.stringify({ round: round + 1, system: name, seconds: rounded(upload.seconds), cpuSeconds: rounded(upload.cpu) }));
  }
const rate = (name: string) => spreadOf(rounds[name]!.map(({ seconds }) => MEGABYTES / seconds));
for (const name of names) {
  const { median, min, max } = rate(name);
  const cpu = spreadOf(rounds[name]!.map((upload) => upload.cpu)).median;
  console.log(
    JSON.stringify({ system: name, megabytesPerSecond: rounded(median), min: rounded(min), max: rounded(max), cpuSeconds: rounded(cpu) }),
  );
}
console.log(
  JSON.stringify({
    wetinkToTusInOneRequest: rounded(rate('wetink').median / rate('tus, one request').median),
    wetinkToTus: rounded(rate('wetink').median / rate('tus').median),
    pinned: [SERVER_CORE, LOAD_CORE],
  }),
);

async function wetink(bytes: Uint8Array): Promise<Upload> {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-upload-'));
  const child = startPinned([relayBin, '--port', '0', '--data', folder, '--log-level', 'warn'], {
    core: SERVER_CORE,
    env: { WETINK_AUTH: 'open' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const origin = await firstMatch(child, /ready: (http:\/\/\S+)/, 'the relay');
  const send: Send = async (ask, sent, hash) => {
    for (let offset = 0; offset < sent.length; offset += PART_BYTES) {
      const headers = { 'Upload-Offset': String(offset), 'Upload-Length': String(sent.length) };
      const { status, text } = await ask(
        'PATCH',
        `/v1/boards/board-one/uploads/${hash}`,
        headers,
        sent.subarray(offset, offset + PART_BYTES),
      );
      if (status !== (offset + PART_BYTES < sent.length ? 200 : 201)) throw new Error(`the relay answered ${status}: ${text}`);
    }
  };
  try {
    return await timed(origin, child.pid!, bytes, send);
  } finally {
    await killed(child);
    await rm(folder, { recursive: true, force: true });
  }
}

async function tus(bytes: Uint8Array, partBytes: number): Promise<Upload> {
  const folder = await mkdtemp(join(tmpdir(), 'tus-upload-'));
  const child = startProgram(tusProgram, { core: SERVER_CORE, args: [folder] });
  const port = Number(await firstMessage(child, 'tus-node-server'));
  const send: Send = async (ask, sent) => {
    const headers = { 'Tus-Resumable': '1.0.0' };
    const made = await ask('POST', '/files', { ...headers, 'Upload-Length': String(sent.length) });
    const path = new URL(String(made.headers['location'])).pathname;
    for (let offset = 0; offset < sent.length; offset += partBytes) {
      const ofPart = { ...headers, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' };
      const { status, text } = await ask('PATCH', path, ofPart, sent.subarray(offset, offset + partBytes));
      if (status !== 204) throw new Error(`tus-node-server answered ${status}: ${text}`);
    }
  };
  try {
    const upload = await timed(`http://127.0.0.1:${port}`, child.pid!, bytes, send);
    const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
    if (!files.some((held) => held.equals(bytes))) throw new Error('tus-node-server does not have the file');
    return upload;
  } finally {
    await killed(child);
    await rm(folder, { recursive: true, force: true });
  }
}

async function timed(origin: string, pid: number, bytes: Uint8Array, send: Send): Promise<Upload> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask: Ask = (method, path, headers, body) =>
    new Promise((resolve, reject) => {
      const sent = request(`${origin}${path}`, { method, agent, headers: { ...headers, 'Content-Length': body?.length ?? 0 } });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() }),
        );
      });
      sent.end(body);
    });
  const warmUp = randomBytes(WARM_UP_BYTES);
  await send(ask, warmUp, hashOf(warmUp));
  const hash = hashOf(bytes);
  const [cpuBefore, startMs] = [cpuSeconds(pid), performance.now()];
  await send(ask, bytes, hash);
  const upload = { seconds: (performance.now() - startMs) / 1_000, cpu: cpuSeconds(pid) - cpuBefore };
  agent.destroy();
  return upload;
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
