/** The relay from an operator's view: metrics, logs, erasure, backups, a drain, and failures. */

import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore } from '@wetink/storage/lmdb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { hashedRoom } from '../log/secrets.ts';
import { bundleRelay, type BundledRelay } from '../testing/bundle.ts';
import { spawnRelay, startRelayProcess, type RelayProcess } from '../testing/process.ts';
import { Writer } from '../testing/writer.ts';

const TOKEN = 'operators-only-0123456789';
const asAdmin = { headers: { authorization: `Bearer ${TOKEN}` } };

let bundle: BundledRelay;
let folder: string;
let data: string;
let running: RelayProcess[];

beforeAll(async () => {
  bundle = await bundleRelay();
});
afterAll(() => bundle.dispose());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetink-operating-'));
  data = join(folder, 'data');
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
  const relay = await startRelayProcess(bundle.script, ['--data', data, '--port', '0', ...args], { WETINK_ADMIN_TOKEN: TOKEN, ...env });
  running.push(relay);
  return relay;
}

async function run(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | NodeJS.Signals; stdout: string; stderr: string }> {
  const process = spawnRelay(bundle.script, args, env);
  const code = await process.ended;
  return { code, stdout: process.stdout(), stderr: process.stderr() };
}

function linesOf(relay: Pick<RelayProcess, 'stderr'>): Record<string, unknown>[] {
  return relay
    .stderr()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited for ${what}`);
}

async function metric(relay: RelayProcess, sample: string): Promise<number | undefined> {
  const text = await (await fetch(`${relay.origin}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
}

async function documentIn(ofFolder: string, room: string): Promise<Y.Doc> {
  const store = await openLmdbStore({ folder: ofFolder });
  const stored = await store.load(room);
  await store.close();
  const doc = new Y.Doc();
  for (const update of [...(stored.checkpoint === null ? [] : [stored.checkpoint]), ...stored.updates]) Y.applyUpdate(doc, update);
  return doc;
}

async function filesIn(ofFolder: string): Promise<Record<string, string>> {
  const names = (await readdir(ofFolder)).filter((name) => !name.startsWith('lock'));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await readFile(join(ofFolder, name))).toString('hex')])));
}

