/** Erased means: not in any file of the folder, once `remove` has resolved or at the time that the log gives. */

import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLmdbStore, type LmdbStore } from '../lmdb.ts';
import type { StorageLogger } from '../port.ts';

const CANARY = 'CANARY-of-a-person';

describe('erase', () => {
  let folder: string;
  let logged: string[];
  const logger: StorageLogger = {
    info: () => undefined,
    warn: (_fields, message) => {
      logged.push(message);
    },
    error: (_fields, message) => {
      logged.push(message);
    },
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wetink-erase-'));
    logged = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const filesWithCanary = async (): Promise<string[]> => {
    const files: string[] = [];
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      if ((await stat(path)).isFile() && (await readFile(path)).includes(CANARY)) files.push(name);
    }
    return files;
  };

  /** Fills a room with short and long rows, beside those of a room that stays, and two checkpoints. */
  const fill = async (store: LmdbStore): Promise<void> => {
    for (let i = 0; i < 100; i++) {
      await Promise.all([
        store.append('gone', [Buffer.from(`${CANARY} ${i}`.repeat(1 + (i % 40)))]),
        store.append('stays', [Buffer.from(`harmless ${i}`)]),
      ]);
    }
    await store.checkpoint('gone', Buffer.from(CANARY.repeat(100_000)), { local: 40 });
    await store.checkpoint('gone', Buffer.from(CANARY.repeat(100_000)), { local: 80 });
  };

  it('[LM11] an erase leaves no byte of the room in any file, and everything else is there', async () => {
    const store = await openLmdbStore({ folder, logger });
    await fill(store);
    expect(await filesWithCanary()).toEqual(['rooms.mdb']);
    await store.remove('gone');
    expect(await filesWithCanary()).toEqual([]);
    expect(await store.load('gone')).toMatchObject({ isErased: true, updates: [], epoch: 1 });
    expect((await store.load('stays')).updates).toHaveLength(100);
    expect(await store.append('stays', [Buffer.from('more')])).toEqual({ local: 101 });
    await store.close();
    expect(logged).toEqual([]);
  });

  it('[LM11] appends and loads wait while the file is rewritten, and lose nothing', async () => {
    const store = await openLmdbStore({ folder });
    await fill(store);
    const work = Promise.all([
      store.remove('gone'),
      ...Array.from({ length: 200 }, async (_, i) => {
        await new Promise((resolve) => setTimeout(resolve, i % 20));
        await store.append('stays', [Buffer.from([i])]);
        expect((await store.load('stays')).quarantined).toBe(0);
      }),
    ]);
    await work;
    expect((await store.load('stays')).position).toEqual({ local: 300 });
    await store.close();
    const again = await openLmdbStore({ folder });
    expect((await again.load('stays')).updates).toHaveLength(300);
    await again.close();
    expect(await filesWithCanary()).toEqual([]);
  });

  it('[LM12] an erase in a file too large to rewrite at once is logged, and the next start rewrites the file', async () => {
    const store = await openLmdbStore({ folder, logger, compactBelowBytes: 1_000 });
    await fill(store);
    await store.remove('gone');
    expect(logged).toEqual([expect.stringContaining('until the next start')]);
    expect(await filesWithCanary()).toEqual(['rooms.mdb']);
    await store.close();
    const again = await openLmdbStore({ folder, logger, compactBelowBytes: 1_000 });
    expect(await filesWithCanary()).toEqual([]);
    expect((await again.load('stays')).updates).toHaveLength(100);
    await again.close();
  });

  it('[LM12] compact() rewrites the file on request', async () => {
    const store = await openLmdbStore({ folder, compactBelowBytes: 1_000 });
    await fill(store);
    await store.remove('gone');
    const { bytesBefore, bytesAfter } = await store.compact();
    expect(bytesAfter).toBeLessThan(bytesBefore);
    expect(await filesWithCanary()).toEqual([]);
    await store.close();
  });
});
