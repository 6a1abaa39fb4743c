/** Blobs in the data folder: removed without a trace, put before they were files, cut off, lost, or copied by a backup. */

import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeChunks } from './chunked.ts';
import { openEnvironment, type Environment } from './environment.ts';
import { dataFile } from './folder.ts';
import { chunkKey } from './keys.ts';
import { openLmdbStore, verifyLmdbFolder, type LmdbStore } from '../lmdb.ts';

const SIZE_INDEX = 0xffffffff;
const hashOf = (blob: Uint8Array): string => createHash('sha256').update(blob).digest('hex');
const UPLOAD = 'a'.repeat(64);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetink-blobs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Names of files of the folder, below it as well. */
async function files(below = ''): Promise<string[]> {
  const names = await readdir(join(folder, below), { recursive: true });
  const are = await Promise.all(names.map(async (name) => (await stat(join(folder, below, name))).isFile()));
  return names.filter((_, i) => are[i] === true).sort();
}

async function filesWith(bytes: Uint8Array): Promise<string[]> {
  const names = await files();
  const have = await Promise.all(names.map(async (name) => (await readFile(join(folder, name))).includes(Buffer.from(bytes))));
  return names.filter((_, i) => have[i] === true);
}

async function isThere(store: LmdbStore, blob: Uint8Array): Promise<boolean> {
  return Buffer.compare((await store.getBlob(hashOf(blob))) ?? new Uint8Array(), blob) === 0;
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

/** Puts a blob as versions before blobs were files did. @param version '' for one before there were versions, null for a broken put. */
async function putInDataFile(blob: Uint8Array, version: string | null): Promise<void> {
  await (await openLmdbStore({ folder })).close();
  await inFile(async (environment) => {
    const key = Buffer.from(hashOf(blob), 'hex');
    const size = Buffer.alloc(6);
    size.writeUIntBE(blob.length, 0, 6);
    await writeChunks(environment, 'blobs', key, blob);
    if (version === null) return;
    await environment.write(100, ({ put }) => put('blobs', chunkKey(key, SIZE_INDEX), Buffer.concat([size, Buffer.from(version, 'hex')])));
  });
}

describe('files of blobs', () => {
  it('[LM22] [LM23] T10: when a removal has resolved, no byte of the blob is in any file of the folder, and everything else is there', async () => {
    const [gone, stays] = [randomBytes(3_000_000), randomBytes(3_000_000)];
    const store = await openLmdbStore({ folder });
    for (const blob of [gone, stays]) await store.putBlob(hashOf(blob), blob);
    await store.append('r', [new Uint8Array([1])]);
    const [name = ''] = await filesWith(gone.subarray(100, 200));
    expect(name.startsWith(`blobs/${hashOf(gone).slice(0, 2)}/${hashOf(gone)}.`)).toBe(true);
    expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
    expect(await store.removeBlobs(await store.listBlobs({ prefix: hashOf(gone), limit: 1 }))).toEqual([hashOf(gone)]);
    for (const at of [100, 1_500_000, 2_999_000]) expect(await filesWith(gone.subarray(at, at + 100))).toEqual([]);
    expect(await isThere(store, stays)).toBe(true);
    expect((await store.load('r')).updates).toHaveLength(1);
    await store.close();
  });

  it('[LM23] a blob put twice is one file', async () => {
    const blob = randomBytes(10_000);
    const store = await openLmdbStore({ folder });
    for (let i = 0; i < 3; i++) await store.putBlob(hashOf(blob), blob);
    expect(await files('blobs')).toHaveLength(1);
    expect(await isThere(store, blob)).toBe(true);
    await store.close();
  });

  it('[LM23] a file that is gone, cut short or other is damage, never a shorter blob or none; putting the blob again repairs it', async () => {
    const blob = randomBytes(10_000);
    const store = await openLmdbStore({ folder });
    for (const harm of [
      (path: string) => rm(path),
      (path: string) => truncate(path, 9_000),
      (path: string) => writeFile(path, randomBytes(10_000)),
    ]) {
      await store.putBlob(hashOf(blob), blob);
      const [name = ''] = await files('blobs');
      await harm(join(folder, 'blobs', name));
      await expect(store.getBlob(hashOf(blob))).rejects.toMatchObject({ code: 'CORRUPT' });
    }
    await store.putBlob(hashOf(blob), blob);
    const [name = ''] = await files('blobs');
    await truncate(join(folder, 'blobs', name), 9_000);
    expect(await store.readBlob(hashOf(blob), 0, 9_000)).toHaveLength(9_000);
    await expect(store.readBlob(hashOf(blob), 0, 9_001)).rejects.toMatchObject({ code: 'CORRUPT' });
    await store.putBlob(hashOf(blob), blob);
    expect(await isThere(store, blob)).toBe(true);
    await store.close();
  });

  it('[LM23] files that a crash left on their way are placed or removed at the next start, as their records say', async () => {
    const [kept, never] = [randomBytes(1_000), randomBytes(1_000)];
    const store = await openLmdbStore({ folder });
    await store.putBlob(hashOf(kept), kept);
    await store.close();
    const [name = ''] = (await files('blobs')).map((path) => path.split('/')[1] ?? '');
    await mkdir(join(folder, 'blobs', 'moving'), { recursive: true });
    await rename(join(folder, 'blobs', name.slice(0, 2), name), join(folder, 'blobs', 'moving', name));
    await writeFile(join(folder, 'blobs', 'moving', `${hashOf(never)}.${'0'.repeat(18)}`), never);
    await writeFile(join(folder, 'blobs', 'moving', `${hashOf(kept)}.${'1'.repeat(18)}`), never);
    const again = await openLmdbStore({ folder });
    expect(await files('blobs')).toEqual([`${name.slice(0, 2)}/${name}`]);
    expect([await isThere(again, kept), await again.getBlob(hashOf(never))]).toEqual([true, null]);
    await again.close();
  });
});

describe('blobs in the data file', () => {
  it('[LM22] T10: a blob in a file too large to rewrite at once is gone from it at the next start', async () => {
    const gone = randomBytes(3_000_000);
    await putInDataFile(gone, '01'.repeat(9));
    const store = await openLmdbStore({ folder, compactBelowBytes: 1_000 });
    await store.removeBlobs(await store.listBlobs({ limit: 1 }));
    expect([await store.getBlob(hashOf(gone)), await filesWith(gone.subarray(100, 200))]).toEqual([null, ['rooms.mdb']]);
    await store.close();
    const again = await openLmdbStore({ folder, compactBelowBytes: 1_000 });
    expect(await filesWith(gone.subarray(100, 200))).toEqual([]);
    await again.close();
  });

  it.each(['', '01'.repeat(9)])(
    '[LM22] T10: a blob put before blobs were files is read, listed and removed like any other',
    async (version) => {
      const blob = randomBytes(2_500_000);
      await putInDataFile(blob, version);
      const store = await openLmdbStore({ folder });
      expect([await isThere(store, blob), await store.sizeOfBlob(hashOf(blob))]).toEqual([true, blob.length]);
      for (const [start, end] of [
        [0, 10],
        [1_048_500, 1_048_520],
        [2_499_990, 2_500_010],
      ] as const)
        expect(Buffer.compare((await store.readBlob(hashOf(blob), start, end))!, blob.subarray(start, end))).toBe(0);
      const listed = await store.listBlobs({ limit: 2 });
      expect(listed).toMatchObject([{ hash: hashOf(blob), bytes: blob.length, isWhole: true }]);
      expect(await store.removeBlobs(listed)).toEqual([hashOf(blob)]);
      expect([await store.getBlob(hashOf(blob)), await store.listBlobs({ limit: 2 })]).toEqual([null, []]);
      expect(await filesWith(blob.subarray(2_000_000, 2_000_100))).toEqual([]);
      await store.close();
    },
  );

  it('[LM22] T10: such a blob becomes a file when it is put again, and its removal then leaves no byte in the data file either', async () => {
    const blob = randomBytes(3_000_000);
    await putInDataFile(blob, '');
    const store = await openLmdbStore({ folder });
    const before = await store.listBlobs({ limit: 2 });
    await store.putBlob(hashOf(blob), blob);
    expect(await store.removeBlobs(before)).toEqual([]);
    expect(await isThere(store, blob)).toBe(true);
    expect(await store.removeBlobs(await store.listBlobs({ limit: 2 }))).toEqual([hashOf(blob)]);
    expect(await filesWith(blob.subarray(2_000_000, 2_000_100))).toEqual([]);
    await store.close();
  });

  it('[LM22] T10: leftovers of a broken put are listed as not whole, can be removed, and do not hinder another put', async () => {
    const blob = randomBytes(3_000_000);
    await putInDataFile(blob, null);
    const store = await openLmdbStore({ folder });
    const left = await store.listBlobs({ limit: 2 });
    expect(left).toMatchObject([{ hash: hashOf(blob), bytes: 0, isWhole: false }]);
    expect(await store.getBlob(hashOf(blob))).toBeNull();
    // A put under way is not harmed by a removal that takes it for a broken one.
    const [removed] = await Promise.all([store.removeBlobs(left), store.putBlob(hashOf(blob), blob), store.removeBlobs(left)]);
    expect(removed).toEqual([hashOf(blob)]);
    expect(await isThere(store, blob)).toBe(true);
    await store.removeBlobs(await store.listBlobs({ limit: 2 }));
    expect(await filesWith(blob.subarray(2_000_000, 2_000_100))).toEqual([]);
    await store.close();
  });
});

describe('uploads', () => {
  it('[LM23] a finished upload becomes the blob without a copy of its bytes, and a dropped one leaves none', async () => {
    const blob = randomBytes(300_000);
    const store = await openLmdbStore({ folder });
    await store.writeUpload(UPLOAD, 0, blob);
    await store.finishUpload(UPLOAD, hashOf(blob));
    const [name = '', upload = ''] = await files('blobs');
    expect([upload, (await stat(join(folder, 'blobs', name))).ino]).toEqual([
      `uploads/${UPLOAD}`,
      (await stat(join(folder, 'blobs', upload))).ino,
    ]);
    expect(await store.writeUpload(UPLOAD, blob.length, randomBytes(10))).toEqual({ isWritten: false, offset: blob.length });
    await store.dropUpload(UPLOAD);
    expect([await files('blobs'), await isThere(store, blob)]).toEqual([[name], true]);
    await store.writeUpload(UPLOAD, 0, randomBytes(10));
    await store.dropUpload(UPLOAD);
    expect(await files('blobs')).toEqual([name]);
    await store.close();
  });
});

describe('backup of blobs', () => {
  it('[LM17] [LM24] a backup has every blob that was put before it began, also one that is removed or put again meanwhile; the removed one is then gone from the folder', async () => {
    const backup = join(folder, '..', `${folder.split('/').at(-1) ?? ''}-backup`);
    const blobs = Array.from({ length: 20 }, () => randomBytes(200_000));
    const old = randomBytes(100_000);
    await putInDataFile(old, '');
    const store = await openLmdbStore({ folder });
    for (const blob of blobs) await store.putBlob(hashOf(blob), blob);
    await store.writeUpload(UPLOAD, 0, randomBytes(10));
    const listed = await store.listBlobs({ limit: 100 });
    const [first, second] = [blobs[0]!, blobs[1]!];
    const copying = store.backup(backup);
    await Promise.all([
      store.removeBlobs(listed.filter(({ hash }) => hash === hashOf(first))),
      store.putBlob(hashOf(second), second),
      store.putBlob(hashOf(randomBytes(0)), randomBytes(0)),
    ]);
    expect(await store.getBlob(hashOf(first))).toBeNull();
    await copying;
    expect(await filesWith(first.subarray(0, 100))).toEqual([]);
    expect(await isThere(store, second)).toBe(true);
    await store.close();
    try {
      const { blobs: count, damagedBlobs } = await verifyLmdbFolder(backup);
      expect([count >= 20, damagedBlobs]).toEqual([true, []]);
      const restored = await openLmdbStore({ folder: backup });
      for (const blob of [...blobs.slice(1), old]) expect(await isThere(restored, blob)).toBe(true);
      expect(await restored.listUploads({ limit: 1 })).toEqual([]);
      await restored.close();
      const [name = ''] = (await readdir(join(backup, 'blobs'), { recursive: true })).filter((path) => path.includes(hashOf(second)));
      await truncate(join(backup, 'blobs', name), 1_000);
      expect((await verifyLmdbFolder(backup)).damagedBlobs).toEqual([hashOf(second)]);
    } finally {
      await rm(backup, { recursive: true, force: true });
    }
  });
});