describe('metrics and logs', () => {
  it('metrics count what happened, and connection lines contain no room name and no secret', async () => {
    const relay = await start();
    const writer = await Writer.join(relay.url, 'private-plan', 1);
    for (let i = 0; i < 5; i++) writer.edit((doc) => doc.getMap('m').set(`k${i}`, i));
    await writer.acked(5);
    expect(await metric(relay, 'wetink_ws_connections')).toBe(1);
    expect(await metric(relay, 'wetink_rooms_open')).toBe(1);
    expect(await metric(relay, 'wetink_frames_total{direction="in",type="update"}')).toBe(5);
    expect(await metric(relay, 'wetink_ack_latency_seconds_count')).toBe(5);
    expect(await metric(relay, 'wetink_store_up')).toBe(1);
    expect(await metric(relay, 'wetink_redis_up')).toBeUndefined();
    writer.close();
    await until(() => linesOf(relay).some((line) => line['msg'] === 'connection ended'), 'the line');
    expect(linesOf(relay).find((line) => line['msg'] === 'connection ended')).toMatchObject({
      room: hashedRoom('private-plan'),
      ip: '127.0.0.1',
      role: 'editor',
      authentication: 'open',
      framesIn: 6,
      reason: 'lost',
    });
    for (const secret of ['private-plan', TOKEN]) expect(relay.stderr()).not.toContain(secret);
    expect(await metric(relay, 'wetink_ws_closes_total{code="1006",reason="lost"}')).toBe(1);
  });

  it("behind a trusted proxy the logged address is the client's, and metrics need the token", async () => {
    const relay = await start(['--auth', 'open', '--trusted-proxies', '127.0.0.0/8', '--log-rooms', 'name']);
    const forwarded = { 'x-forwarded-for': '6.6.6.6, 203.0.113.9' };
    expect((await fetch(`${relay.origin}/metrics`, { headers: forwarded })).status).toBe(401);
    expect((await fetch(`${relay.origin}/metrics`, { headers: { ...forwarded, ...asAdmin.headers } })).status).toBe(200);
    const { WebSocket } = await import('ws');
    const ws = new WebSocket(`${relay.url}/board`, { headers: forwarded });
    await new Promise((resolve) => ws.on('open', resolve));
    ws.send('text');
    await until(() => linesOf(relay).some((line) => line['msg'] === 'connection ended'), 'the line');
    expect(linesOf(relay).find((line) => line['msg'] === 'refused')).toMatchObject({
      ip: '203.0.113.9',
      room: 'board',
      code: 'TEXT_FRAME',
    });
    expect(linesOf(relay).find((line) => line['msg'] === 'connection ended')).toMatchObject({ ip: '203.0.113.9', closeCode: 1003 });
  });

  it('listening on a network without TLS warns in one line, unless a proxy is trusted', async () => {
    const warned = await start(['--host', '0.0.0.0']);
    await until(() => warned.stderr().includes('\n'), 'the warning');
    expect(warned.stderr()).toMatch(/^wetink-relay: 0\.0\.0\.0 is reachable from the network without TLS: .*--trusted-proxies\.\n$/);
    warned.child.kill('SIGKILL');
    await warned.ended;
    const proxied = await start(['--host', '0.0.0.0', '--trusted-proxies', '10.0.0.0/8']);
    await (await fetch(`${proxied.origin}/healthz`)).text();
    expect(proxied.stderr()).toBe('');
  });

  it('a single node loads neither the MongoDB nor the Redis driver', async () => {
    const hook = 'export async function resolve(s, c, next) { const r = await next(s, c); process._rawDebug("loads " + r.url); return r; }';
    const register = `import { register } from 'node:module'; register('data:text/javascript,${encodeURIComponent(hook)}');`;
    const relay = await start([], { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(register)}` });
    expect(relay.stderr()).toMatch(/loads .*lmdb/);
    expect(relay.stderr()).not.toMatch(/loads .*(ioredis|\/mongodb@|y-mongodb-provider)/);
  });
});

describe('erasing a room', () => {
  it('an erased room disconnects its clients for good, and an old offline client cannot bring it back, even after a restart', async () => {
    const relay = await start();
    const writer = await Writer.join(relay.url, 'gone', 1);
    const other = await Writer.join(relay.url, 'stays', 2);
    writer.edit((doc) => doc.getText('t').insert(0, 'forget me'));
    other.edit((doc) => doc.getText('t').insert(0, 'keep me'));
    await Promise.all([writer.acked(1), other.acked(1)]);
    const listed = (await (await fetch(`${relay.origin}/v1/rooms`, asAdmin)).json()) as { rooms: object[] };
    expect(listed.rooms).toMatchObject([
      { room: 'gone', people: 1, connections: 1 },
      { room: 'stays', people: 1, connections: 1 },
    ]);
    const erased = await fetch(`${relay.origin}/v1/rooms/gone`, { ...asAdmin, method: 'DELETE' });
    expect([erased.status, await erased.json()]).toEqual([200, { room: 'gone', erased: true }]);
    await writer.closed();
    expect([writer.closeCode, other.closeCode]).toEqual([4410, null]);
    await expect(Writer.join(relay.url, 'gone', 3).then((late) => late.closed().then(() => late.closeCode))).resolves.toBe(4410);
    relay.child.kill('SIGTERM');
    expect(await relay.ended).toBe(0);
    const file = await readFile(join(data, 'rooms.mdb'));
    expect([file.includes('keep me'), file.includes('forget me')]).toEqual([true, false]);

    const again = await start();
    const back = await Writer.join(again.url, 'gone', 1);
    await back.closed();
    expect(back.closeCode).toBe(4410);
    expect((await fetch(`${again.origin}/v1/rooms/gone`, asAdmin)).status).toBe(410);
    expect((await (await fetch(`${again.origin}/v1/rooms/stays`, asAdmin)).json()) as object).toMatchObject({ room: 'stays', here: null });
  });
});

describe('backup', () => {
  it('a backup of a relay under load has every change acknowledged before it, and another relay serves the restored copy', async () => {
    const relay = await start();
    const writers = await Promise.all(Array.from({ length: 3 }, (_, i) => Writer.join(relay.url, `room-${i}`, i + 1)));
    let isWriting = true;
    const writing = writers.map(async (writer) => {
      for (let n = 0; isWriting; n++) {
        writer.edit((doc) => doc.getMap('m').set(`k${n}`, n));
        if (writer.sent - writer.ackedCount > 50) await writer.acked(writer.sent - 25);
      }
    });
    await Promise.all(writers.map((writer) => writer.acked(100)));
    const ackedBefore = writers.map((writer) => writer.ackedCount);
    const copy = join(folder, 'copy');
    const made = await run(['backup', '--data', data, '--to', copy]);
    expect([made.code, made.stdout, made.stderr]).toEqual([0, `Backed up ${data} to ${copy}, while its relay kept running.\n`, '']);
    isWriting = false;
    await Promise.all(writing);
    const restored = join(folder, 'restored');
    const back = await run(['restore', '--from', copy, '--data', restored]);
    expect([back.code, back.stdout]).toEqual([0, `Restored 3 rooms from ${copy} to ${restored}; every one was read.\n`]);
    for (const [i, count] of ackedBefore.entries()) {
      const map = (await documentIn(restored, `room-${i}`)).getMap('m');
      for (let n = 0; n < count; n++) expect(map.get(`k${n}`)).toBe(n);
    }
    const refused = await run(['restore', '--from', copy, '--data', restored]);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/^wetink-relay: .* is not empty, and restore never overwrites\..*\n$/),
    ]);
    for (const writer of writers) writer.close();
  });
});

describe('stopping', () => {
  it('readiness fails first; new clients are served until the wait is over; then all clients are disconnected', async () => {
    const relay = await start(['--drain-wait-seconds', '2', '--drain-seconds', '20']);
    const writer = await Writer.join(relay.url, 'board', 1);
    relay.child.kill('SIGTERM');
    await until(async () => (await fetch(`${relay.origin}/readyz`)).status === 503, 'readiness to fail');
    expect(await (await fetch(`${relay.origin}/readyz`)).json()).toMatchObject({ ready: false, reason: 'draining', store: 'up' });
    expect((await fetch(`${relay.origin}/healthz`)).status).toBe(200);
    const late = await Writer.join(relay.url, 'board', 2);
    late.edit((doc) => doc.getMap('m').set('late', true));
    await late.acked(1);
    expect([writer.closeCode, late.closeCode, late.ackedCount]).toEqual([null, null, 1]);
    expect(await relay.ended).toBe(0);
    expect([writer.closeCode, late.closeCode]).toEqual([1012, 1012]);
    expect((await documentIn(data, 'board')).getMap('m').get('late')).toBe(true);
  });
});

describe('failures', () => {
  it('Redis without MongoDB and invalid addresses are refused with the reason, without the password', async () => {
    const refused = await run(['--data', data], { REDIS_URL: 'redis://:hunter2@127.0.0.1:1' });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^wetink-relay: REDIS_URL is set without MONGODB_URI: .*\nwetink-relay: see wetink-relay --help\n$/);
    const wrong = await run([], { MONGODB_URI: 'postgres://u:hunter2@h' });
    expect([wrong.code, wrong.stderr.split('\n')[0]]).toEqual([
      2,
      'wetink-relay: MONGODB_URI is not an address of MongoDB: it must look like mongodb://host:27017/wetink',
    ]);
    for (const { stderr, stdout } of [refused, wrong]) expect(stderr + stdout).not.toContain('hunter2');
  });

  it('a data folder of a newer version is refused in one line and left unchanged', async () => {
    const store = await openLmdbStore({ folder: data });
    await store.append('board', [new Uint8Array([0, 0])]);
    await store.close();
    await writeFile(join(data, 'FORMAT'), 'wetink-storage 99\n');
    const before = await filesIn(data);
    const refused = await run(['--data', data, '--port', '0']);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/^wetink-relay: .*written by a newer version \(format 99;.*Update the relay.*\n$/);
    expect(await filesIn(data)).toEqual(before);
  });

  it('a record that cannot be applied is skipped, reported and kept in the store; its room and others are served', async () => {
    const poison = new Uint8Array([1, 1, 1, 0, 4, 1, 255, 255, 255, 255, 15]);
    const doc = new Y.Doc();
    doc.getMap('m').set('good', 1);
    const store = await openLmdbStore({ folder: data });
    await store.append('board', [poison, Y.encodeStateAsUpdate(doc)]);
    await store.close();
    const relay = await start();
    const writer = await Writer.join(relay.url, 'board', 1);
    writer.edit((mine) => mine.getMap('m').set('more', 2));
    await writer.acked(1);
    await until(() => linesOf(relay).some((line) => line['msg'] === 'a stored change cannot be applied and is left out'), 'the report');
    expect(await metric(relay, 'wetink_quarantined_records_total')).toBe(1);
    expect((await fetch(`${relay.origin}/readyz`)).status).toBe(200);
    relay.child.kill('SIGTERM');
    expect(await relay.ended).toBe(0);
    const again = await openLmdbStore({ folder: data });
    const stored = await again.load('board');
    await again.close();
    expect(stored.updates.some((update) => Buffer.from(update).equals(Buffer.from(poison)))).toBe(true);
  });

  const small = process.platform === 'linux' && process.getuid?.() === 0 && canMount();

  /** Runs `body` with data on a disk of 6 MB. Mounting one needs root. */
  const onSmallDisk = async (body: () => Promise<void>): Promise<void> => {
    await mkdir(data, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', data]);
    try {
      await body();
    } finally {
      for (const relay of running) {
        relay.child.kill('SIGKILL');
        await relay.ended;
      }
      execFileSync('umount', [data]);
    }
  };
  const readiness = async (relay: RelayProcess): Promise<number> => (await fetch(`${relay.origin}/readyz`)).status;

  it.skipIf(!small)('a full disk: readiness says what to do, acknowledged changes stay, and the relay recovers once there is space', () =>
    onSmallDisk(async () => {
      const relay = await start();
      const writer = await Writer.join(relay.url, 'board', 1);
      writer.edit((doc) => doc.getMap('m').set('before', 1));
      await writer.acked(1);
      await writeFile(join(data, 'filler'), new Uint8Array(8_000_000)).catch(() => undefined); // fills what is left of the disk
      await until(async () => (await readiness(relay)) === 503, 'readiness to fail');
      expect(await (await fetch(`${relay.origin}/readyz`)).json()).toMatchObject({
        ready: false,
        store: 'down',
        reason: expect.stringMatching(/No space left .* Free some space/),
      });
      expect(await metric(relay, 'wetink_store_up')).toBe(0);
      writer.edit((doc) => doc.getMap('m').set('during', 2));
      await until(() => linesOf(relay).some((line) => line['msg'] === 'changes could not be saved'), 'the failed write');
      expect(writer.ackedCount).toBe(1);
      await rm(join(data, 'filler'));
      await writer.acked(2);
      expect([writer.ackedCount, writer.closeCode]).toEqual([2, null]);
      await until(async () => (await readiness(relay)) === 200, 'readiness');
      writer.close();
      relay.child.kill('SIGTERM');
      expect(await relay.ended).toBe(0);
      expect((await documentIn(data, 'board')).getMap('m').toJSON()).toEqual({ before: 1, during: 2 });
    }),
  );

  it.skipIf(!small)(
    'T7: on a nearly full disk the relay is not ready while changes of 30 kB fail, and ready again without any client',
    () =>
      onSmallDisk(async () => {
        const relay = await start();
        expect([await readiness(relay), await metric(relay, 'wetink_store_up')]).toEqual([200, 1]);
        await writeFile(join(data, 'filler'), new Uint8Array(4_000_000));
        const [large, small_] = [await Writer.join(relay.url, 'large', 1), await Writer.join(relay.url, 'small', 2)];
        const cannotSave = (): boolean => linesOf(relay).some((line) => line['msg'] === 'changes could not be saved');
        for (let i = 0; !cannotSave(); i++) {
          large.edit((doc) => doc.getMap('m').set(`k${i}`, randomBytes(15_000).toString('hex')));
          await Promise.race([large.acked(large.sent), until(cannotSave, 'the failed write')]);
        }
        await until(async () => (await readiness(relay)) === 503, 'readiness to fail');
        for (let i = 1; i <= 3; i++) {
          // Small changes are still saved, but the relay must not count as ready.
          small_.edit((doc) => doc.getMap('m').set('k', i));
          await small_.acked(i);
          expect([await readiness(relay), await metric(relay, 'wetink_store_up'), await metric(relay, 'wetink_ready')]).toEqual([
            503, 0, 0,
          ]);
          expect((await fetch(`${relay.origin}/healthz`)).status).toBe(200);
          await new Promise((resolve) => setTimeout(resolve, 1_050)); // a probe is shared for a second
        }
        large.close();
        small_.close();
        await rm(join(data, 'filler'));
        await until(async () => (await readiness(relay)) === 200, 'readiness');
        expect(await metric(relay, 'wetink_store_up')).toBe(1);
      }),
  );
});

function canMount(): boolean {
  const probe = join(tmpdir(), `wetink-mount-${process.pid}`);
  execFileSync('mkdir', ['-p', probe]);
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe]).status === 0;
  if (isMounted) execFileSync('umount', [probe]);
  execFileSync('rmdir', [probe]);
  return isMounted;
}
