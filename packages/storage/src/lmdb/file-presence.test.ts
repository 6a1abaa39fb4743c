/**
 * A data file that is moved, deleted or replaced under a running store: acknowledged data must be there after a
 * restart.
 */

import { existsSync, renameSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEnvironment } from './environment.ts';
import { dataFile } from './folder.ts';
import { openLmdbStore } from './store.ts';

// Windows refuses to move or delete an open file, so these tests cannot run there.
describe.skipIf(process.platform === 'win32')('a data file that is not in its place', () => {
  let scratch: string;
  let folder: string;
  const one = [new Uint8Array([1])];
  const gone = { code: 'NOT_WRITABLE', message: expect.stringMatching(/moved, deleted or replaced.*restart the relay/) };

  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'wetink-gone-'));
    folder = join(scratch, 'data');
  });
  afterEach(() => rm(scratch, { recursive: true, force: true }));

  it('[LM19] a missing data file is noticed before a commit, once a second at most, and writes stay refused', async () => {
    const path = join(scratch, 'rooms.mdb');
    let nowMs = 5_000;
    const environment = openEnvironment(path, { nowMs: () => nowMs });
    const write = (): Promise<string> =>
      environment.write(10, ({ put }) => {
        put('marks', Buffer.from('m'), Buffer.alloc(1));
        return 'written';
      });
    expect(await write()).toBe('written');
    await rename(path, `${path}.aside`);
    nowMs += 999;
    expect(await write()).toBe('written'); // within the second that may pass
    nowMs += 1;
    await expect(write()).rejects.toMatchObject(gone);
    await rename(`${path}.aside`, path);
    nowMs += 10_000;
    await expect(write()).rejects.toMatchObject(gone);
    await environment.close();
  });

  it.each([
    ['deleted with its folder', () => rm(folder, { recursive: true })],
    ['deleted', () => rm(dataFile(folder))],
    ['moved with its folder', () => rename(folder, join(scratch, 'elsewhere'))],
    [
      'replaced by a copy of itself',
      async () => {
        await copyFile(dataFile(folder), join(scratch, 'copy'));
        await rename(join(scratch, 'copy'), dataFile(folder));
      },
    ],
  ])('[LM19] a data file that was %s is noticed by the next probe; then no write is acknowledged, and reads go on', async (_, harm) => {
    const store = await openLmdbStore({ folder });
    await store.append('r', one);
    await store.probe();
    await harm();
    await expect(store.probe()).rejects.toMatchObject(gone);
    await expect(store.append('r', one)).rejects.toMatchObject(gone);
    await expect(store.append('other', one)).rejects.toMatchObject(gone);
    await expect(store.checkpoint('r', new Uint8Array([1]), { local: 1 })).rejects.toMatchObject(gone);
    await expect(store.remove('r')).rejects.toMatchObject(gone);
    await expect(store.compact()).rejects.toMatchObject(gone);
    expect((await store.load('r')).updates).toEqual(one);
    await store.close();
  });

  it('[LM19] a backup still copies everything acknowledged from a file that is not in its place', async () => {
    const store = await openLmdbStore({ folder });
    await store.append('r', one);
    await rm(folder, { recursive: true });
    await expect(store.probe()).rejects.toMatchObject(gone);
    const copy = join(scratch, 'copy');
    await store.backup(copy);
    await store.close();
    const again = await openLmdbStore({ folder: copy });
    expect((await again.load('r')).updates).toEqual(one);
    expect(await again.append('r', one)).toEqual({ local: 2 });
    await again.close();
  });

  it('[LM19] a compaction does not write over a replaced file', async () => {
    const store = await openLmdbStore({ folder });
    await store.append('r', one);
    const other = await openLmdbStore({ folder: join(scratch, 'other') });
    await other.append('theirs', one);
    await other.close();
    await rename(dataFile(join(scratch, 'other')), dataFile(folder));
    await expect(store.compact()).rejects.toMatchObject(gone);
    await store.close();
    const restarted = await openLmdbStore({ folder });
    expect((await restarted.load('theirs')).updates).toEqual(one);
    await restarted.close();
  });

  it.each([1, 2, 3])('[LM19] a file that goes away during a compaction (look %i) is not made again as an empty one', async (at) => {
    await mkdir(folder);
    const path = dataFile(folder);
    let looks = -1; // opening reads the clock first
    let moveAt = Infinity;
    // A look ends by reading the clock, where this test can act between a look and the step after it.
    const environment = openEnvironment(path, {
      nowMs: () => {
        looks += 1;
        if (looks === moveAt) renameSync(folder, join(scratch, 'elsewhere'));
        return 0;
      },
    });
    await environment.write(10, ({ put }) => {
      put('marks', Buffer.from('m'), Buffer.alloc(1));
    });
    moveAt = looks + at;
    const compaction = environment.compact();
    if (at < 3) await expect(compaction).rejects.toMatchObject({ code: 'NOT_WRITABLE' });
    else await compaction;
    expect(() => {
      environment.checkFile();
    }).toThrow(/deleted/);
    await expect(environment.write(10, () => undefined)).rejects.toMatchObject(gone);
    await environment.close();
    expect(existsSync(folder)).toBe(false);
    const found = openEnvironment(join(scratch, 'elsewhere', 'rooms.mdb'));
    expect(await found.read(async ({ marks }) => marks.get(Buffer.from('m')))).toHaveLength(1);
    await found.close();
  });

  it('[LM19] the store’s own compaction does not count as a replaced file', async () => {
    const store = await openLmdbStore({ folder });
    await store.append('r', one);
    await store.compact();
    await store.probe();
    expect(await store.append('r', one)).toEqual({ local: 2 });
    await store.close();
  });
});
