/**
 * Uploads to a relay whose disk is full: a sentence, nothing lost, and on from there once there is space. The disk is a
 * tmpfs of a few megabytes, which needs root to mount.
 */

import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore } from '@wetink/storage/lmdb';
import { afterAll, afterEach, expect, it } from 'vitest';
import { ApiService } from '../testing/api-service.ts';
import { pictures } from '../testing/pictures.ts';

const MIB = 1024 * 1024;
const scratch = mkdtempSync(join(tmpdir(), 'wetink-full-disk-'));
const small = join(scratch, 'small');
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mountSmall() && unmountSmall();
interface Json {
  hash?: string;
  offset?: number;
  boardBytes?: number;
  error?: { code: string; message: string };
}
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

class SmallDiskService extends ApiService {
  override openStore(): ReturnType<ApiService['openStore']> {
    return openLmdbStore({ folder: join(small, 'data') });
  }
}
const service = new SmallDiskService();
afterEach(async () => {
  await service.dispose();
  if (canMount) unmountSmall();
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

// Without root there is no disk small enough to fill; then this is not run.
it.skipIf(!canMount)(
  '[HT13] on a full disk an upload and a picture get 507 with a sentence, what is there can be had, and the upload goes on once there is space',
  async () => {
    expect(mountSmall()).toBe(true);
    const filler = join(small, 'filler');
    await writeFile(filler, new Uint8Array(5 * MIB));
    await service.start();
    const ana = await service.guest('Ana');
    const board = await service.board(ana.token);
    const ask = async (method: string, path: string, body?: Uint8Array, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${service.origin}/v1/boards/${board}/${path}`, {
        method,
        headers: { authorization: `Bearer ${ana.token}`, ...headers },
        ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const isJson = answer.headers.get('content-type')?.includes('json') === true;
      return { status: answer.status, bytes, json: (isJson ? JSON.parse(Buffer.from(bytes).toString()) : {}) as Json };
    };
    const { png, gif } = pictures;
    expect((await ask('PUT', `blobs/${hashOf(png)}`, png)).status).toBe(201);

    const file = randomBytes(5 * MIB + 7);
    const path = `uploads/${hashOf(file)}`;
    const send = (offset: number) =>
      ask('PATCH', path, file.subarray(offset, offset + MIB), { 'upload-offset': String(offset), 'upload-length': String(file.length) });
    let offset = 0;
    let last = await send(0);
    for (; last.status === 200; last = await send(offset)) offset = last.json.offset ?? 0;
    expect(last).toMatchObject({ status: 507, json: { error: { code: 'store_full', message: expect.stringContaining('no space left') } } });
    expect(offset).toBeGreaterThanOrEqual(MIB);
    expect((await ask('GET', path)).json).toEqual({ offset, length: file.length });
    // Nothing is left of the part that did not fit, and the rest of the disk is filled to its end.
    await writeFile(join(small, 'rest'), new Uint8Array(8 * MIB)).catch(() => undefined);
    expect((await ask('PUT', `blobs/${hashOf(gif)}`, gif)).status).toBe(507);
    // Records are small: one may still fit.
    let made: { status: number; body: { error?: { code: string } } } = { status: 201, body: {} };
    for (let i = 0; i < 2_000 && made.status === 201; i++) made = await service.post(`/v1/boards`, ana.token, {});
    expect([made.status, made.body.error?.code]).toEqual([507, 'store_full']);
    expect(Buffer.from((await ask('GET', `blobs/${hashOf(png)}`)).bytes).equals(png)).toBe(true);
    expect((await ask('GET', 'blobs')).json.boardBytes).toBe(png.length + file.length);

    for (const name of [filler, join(small, 'rest')]) await rm(name);
    for (last = await send(offset); last.status === 200 && 'offset' in last.json; last = await send(offset)) offset = last.json.offset ?? 0;
    expect([last.status, last.json]).toEqual([201, { hash: hashOf(file) }]);
    expect(hashOf((await ask('GET', `blobs/${hashOf(file)}`)).bytes)).toBe(hashOf(file));
    expect((await ask('PUT', `blobs/${hashOf(gif)}`, gif)).status).toBe(201);
    expect((await ask('GET', 'blobs')).json.boardBytes).toBe(png.length + file.length + gif.length);
    expect(service.failures).toEqual([]);
  },
);

function mountSmall(): boolean {
  mkdirSync(small, { recursive: true });
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=9m', 'tmpfs', small]).status === 0;
}

function unmountSmall(): boolean {
  return spawnSync('umount', [small]).status === 0;
}
