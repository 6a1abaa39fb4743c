/** Blobs in the data folder: removed without a trace, put before there were versions, or cut off. */

import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEnvironment, type Environment } from './environment.ts';
import { dataFile } from './folder.ts';
import { chunkKey } from './keys.ts';
import { openLmdbStore } from '../lmdb.ts';

const SIZE_INDEX = 0xffffffff;
const hashOf = (blob: Uint8Array): string => createHash('sha256').update(blob).digest('hex');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetink-blobs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function filesWith(bytes: Uint8Array): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await stat(path)).isFile() && (await readFile(path)).includes(Buffer.from(bytes))) found.push(name);
  }
  return found;
}

/** Works on the file directly, without the store. */
async function inFile<T>(run: (environment: Environment) => Promise<T>): Promise<T> {
  const environment = openEnvironment(dataFile(folder));
  try {
    return await run(environment);
  } finally {
    await environment.close();
  }
}

it('[LM22] T10: when a removal has resolved, no byte of the blob is in any file of the folder, and everything else is there', async () => {
  const [gone, stays] = [randomBytes(3_000_000), randomBytes(3_000_000)];
  const store = await openLmdbStore({ folder });
  for (const blob of [gone, stays]) await store.putBlob(hashOf(blob), blob);
  await store.append('r', [new Uint8Array([1])]);
  expect(await filesWith(gone.subarray(100, 200))).toEqual(['rooms.mdb']);
  expect(await store.removeBlobs(await store.listBlobs({ prefix: hashOf(gone), limit: 1 }))).toEqual([hashOf(gone)]);
  for (const at of [100, 1_500_000, 2_999_000]) expect(await filesWith(gone.subarray(at, at + 100))).toEqual([]);
  expect(await store.getBlob(hashOf(stays))).not.toBeNull();
  expect((await store.load('r')).updates).toHaveLength(1);
  await store.close();
});

it('[LM22] T10: a file too large to rewrite at once is rewritten at the next start', async () => {
  const gone = randomBytes(3_000_000);
  const store = await openLmdbStore({ folder, compactBelowBytes: 1_000 });
  await store.putBlob(hashOf(gone), gone);
  await store.removeBlobs(await store.listBlobs({ limit: 1 }));
  expect([await store.getBlob(hashOf(gone)), await filesWith(gone.subarray(100, 200))]).toEqual([null, ['rooms.mdb']]);
  await store.close();
  const again = await openLmdbStore({ folder, compactBelowBytes: 1_000 });
  expect(await filesWith(gone.subarray(100, 200))).toEqual([]);
  await again.close();
});

it('[LM22] T10: a blob put before there were versions is read, listed and removed like any other', async () => {
  const blob = randomBytes(10_000);
  const key = Buffer.from(hashOf(blob), 'hex');
  const store = await openLmdbStore({ folder });
  await store.putBlob(hashOf(blob), blob);
  await store.close();
  await inFile(async (environment) => {
    const record = await environment.read(async ({ blobs }) => Buffer.from(blobs.get(chunkKey(key, SIZE_INDEX)) ?? []));
    await environment.write(100, ({ put }) => put('blobs', chunkKey(key, SIZE_INDEX), record.subarray(0, 6)));
  });
  const again = await openLmdbStore({ folder });
  expect(Buffer.compare((await again.getBlob(hashOf(blob))) ?? new Uint8Array(), blob)).toBe(0);
  const [listed] = await again.listBlobs({ limit: 2 });
  expect(listed).toMatchObject({ hash: hashOf(blob), bytes: 10_000, isWhole: true });
  await again.putBlob(hashOf(blob), blob);
  expect(await again.removeBlobs([listed!])).toEqual([]);
  await again.close();
  await inFile(async (environment) => {
    await environment.write(100, ({ put }) => put('blobs', chunkKey(key, SIZE_INDEX), Buffer.from([0, 0, 0, 0, 0x27, 0x10])));
  });
  const last = await openLmdbStore({ folder });
  expect(await last.removeBlobs([listed!])).toEqual([hashOf(blob)]);
  expect([await last.getBlob(hashOf(blob)), await last.listBlobs({ limit: 2 })]).toEqual([null, []]);
  await last.close();
});

it('[LM22] T10: leftovers of a broken put are listed as not whole, can be removed, and do not hinder another put', async () => {
  const blob = randomBytes(3_000_000);
  const key = Buffer.from(hashOf(blob), 'hex');
  const cutOff = async (): Promise<void> => {
    const store = await openLmdbStore({ folder });
    await store.putBlob(hashOf(blob), blob);
    await store.close();
    await inFile((environment) => environment.write(100, ({ remove }) => remove('blobs', chunkKey(key, SIZE_INDEX))));
  };
  await cutOff();
  const store = await openLmdbStore({ folder });
  const left = await store.listBlobs({ limit: 2 });
  expect(left).toMatchObject([{ hash: hashOf(blob), bytes: 0, isWhole: false }]);
  expect(await store.getBlob(hashOf(blob))).toBeNull();
  // A put under way is not harmed by a removal that takes it for a broken one.
  const [removed] = await Promise.all([store.removeBlobs(left), store.putBlob(hashOf(blob), blob), store.removeBlobs(left)]);
  expect(removed).toEqual([hashOf(blob)]);
  expect(Buffer.compare((await store.getBlob(hashOf(blob))) ?? new Uint8Array(), blob)).toBe(0);
  await store.close();
  await cutOff();
  const again = await openLmdbStore({ folder });
  expect(await again.removeBlobs(await again.listBlobs({ limit: 2 }))).toEqual([hashOf(blob)]);
  expect(await again.listBlobs({ limit: 2 })).toEqual([]);
  await again.close();
  expect(await filesWith(blob.subarray(2_000_000, 2_000_100))).toEqual([]);
});
