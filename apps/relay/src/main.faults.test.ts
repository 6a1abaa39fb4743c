/** The relay as a process: its output and its exit codes. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore } from '@wetink/storage/lmdb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { bundleRelay, type BundledRelay } from './testing/bundle.ts';
import { spawnRelay, startRelayProcess, type RelayProcess } from './testing/process.ts';
import { Writer } from './testing/writer.ts';

let bundle: BundledRelay;
let folder: string;
let running: RelayProcess[];

beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetink-relay-'));
  running = [];
});

afterEach(async () => {
  for (const relay of running) {
    relay.child.kill('SIGKILL');
    await relay.ended;
  }
  await rm(folder, { recursive: true, force: true });
});

async function start(args: string[] = [], env: Record<string, string> = {}): Promise<RelayProcess> {
  const relay = await startRelayProcess(bundle.script, ['--data', join(folder, 'data'), '--port', '0', ...args], env);
  running.push(relay);
  return relay;
}

async function failing(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | NodeJS.Signals; stderr: string; stdout: string }> {
  const process = spawnRelay(bundle.script, args, env);
  const code = await process.ended;
  return { code, stderr: process.stderr(), stdout: process.stdout() };
}

describe('starting', () => {
  it('--help and --version print and exit with 0', async () => {
    const help = await failing(['--help']);
    expect([help.code, help.stderr]).toEqual([0, '']);
    expect(help.stdout).toContain('--port NUMBER');
    expect((await failing(['--version'])).stdout).toBe('0.0.0-test\n');
  });

  it('all mistakes are reported at once, one line each', async () => {
    const { code, stderr } = await failing(['--port', 'x', '--what'], { WETINK_LOG_LEVEL: 'loud' });
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toEqual([
      'wetink-relay: unknown option "--what"',
      'wetink-relay: --port is "x": it must be a whole number from 0 to 65535',
      'wetink-relay: WETINK_LOG_LEVEL is "loud": it must be one of debug, info, warn, error, silent',
      'wetink-relay: see wetink-relay --help',
    ]);
    await writeFile(join(folder, 'file'), '');
    const folders = await failing(['--data', join(folder, 'file'), '--static', join(folder, 'nothing')]);
    expect([folders.code, folders.stderr.trim().split('\n').length]).toEqual([2, 3]);
    if (platform() !== 'linux') return;
    // Node's recursive mkdir never returns for this path.
    const nowhere = await failing(['--data', '/proc/nope/data']);
    expect([nowhere.code, nowhere.stderr.split('\n')[0]]).toEqual([
      2,
      'wetink-relay: data folder /proc/nope/data cannot be made: no folder can be made in /proc. Choose another with --data.',
    ]);
  });

  it('a port or data folder in use is one line and exit code 1', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as AddressInfo;
    const taken = await failing(['--data', join(folder, 'data'), '--port', String(port)]);
    blocker.close();
    expect([taken.code, taken.stderr]).toEqual([1, `wetink-relay: port ${port} on 127.0.0.1 is in use. Choose another with --port.\n`]);
    await start();
    const locked = await failing(['--data', join(folder, 'data'), '--port', '0']);
    expect(locked.code).toBe(1);
    expect(locked.stderr).toMatch(/^wetink-relay: .*\n$/);
    expect(locked.stdout).toBe('');
  });

  it('one port, configured from the environment, serves health, readiness, the app and rooms', async () => {
    await writeFile(join(folder, 'index.html'), '<h1>app</h1>');
    const relay = await startRelayProcess(bundle.script, [], {
      PORT: '0',
      WETINK_DATA: join(folder, 'data'),
      WETINK_STATIC: folder,
      WETINK_HOST: '127.0.0.1',
    });
    running.push(relay);
    expect(await (await fetch(`${relay.origin}/healthz`)).json()).toMatchObject({ ok: true });
    expect(await (await fetch(`${relay.origin}/readyz`)).json()).toMatchObject({ ready: true });
    expect(await (await fetch(`${relay.origin}/b/12345678`, { headers: { accept: 'text/html' } })).text()).toBe('<h1>app</h1>');
    const writer = await Writer.join(relay.url, 'board', 1);
    writer.edit((doc) => doc.getMap('m').set('k', 1));
    await writer.acked(1);
    writer.close();
  });
});

describe('stopping', () => {
  it('SIGTERM saves everything, disconnects clients with 1012 and exits with 0', async () => {
    const relay = await start();
    const writer = await Writer.join(relay.url, 'board', 1);
    for (let i = 0; i < 200; i++) writer.edit((doc) => doc.getMap('m').set(`k${i}`, i));
    await writer.acked(1);
    relay.child.kill('SIGTERM');
    expect(await relay.ended).toBe(0);
    expect(writer.closeCode).toBe(1012);
    const store = await openLmdbStore({ folder: join(folder, 'data') });
    const stored = await store.load('board');
    await store.close();
    const doc = new Y.Doc();
    for (const update of [...(stored.checkpoint === null ? [] : [stored.checkpoint]), ...stored.updates]) Y.applyUpdate(doc, update);
    expect(doc.getMap('m').size).toBe(200);
    expect(stored.updates).toEqual([]);
  });

  it('without clients SIGTERM exits at once, and a second start opens the same folder', async () => {
    const relay = await start();
    relay.child.kill('SIGINT');
    expect(await relay.ended).toBe(0);
    const again = await start();
    expect(again.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
