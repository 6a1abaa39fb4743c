/** The API on a whole relay: pictures on its disk, and what it counts and logs. */

import { createHash, randomFillSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore } from '@wetink/storage/lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backup } from '../store/backup.ts';
import { TestService } from '../testing/service.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAF0lEQVR4AWJ6JnnxPwwzMYDBCyD5ggEAAAD//86swoYAAAAGSURBVAMAqnEKQqO6WF4AAAAASUVORK5CYII=',
  'base64',
);

/** @returns A PNG of exactly this many bytes, with random ones that decoders ignore, so that a test can search files for it. */
function pngOf(bytes: number): Buffer {
  const filler = Buffer.alloc(bytes - png.length);
  filler.writeUInt32BE(filler.length - 12);
  filler.write('fiLl', 4);
  randomFillSync(filler, 8, filler.length - 12);
  return Buffer.concat([png.subarray(0, 33), filler, png.subarray(33)]);
}

let service: TestService;
let ana: { token: string; id: string };
let ben: { token: string; id: string };

beforeEach(() => (service = new TestService()));
afterEach(() => service.dispose());

async function start(env: Record<string, string> = {}): Promise<void> {
  await service.start({ WETINK_AUTH: 'guests', ...env });
  ana = await service.guest('Ana');
  ben = await service.guest('Ben');
}

interface Given {
  status: number;
  bytes: Buffer;
  code: string | undefined;
}

async function ask(method: string, board: string, picture: Buffer, token: string | null): Promise<Given> {
  const hash = createHash('sha256').update(picture).digest('hex');
  const answer = await fetch(`${service.origin}/v1/boards/${board}/blobs/${hash}`, {
    method,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    ...(method === 'PUT' ? { body: new Uint8Array(picture) } : {}),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  const parsed = isJson ? (JSON.parse(bytes.toString()) as { error?: { code: string } }) : {};
  return { status: answer.status, bytes, code: parsed.error?.code };
}

/** Files of the folder, and below it, that have a part of the picture. */
async function filesWith(folder: string, picture: Buffer): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    if ((await stat(path)).isFile() && (await readFile(path)).includes(picture.subarray(1_000, 1_100))) found.push(name);
  }
  return found;
}

describe('pictures on disk', () => {
  it('T10: erasing the last board with a picture removes its bytes from the data folder and from later backups', async () => {
    await start();
    const [one, two] = [await service.board(ana.token), await service.board(ben.token)];
    const [alone, shared] = [pngOf(5_000), pngOf(5_000)];
    for (const picture of [alone, shared]) expect((await ask('PUT', one, picture, ana.token)).status).toBe(201);
    expect((await ask('PUT', two, shared, ben.token)).status).toBe(201);
    const fileOf = (picture: Buffer): unknown => [
      expect.stringMatching(new RegExp(`^blobs/[a-z0-9]+/${createHash('sha256').update(picture).digest('hex')}\\.`)),
    ];
    expect(await filesWith(service.folder, alone)).toEqual(fileOf(alone));
    expect((await service.call('DELETE', `/v1/boards/${one}`, ana.token)).status).toBe(200);
    expect([await filesWith(service.folder, alone), await filesWith(service.folder, shared)]).toEqual([[], fileOf(shared)]);
    expect((await ask('GET', two, shared, ben.token)).bytes.equals(shared)).toBe(true);

    const copy = await mkdtemp(join(tmpdir(), 'wetink-copy-'));
    await rm(copy, { recursive: true });
    await backup(service.folder, copy);
    expect([await filesWith(copy, alone), await filesWith(copy, shared)]).toEqual([[], fileOf(shared)]);
    await rm(copy, { recursive: true });
    expect((await service.call('DELETE', `/v1/boards/${two}`, ben.token)).status).toBe(200);
    expect(await filesWith(service.folder, shared)).toEqual([]);
    await service.stop();
    const store = await openLmdbStore({ folder: service.folder });
    expect(await store.listBlobs({ limit: 10 })).toEqual([]);
    expect((await store.records.list({ prefix: '', limit: 100 })).filter(({ key }) => !key.startsWith('user/'))).toEqual([]);
    await store.close();
  });

  it('T10: a room without an owner that the operator erased accepts and returns no picture', async () => {
    await start({ WETINK_AUTH: 'open', WETINK_ADMIN_TOKEN: 'operators-only-0123456789' });
    expect((await ask('PUT', 'open-room', png, null)).status).toBe(201);
    expect((await service.call('DELETE', '/v1/rooms/open-room', 'operators-only-0123456789')).status).toBe(200);
    expect(await ask('GET', 'open-room', png, null)).toMatchObject({ status: 404, code: 'blob_not_found' });
    expect(await ask('PUT', 'open-room', png, null)).toMatchObject({ status: 410, code: 'board_erased' });
    await service.stop();
    const store = await openLmdbStore({ folder: service.folder });
    expect([await store.listBlobs({ limit: 10 }), await store.records.list({ prefix: 'blob', limit: 10 })]).toEqual([[], []]);
    await store.close();
  });
});

it('limits of the API are read from the environment, counted in the metrics, and refused uploads are logged', async () => {
  await start({ WETINK_LIMIT_BLOB_BYTES: '2000', WETINK_LIMIT_USER_BOARDS: '1' });
  const board = await service.board(ana.token);
  expect(await ask('PUT', board, pngOf(2_001), ana.token)).toMatchObject({ status: 413, code: 'body_too_large' });
  expect(service.log).toContain('"code":"TOO_LARGE"');
  expect((await service.post('/v1/boards', ana.token, {})).status).toBe(429);
  const metrics = await (await fetch(`${service.origin}/metrics`)).text();
  expect(metrics).toContain('wetink_limit_hits_total{limit="user_boards"} 1\n');
  expect(metrics).toContain('wetink_refused_total{code="TOO_LARGE"} 1\n');
});

it('limits by address are read from the environment and counted in the metrics', async () => {
  await start({
    WETINK_TRUSTED_PROXIES: '127.0.0.1',
    WETINK_LIMIT_API_CALLS: '3',
    WETINK_LIMIT_API_MISSES: '1',
    WETINK_LIMIT_ADDRESS_BOARDS: '1',
  });
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const settings = () => service.call('GET', '/v1/settings', null, undefined, from('203.0.113.1'));
  const guess = () => service.call('GET', '/v1/me', 'a.b.c', undefined, from('203.0.113.2'));
  const make = () => service.post('/v1/boards', ana.token, {}, from('203.0.113.3'));
  const statuses = async (ask: () => Promise<{ status: number }>, times: number): Promise<number[]> => {
    const given: number[] = [];
    for (let i = 0; i < times; i++) given.push((await ask()).status);
    return given;
  };
  expect(await statuses(settings, 4)).toEqual([200, 200, 200, 429]);
  expect(await statuses(guess, 2)).toEqual([401, 429]);
  expect(await statuses(make, 2)).toEqual([201, 429]);
  const metrics = await (await fetch(`${service.origin}/metrics`)).text();
  for (const limit of ['api_calls', 'api_misses', 'address_boards'])
    expect(metrics).toContain(`wetink_limit_hits_total{limit="${limit}"} 1\n`);
});
