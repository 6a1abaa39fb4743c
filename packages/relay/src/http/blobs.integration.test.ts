/** Pictures over HTTP, on a relay: access, accepted types, and the headers of answers. */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiService, type ApiServiceOptions } from '../testing/api-service.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAF0lEQVR4AWJ6JnnxPwwzMYDBCyD5ggEAAAD//86swoYAAAAGSURBVAMAqnEKQqO6WF4AAAAASUVORK5CYII=',
  'base64',
);
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** @returns A PNG of exactly this many bytes. */
function pngOf(bytes: number): Buffer {
  const filler = Buffer.alloc(bytes - png.length);
  filler.writeUInt32BE(filler.length - 12);
  filler.write('fiLl', 4);
  return Buffer.concat([png.subarray(0, 33), filler, png.subarray(33)]);
}

let service: ApiService;
let ana: { token: string; id: string };
let ben: { token: string; id: string };

beforeEach(() => (service = new ApiService()));
afterEach(() => service.dispose());

async function start(options: ApiServiceOptions = {}): Promise<void> {
  await service.start(options);
  ana = await service.guest('Ana');
  ben = await service.guest('Ben');
}

interface Given {
  status: number;
  headers: Headers;
  bytes: Buffer;
  code: string | undefined;
}

async function ask(method: string, path: string, token: string | null, body?: Uint8Array, type = 'image/png'): Promise<Given> {
  const answer = await fetch(`${service.origin}${path}`, {
    method,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  const parsed = isJson && bytes.length > 0 ? (JSON.parse(bytes.toString()) as { error?: { code: string } }) : {};
  return { status: answer.status, headers: answer.headers, bytes, code: parsed.error?.code };
}

const pathOf = (board: string, bytes: Uint8Array): string => `/v1/boards/${board}/blobs/${hashOf(bytes)}`;
const put = (board: string, token: string | null, bytes: Uint8Array, type?: string) => ask('PUT', pathOf(board, bytes), token, bytes, type);

describe('a picture of a board', () => {
  it('[HT10] editors upload a picture, everyone with a role reads it, and its headers let it run nothing', async () => {
    await start();
    const board = await service.board(ana.token, 'viewer');
    expect((await put(board, ana.token, png, 'text/html')).status).toBe(201);
    expect((await put(board, ana.token, png)).status).toBe(200);
    for (const { token } of [ana, ben]) {
      const { status, headers, bytes } = await ask('GET', pathOf(board, png), token);
      expect([status, bytes.equals(png)]).toEqual([200, true]);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'image/png',
        'content-length': String(png.length),
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'private, max-age=31536000, immutable',
      });
    }
    const head = await ask('HEAD', pathOf(board, png), ben.token);
    expect([head.status, head.headers.get('content-length'), head.bytes.length]).toEqual([200, String(png.length), 0]);
    const other = pngOf(200);
    expect(await put(board, ben.token, other)).toMatchObject({ status: 403, code: 'read_only' });
    expect(await ask('GET', pathOf(board, other), ana.token)).toMatchObject({ status: 404, code: 'blob_not_found' });
  });

  it('[HT10] a picture is 404 without access to its board, and on another board, even with its hash', async () => {
    await start();
    const [board, own] = [await service.board(ana.token), await service.board(ben.token)];
    await put(board, ana.token, png);
    const missing = 'Z'.repeat(22);
    for (const method of ['GET', 'PUT'])
      for (const on of [board, missing, 'short', 'x'.repeat(300)])
        expect(await ask(method, pathOf(on, png), ben.token, method === 'PUT' ? png : undefined)).toMatchObject({
          status: 404,
          code: 'board_not_found',
        });
    expect(await ask('GET', pathOf(own, png), ben.token)).toMatchObject({ status: 404, code: 'blob_not_found' });
    expect(await ask('GET', pathOf(board, png), null)).toMatchObject({ status: 401, code: 'token_missing' });
    expect(await put(board, null, png)).toMatchObject({ status: 401, code: 'token_missing' });
  });

  it('[BL4] erasing a board erases its pictures', async () => {
    await start();
    const board = await service.board(ana.token);
    await put(board, ana.token, png);
    await service.call('DELETE', `/v1/boards/${board}`, ana.token);
    expect((await ask('GET', pathOf(board, png), ana.token)).status).toBe(404);
    await service.stop();
    const store = await service.openStore();
    expect((await store.records.list({ prefix: '', limit: 100 })).filter(({ key }) => key.includes(board))).toEqual([]);
    await store.close();
  });

  it('open mode: a picture of a room without an owner needs no token, a picture of a board does', async () => {
    await start({ mode: 'open' });
    expect((await put('open-room', null, png)).status).toBe(201);
    expect((await ask('GET', pathOf('open-room', png), null)).bytes.equals(png)).toBe(true);
    expect((await ask('GET', pathOf('open-room', png), ben.token)).status).toBe(200);
    expect((await ask('GET', pathOf('open-room', png), 'a.b.c')).status).toBe(401);
    const board = await service.board(ana.token, 'viewer');
    expect((await put(board, ana.token, png)).status).toBe(201);
    expect(await ask('GET', pathOf(board, png), null)).toMatchObject({ status: 401, code: 'token_missing' });
    expect((await ask('GET', pathOf(board, png), ben.token)).status).toBe(200);
  });
});

