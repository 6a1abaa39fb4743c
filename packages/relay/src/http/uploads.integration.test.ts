/** Files over HTTP, on a relay: in parts, resumed, refused, served as a download, and only to those who may see the board. */

import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiService, type ApiServiceOptions } from '../testing/api-service.ts';
import { pictures } from '../testing/pictures.ts';

const MIB = 1024 * 1024;
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

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
  /** The body, if it is JSON. */
  json: { offset?: number; length?: number; hash?: string; error?: { code: string; message: string } } & Record<string, unknown>;
}

async function ask(
  method: string,
  path: string,
  token: string | null,
  headers: Record<string, string> = {},
  body?: Uint8Array,
): Promise<Given> {
  const answer = await fetch(`${service.origin}${path}`, {
    method,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: answer.status, headers: answer.headers, bytes, json: isJson && bytes.length > 0 ? JSON.parse(bytes.toString()) : {} };
}

const uploadOf = (board: string, hash: string): string => `/v1/boards/${board}/uploads/${hash}`;
const blobOf = (board: string, hash: string): string => `/v1/boards/${board}/blobs/${hash}`;

interface Part {
  offset: number;
  length: number;
  bytes: Uint8Array;
}

function patch(board: string, hash: string, token: string | null, { offset, length, bytes }: Part): Promise<Given> {
  return ask('PATCH', uploadOf(board, hash), token, { 'upload-offset': String(offset), 'upload-length': String(length) }, bytes);
}

/** Sends a whole file. @returns The last answer. */
async function upload(board: string, token: string | null, file: Uint8Array, hash = hashOf(file)): Promise<Given> {
  for (let offset = 0; ;) {
    const given = await patch(board, hash, token, { offset, length: file.length, bytes: file.subarray(offset, offset + MIB) });
    if (given.status !== 200 || given.json.offset === undefined) return given;
    offset = given.json.offset;
  }
}

describe('an upload in parts', () => {
  it('[HT11] a file arrives part by part, goes on after a restart of the relay, and is then a file of the board', async () => {
    await start();
    const board = await service.board(ana.token, 'viewer');
    const file = randomBytes(2 * MIB + 1_000);
    const [hash, length] = [hashOf(file), file.length];
    expect((await ask('GET', uploadOf(board, hash), ana.token)).json).toEqual({ offset: 0, length: 0 });
    expect(await patch(board, hash, ana.token, { offset: 0, length, bytes: file.subarray(0, MIB) })).toMatchObject({
      status: 200,
      json: { offset: MIB },
    });
    await service.start();
    expect((await ask('GET', uploadOf(board, hash), ana.token)).json).toEqual({ offset: MIB, length });
    const again = await patch(board, hash, ana.token, { offset: 0, length, bytes: file.subarray(0, MIB) });
    expect(again).toMatchObject({ status: 409, json: { error: { code: 'upload_offset' }, offset: MIB } });
    expect((await ask('GET', blobOf(board, hash), ana.token)).status).toBe(404);
    await patch(board, hash, ana.token, { offset: MIB, length, bytes: file.subarray(MIB, 2 * MIB) });
    const last = await patch(board, hash, ana.token, { offset: 2 * MIB, length, bytes: file.subarray(2 * MIB) });
    expect(last).toMatchObject({ status: 201, json: { hash } });
    for (const { token } of [ana, ben]) expect(hashOf((await ask('GET', blobOf(board, hash), token)).bytes)).toBe(hash);
    // Nothing is sent twice: whatever the offset, the board has the file.
    expect(await patch(board, hash, ana.token, { offset: 5, length, bytes: new Uint8Array() })).toMatchObject({
      status: 200,
      json: { hash },
    });
    expect((await ask('GET', uploadOf(board, hash), ana.token)).json).toEqual({ hash });
    expect(service.failures).toEqual([]);
  });

  it('[HT11] two uploads of one file by one user at once, and one of another user, end with one file that counts once', async () => {
    await start();
    const board = await service.board(ana.token, 'editor');
    const file = randomBytes(3 * MIB);
    const hash = hashOf(file);
    const send = async (token: string): Promise<number> => {
      for (let offset = 0; ;) {
        const { status, json } = await patch(board, hash, token, {
          offset,
          length: file.length,
          bytes: file.subarray(offset, offset + 300_000),
        });
        if (json.hash !== undefined) return status;
        if (status === 503) continue;
        expect([200, 409]).toContain(status);
        offset = json.offset ?? 0;
      }
    };
    const statuses = await Promise.all([send(ana.token), send(ana.token), send(ben.token)]);
    expect(statuses.every((status) => status === 200 || status === 201)).toBe(true);
    expect(hashOf((await ask('GET', blobOf(board, hash), ben.token)).bytes)).toBe(hash);
    const [ofAna, ofBen] = [
      await ask('GET', `/v1/boards/${board}/blobs`, ana.token),
      await ask('GET', `/v1/boards/${board}/blobs`, ben.token),
    ];
    expect(ofAna.json['boardBytes']).toBe(file.length);
    expect(Number(ofAna.json['userBytes']) + Number(ofBen.json['userBytes'])).toBe(file.length);
    await service.stop();
    const store = await service.openStore();
    expect([await store.listUploads({ limit: 10 }), await store.records.list({ prefix: 'upload/', limit: 10 })]).toEqual([[], []]);
    await store.close();
  });

  it('[HT11] an upload that is dropped begins again at 0, and gives its bytes back', async () => {
    await start();
    const board = await service.board(ana.token);
    const file = randomBytes(5_000);
    const hash = hashOf(file);
    await patch(board, hash, ana.token, { offset: 0, length: 5_000, bytes: file.subarray(0, 100) });
    expect((await ask('GET', `/v1/boards/${board}/blobs`, ana.token)).json).toMatchObject({ boardBytes: 5_000, userBytes: 5_000 });
    for (let i = 0; i < 2; i++) expect((await ask('DELETE', uploadOf(board, hash), ana.token)).status).toBe(204);
    expect((await ask('GET', uploadOf(board, hash), ana.token)).json).toEqual({ offset: 0, length: 0 });
    expect((await ask('GET', `/v1/boards/${board}/blobs`, ana.token)).json).toMatchObject({ boardBytes: 0, userBytes: 0 });
    expect((await upload(board, ana.token, file)).status).toBe(201);
  });

  it('[HT11] an empty file, and one that a cut connection sent in full, arrive too', async () => {
    await start();
    const board = await service.board(ana.token);
    expect((await upload(board, ana.token, new Uint8Array())).status).toBe(201);
    expect((await ask('GET', blobOf(board, hashOf(new Uint8Array())), ana.token)).bytes).toHaveLength(0);
    const { hostname, port } = new URL(service.origin);
    const file = randomBytes(1_000);
    const hash = hashOf(file);
    const half = connect(Number(port), hostname);
    half.write(
      `PATCH ${uploadOf(board, hash)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ana.token}\r\nUpload-Offset: 0\r\nUpload-Length: 1000\r\nContent-Length: 1000\r\n\r\n`,
    );
    half.write(file.subarray(0, 500), () => half.destroy());
    await new Promise((resolve) => half.once('close', resolve));
    expect((await ask('GET', uploadOf(board, hash), ana.token)).json).toMatchObject({ offset: 0 });
    expect((await upload(board, ana.token, file)).status).toBe(201);
    expect(service.failures).toEqual([]);
  });
});

describe('a file of a board', () => {
  it('[HT12] comes as a download that is never rendered, with a clean name, whatever its bytes are; a picture by its bytes comes as one', async () => {
    await start();
    const board = await service.board(ana.token);
    const page = Buffer.from('<!doctype html><script>alert(1)</script>');
    expect((await upload(board, ana.token, page)).status).toBe(201);
    const { headers } = await ask(
      'GET',
      `${blobOf(board, hashOf(page))}?name=${encodeURIComponent('a\u202egpj.exe\u0000/..\n"é.html')}`,
      ana.token,
    );
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': "attachment; filename*=UTF-8''agpj.exe_..%22%C3%A9.html",
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'accept-ranges': 'bytes',
    });
    for (const name of ['', '\ud800', '\u202e\u2066', '%0d%0aSet-Cookie: x'])
      expect(
        (
          await ask('GET', `${blobOf(board, hashOf(page))}?name=${name === '\ud800' ? '%ED%A0%80' : encodeURI(name)}`, ana.token)
        ).headers.get('content-disposition'),
      ).toMatch(/^attachment(; filename\*=UTF-8''[A-Za-z0-9%._-]+)?$/);
    expect((await upload(board, ana.token, pictures.png)).status).toBe(201);
    const picture = await ask('GET', blobOf(board, hashOf(pictures.png)), ana.token);
    expect([picture.headers.get('content-type'), picture.headers.get('content-disposition')]).toEqual(['image/png', 'inline']);
  });

  it('[HT12] a range is served as it is in the whole; an impossible one is 416, several or a malformed one are ignored', async () => {
    await start();
    const board = await service.board(ana.token);
    const file = randomBytes(1_500_000);
    await upload(board, ana.token, file);
    const get = (range: string, more: Record<string, string> = {}): Promise<Given> =>
      ask('GET', blobOf(board, hashOf(file)), ana.token, { range, ...more });
    for (const [range, start, end] of [
      ['bytes=0-0', 0, 1],
      ['bytes=100-1200000', 100, 1_200_001],
      ['bytes=1499999-', 1_499_999, 1_500_000],
      ['bytes=-5', 1_499_995, 1_500_000],
      ['bytes=10-9999999', 10, 1_500_000],
      ['bytes=-9999999', 0, 1_500_000],
    ] as const) {
      const { status, headers, bytes } = await get(range);
      expect([range, status, headers.get('content-range'), bytes.equals(file.subarray(start, end))]).toEqual([
        range,
        206,
        `bytes ${start}-${end - 1}/1500000`,
        true,
      ]);
    }
    for (const range of ['bytes=1500000-', 'bytes=2000000-3000000', 'bytes=-0']) {
      const { status, headers, json } = await get(range);
      expect([status, headers.get('content-range'), json.error?.code]).toEqual([416, 'bytes */1500000', 'range_invalid']);
    }
    for (const range of ['bytes=0-1,5-6', 'bytes=5-2', 'bytes=-', 'items=0-1', 'bytes=x-y'])
      expect([range, (await get(range)).status]).toEqual([range, 200]);
    expect((await get('bytes=0-0', { 'if-range': `"${hashOf(file)}"` })).status).toBe(206);
    expect((await get('bytes=0-0', { 'if-range': '"other"' })).status).toBe(200);
    const head = await ask('HEAD', blobOf(board, hashOf(file)), ana.token);
    expect([head.status, head.headers.get('content-length'), head.bytes.length]).toEqual([200, '1500000', 0]);
  });

  it('[HT12] a stranger gets nothing: not the file, not a range, not how far an upload is, not the limits; and cannot add to it', async () => {
    await start();
    const [board, own] = [await service.board(ana.token), await service.board(ben.token)];
    const file = randomBytes(1_000);
    await upload(board, ana.token, file);
    const hash = hashOf(file);
    for (const path of [blobOf(board, hash), uploadOf(board, hash), `/v1/boards/${board}/blobs`]) {
      expect(await ask('GET', path, ben.token, { range: 'bytes=0-1' })).toMatchObject({
        status: 404,
        json: { error: { code: 'board_not_found' } },
      });
      expect(await ask('GET', path, null)).toMatchObject({ status: 401 });
    }
    expect(await upload(board, ben.token, randomBytes(10))).toMatchObject({ status: 404, json: { error: { code: 'board_not_found' } } });
    expect(await ask('DELETE', uploadOf(board, hash), ben.token)).toMatchObject({ status: 404 });
    // Knowing the hash gives nothing on a board of one's own: the bytes have to be sent.
    expect((await ask('GET', blobOf(own, hash), ben.token)).json.error?.code).toBe('blob_not_found');
    expect((await ask('GET', uploadOf(own, hash), ben.token)).json).toEqual({ offset: 0, length: 0 });
  });

  it('[HT12] erasing a board erases its files and its uploads, and gives their bytes back to their users', async () => {
    await start();
    const [board, other] = [await service.board(ana.token), await service.board(ana.token)];
    await upload(board, ana.token, randomBytes(1_000));
    await patch(board, hashOf(randomBytes(1)), ana.token, { offset: 0, length: 700, bytes: randomBytes(10) });
    expect((await ask('GET', `/v1/boards/${other}/blobs`, ana.token)).json).toMatchObject({ boardBytes: 0, userBytes: 1_700 });
    await service.call('DELETE', `/v1/boards/${board}`, ana.token);
    expect((await ask('GET', `/v1/boards/${other}/blobs`, ana.token)).json).toMatchObject({ boardBytes: 0, userBytes: 0 });
    await service.stop();
    const store = await service.openStore();
    expect([await store.listUploads({ limit: 10 }), await store.listBlobs({ limit: 10 })]).toEqual([[], []]);
    expect((await store.records.list({ prefix: '', limit: 100 })).filter(({ key }) => key.includes(board))).toEqual([]);
    await store.close();
  });
});

