import { createHash } from 'node:crypto';
import { createMemoryStore, type Store } from '@wetink/storage';
import { beforeEach, expect, it } from 'vitest';
import { defaultLimits } from '../limits/limits.ts';
import { pictures } from '../testing/pictures.ts';
import { createBoardBlobs, type BlobLimits, type BoardBlobs, type BoardBlobsOptions } from './board-blobs.ts';

const limits: BlobLimits = defaultLimits;
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
let store: Store;
let blobs: BoardBlobs;

function create(some: Partial<BlobLimits> = {}, of: BoardBlobsOptions['store'] = store): BoardBlobs {
  return createBoardBlobs({ store: of, limits: { ...limits, ...some }, wallClock: () => 1_000 });
}

/** A PNG of this many bytes, padded with an ancillary chunk. @param size Width and height of the picture. */
function png(bytes: number, [width, height]: [number, number] = [3, 2]): Uint8Array {
  const picture = Buffer.from(pictures.png);
  picture.writeUInt32BE(width, 16);
  picture.writeUInt32BE(height, 20);
  const filler = Buffer.alloc(bytes - picture.length);
  filler.writeUInt32BE(filler.length - 12);
  filler.write('fiLl', 4);
  return new Uint8Array(Buffer.concat([picture.subarray(0, 33), filler, picture.subarray(33)]));
}

beforeEach(() => {
  store = createMemoryStore();
  blobs = create();
});

const put = (board: string, bytes: Uint8Array, on = blobs) => on.put(board, hashOf(bytes), bytes, 'ana');
const counted = async (board: string): Promise<unknown> => {
  const record = await store.records.get(`blobs/${board}`);
  return record === null ? null : JSON.parse(new TextDecoder().decode(record.value));
};

it('[BL2] a picture is readable through a board that has it, with its own type, and through no other board', async () => {
  for (const [kind, bytes] of Object.entries(pictures)) {
    expect(await put('one', bytes)).toEqual({ ok: true, isNew: true });
    expect(await put('one', bytes)).toEqual({ ok: true, isNew: false });
    expect(await blobs.get('one', hashOf(bytes))).toEqual({ type: `image/${kind}`, bytes });
    expect(await blobs.get('two', hashOf(bytes))).toBeNull();
  }
  const sum = Object.values(pictures).reduce((bytes, { length }) => bytes + length, 0);
  expect(await counted('one')).toEqual({ bytes: sum });
});

it('[BL2] bytes that do not match the hash, or that are no picture, are not kept', async () => {
  expect(await blobs.put('one', 'a'.repeat(64), pictures.png, 'ana')).toEqual({ ok: false, code: 'blob_hash' });
  const page = new TextEncoder().encode('<svg/>');
  expect(await put('one', page)).toEqual({ ok: false, code: 'blob_type' });
  expect(await store.getBlob(hashOf(page))).toBeNull();
  expect(await counted('one')).toBeNull();
});

it('[BL3] a picture’s bytes and pixels: the limit is accepted, one more is refused', async () => {
  const small = create({ maxBlobBytes: 1_000 });
  expect(await put('one', png(1_000), small)).toMatchObject({ ok: true });
  expect(await put('one', png(1_001), small)).toEqual({ ok: false, code: 'blob_too_large' });
  expect(await put('one', png(500, [8_000, 5_000]))).toMatchObject({ ok: true });
  expect(await put('one', png(500, [40_000_001, 1]))).toEqual({ ok: false, code: 'blob_pixels' });
  expect(await put('one', png(500, [0xffffffff, 0xffffffff]))).toEqual({ ok: false, code: 'blob_pixels' });
});

it('[BL3] all pictures of a board: the limit is accepted, one byte more is refused; another board has its own limit', async () => {
  const small = create({ maxBoardBlobBytes: 1_000 });
  expect(await put('one', png(600), small)).toMatchObject({ ok: true });
  expect(await put('one', png(401), small)).toEqual({ ok: false, code: 'blob_quota' });
  expect(await put('one', png(400), small)).toMatchObject({ ok: true });
  expect(await put('one', png(600), small)).toEqual({ ok: true, isNew: false });
  expect(await put('one', png(401), small)).toEqual({ ok: false, code: 'blob_quota' });
  expect(await put('two', png(1_000), small)).toMatchObject({ ok: true });
  expect(await counted('one')).toEqual({ bytes: 1_000 });
});

it('[BL3] a picture that is put twice at once counts once, and a failed write does not count', async () => {
  const both = await Promise.all([put('one', png(600)), put('one', png(600))]);
  expect(both.map((outcome) => outcome.ok && outcome.isNew).sort()).toEqual([false, true]);
  expect(await counted('one')).toEqual({ bytes: 600 });
  const full = create({}, { ...store, records: store.records, putBlob: () => Promise.reject(new Error('full')), getBlob: store.getBlob });
  await expect(put('one', png(700), full)).rejects.toThrow('full');
  expect(await counted('one')).toEqual({ bytes: 600 });
  expect(await blobs.get('one', hashOf(png(700)))).toBeNull();
});

it('[BL4] a forgotten board has no pictures any more', async () => {
  await put('one', pictures.png);
  await put('one-more', pictures.png);
  await blobs.forget('one');
  await blobs.forget('one');
  expect(await blobs.get('one', hashOf(pictures.png))).toBeNull();
  expect(await blobs.get('one-more', hashOf(pictures.png))).not.toBeNull();
  expect((await store.records.list({ prefix: 'blob', limit: 10 })).map(({ key }) => key.split('/')[1])).toEqual(['one-more', 'one-more']);
});