describe('refused pictures', () => {
  it('[BL1] C3: pages, scripts, documents, and pictures with other content are refused', async () => {
    await start();
    const board = await service.board(ana.token);
    const html = '<!doctype html><script>alert(1)</script>';
    for (const hostile of [
      Buffer.from(html),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
      Buffer.from('GIF89a=1;alert(1)//'),
      Buffer.from('%PDF-1.7'),
      Buffer.concat([png, Buffer.from(html)]),
      Buffer.concat([png, Buffer.from('PK\x03\x04')]),
      Buffer.alloc(0),
      png.subarray(0, -1),
    ])
      for (const type of ['image/png', 'image/svg+xml', 'text/html'])
        expect(await put(board, ana.token, hostile, type)).toMatchObject({ status: 415, code: 'blob_type' });
    expect(await ask('PUT', `/v1/boards/${board}/blobs/${'a'.repeat(64)}`, ana.token, png)).toMatchObject({
      status: 400,
      code: 'blob_hash',
    });
    for (const name of ['x', hashOf(png).toUpperCase(), `${hashOf(png)}0`])
      expect(await ask('PUT', `/v1/boards/${board}/blobs/${name}`, ana.token, png)).toMatchObject({ status: 400, code: 'address_invalid' });
    expect((await ask('GET', `/v1/boards/${board}/blobs/x`, ana.token)).code).toBe('blob_not_found');
  });

  it('[HT6] [BL3] bytes of a picture and of a board: accepted at the limit, refused one above', async () => {
    await start({ limits: { maxBlobBytes: 2_000, maxBoardBlobBytes: 3_000 } });
    const board = await service.board(ana.token);
    expect((await put(board, ana.token, pngOf(2_000))).status).toBe(201);
    expect(await put(board, ana.token, pngOf(2_001))).toMatchObject({ status: 413, code: 'body_too_large' });
    expect(await put(board, ana.token, pngOf(1_001))).toMatchObject({ status: 413, code: 'blob_quota' });
    expect((await put(board, ana.token, pngOf(1_000))).status).toBe(201);
    expect(service.refused).toEqual(['TOO_LARGE', 'TOO_LARGE']);
  });

  it.each<[string, number, boolean]>([
    ['[HT7] concurrent uploads of a relay: accepted at the limit, refused one above', 1, true],
    ['[HT7] concurrent uploads of one user: an eighth of the relay limit, one more is refused; another user is not affected', 15, false],
  ])('%s', async (_, maxUploads, isForAll) => {
    await start({ limits: { maxUploads } });
    const board = await service.board(ana.token);
    // An upload that has begun and does not continue.
    const { hostname, port } = new URL(service.origin);
    const slow = connect(Number(port), hostname);
    slow.on('error', () => undefined);
    slow.write(
      `PUT ${pathOf(board, png)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ana.token}\r\nContent-Length: ${png.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    const [first] = (await once(slow, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1.1 100 /);
    let refused: Given | null = null;
    for (let tries = 0; tries < 200 && refused === null; tries++) {
      const given = await put(board, ana.token, pngOf(200 + tries));
      if (given.status === 503) refused = given;
    }
    expect([refused?.code, refused?.headers.get('retry-after')]).toEqual(['busy', '2']);
    const own = await service.board(ben.token);
    expect((await put(own, ben.token, png)).status).toBe(isForAll ? 503 : 201);
    slow.destroy();
    for (let tries = 0; tries < 200; tries++) {
      if ((await put(board, ana.token, pngOf(1_000))).status !== 503) return expect(service.failures).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('an upload that broke off still counts');
  });

  it('[HT7] concurrent uploads of all users of one address: half the relay limit, one more is refused; another address is not affected', async () => {
    await start({ limits: { maxUploads: 8 }, trustedProxies: ['127.0.0.1'] });
    const { hostname, port } = new URL(service.origin);
    /** Resolves when the relay has begun to read the upload. */
    const begin = async (address: string): Promise<{ answer: Promise<string>; finish(): void }> => {
      const { token } = await service.guest('Somebody');
      const upload = connect(Number(port), hostname);
      upload.on('error', () => undefined);
      let text = '';
      const hasBegun = new Promise<void>((resolve) => upload.once('data', () => resolve()));
      const answer = new Promise<string>((resolve) =>
        upload.on('data', (data: Buffer) => {
          text += data.toString();
          const status = /HTTP\/1\.1 ([2-5]\d\d)/.exec(text)?.[1];
          if (status !== undefined) resolve(status);
        }),
      );
      upload.write(
        `PUT ${pathOf(await service.board(token), png)} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${address}\r\nAuthorization: Bearer ${token}\r\n` +
          `Content-Length: ${png.length}\r\nExpect: 100-continue\r\n\r\n`,
      );
      await hasBegun;
      return { answer, finish: () => void upload.write(png) };
    };
    const uploads = [];
    for (const last of [1, 1, 1, 1, 2]) uploads.push(await begin(`203.0.113.${last}`));
    const tooMany = await begin('203.0.113.1');
    expect(await tooMany.answer).toBe('503');
    // An accepted upload is answered once all its bytes have arrived.
    for (const { finish } of uploads) finish();
    expect(await Promise.all(uploads.map(({ answer }) => answer))).toEqual(['201', '201', '201', '201', '201']);
  });
});