describe('refused uploads', () => {
  it('[HT11] a viewer, a wrong checksum, a wrong length, missing or malformed headers and too large a part are refused, and nothing is kept', async () => {
    await start();
    const board = await service.board(ana.token, 'viewer');
    const file = randomBytes(1_000);
    const hash = hashOf(file);
    expect(await upload(board, ben.token, file)).toMatchObject({ status: 403, json: { error: { code: 'read_only' } } });
    expect(await ask('GET', `/v1/boards/${board}/blobs`, ben.token)).toMatchObject({ status: 403 });
    expect(await ask('DELETE', uploadOf(board, hash), ben.token)).toMatchObject({ status: 403 });
    expect(await upload(board, ana.token, randomBytes(1_000), hash)).toMatchObject({ status: 422, json: { error: { code: 'blob_hash' } } });
    expect((await ask('GET', uploadOf(board, hash), ana.token)).json).toEqual({ offset: 0, length: 0 });
    await patch(board, hash, ana.token, { offset: 0, length: 1_000, bytes: file.subarray(0, 10) });
    for (const [offset, length] of [
      [10, 999],
      [500, 1_000],
    ] as const)
      expect(await patch(board, hash, ana.token, { offset, length, bytes: file.subarray(0, 501) })).toMatchObject({
        status: 400,
        json: { error: { code: 'upload_length' } },
      });
    for (const headers of [
      {},
      { 'upload-offset': '0' },
      { 'upload-offset': '-1', 'upload-length': '5' },
      { 'upload-offset': '0', 'upload-length': '1e3' },
    ])
      expect(await ask('PATCH', uploadOf(board, hash), ana.token, headers as Record<string, string>, file)).toMatchObject({
        status: 400,
        json: { error: { code: 'upload_invalid' } },
      });
    expect(await patch(board, hash, ana.token, { offset: 10, length: 2 * MIB, bytes: new Uint8Array(MIB + 1) })).toMatchObject({
      status: 413,
      json: { error: { code: 'body_too_large' } },
    });
    expect(await patch(board, 'x', ana.token, { offset: 0, length: 1, bytes: file })).toMatchObject({ status: 400 });
    expect((await ask('GET', uploadOf(board, hash), ana.token)).json).toEqual({ offset: 10, length: 1_000 });
    expect(service.failures).toEqual([]);
  });

  it('[HT6] [BL3] bytes of a file, of a board and of a user: accepted at the limit, refused one above, before anything is sent; the answer names the limit', async () => {
    await start({ limits: { maxFileBytes: 3_000, maxBoardBlobBytes: 4_000, maxUserBlobBytes: 5_000 } });
    const [board, second] = [await service.board(ana.token, 'editor'), await service.board(ana.token)];
    expect((await upload(board, ana.token, randomBytes(3_000))).status).toBe(201);
    const large = await upload(board, ana.token, randomBytes(3_001));
    expect([large.status, large.json.error]).toEqual([413, { code: 'blob_too_large', message: 'a file may have at most 3,000 bytes' }]);
    // What is under way counts whole.
    const begun = { offset: 0, length: 900, bytes: randomBytes(1) };
    expect((await patch(board, hashOf(randomBytes(5)), ben.token, begun)).status).toBe(200);
    expect((await patch(board, hashOf(randomBytes(5)), ben.token, { ...begun, length: 101 })).json.error).toMatchObject({
      code: 'blob_quota',
      message: expect.stringContaining('4,000 bytes'),
    });
    expect((await upload(board, ben.token, randomBytes(100))).status).toBe(201);
    expect((await upload(second, ana.token, randomBytes(2_001))).json.error).toMatchObject({
      code: 'user_quota',
      message: expect.stringContaining('5,000 bytes'),
    });
    expect((await upload(second, ana.token, randomBytes(2_000))).status).toBe(201);
    expect((await ask('GET', `/v1/boards/${second}/blobs`, ana.token)).json).toEqual({
      maxFileBytes: 3_000,
      maxChunkBytes: MIB,
      maxBoardBytes: 4_000,
      boardBytes: 2_000,
      maxUserBytes: 5_000,
      userBytes: 5_000,
    });
    expect(service.refused).toEqual(['TOO_LARGE', 'TOO_LARGE', 'TOO_LARGE']);
  });
});
