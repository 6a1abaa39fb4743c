/** Damaged bytes on the disk, and files that were cut short: the rest is served, and nothing damaged looks whole. */

import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLmdbStore, type LmdbStore } from '../lmdb.ts';
import type { StorageLogger } from '../port.ts';

describe('damage', () => {
  let folder: string;
  let file: string;
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
    folder = await mkdtemp(join(tmpdir(), 'wetink-damage-'));
    file = join(folder, 'rooms.mdb');
    logged = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const using = async <T>(use: (store: LmdbStore) => Promise<T>): Promise<T> => {
    const store = await openLmdbStore({ folder, logger });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  };

  /** Flips one bit wherever `text` is in the file, in any page, used or free. */
  const flip = async (text: string): Promise<void> => {
    const content = await readFile(file);
    let hits = 0;
    for (let at = content.indexOf(text); at >= 0; at = content.indexOf(text, at + 1)) {
      content[at] = (content[at] ?? 0) ^ 1;
      hits += 1;
    }
    expect(hits).toBeGreaterThan(0);
    await writeFile(file, content);
  };

  it('[LM5] a damaged row is left out and counted; the rest of the room loads', async () => {
    await using((store) =>
      store.append(
        'r',
        ['one', 'TARGET-two', 'three'].map((text) => Buffer.from(text)),
      ),
    );
    await flip('TARGET-two');
    await using(async (store) => {
      const loaded = await store.load('r');
      expect(loaded.updates.map((update) => Buffer.from(update).toString())).toEqual(['one', 'three']);
      expect(loaded).toMatchObject({ quarantined: 1, position: at(3) });
      expect(await store.append('r', [Buffer.from('four')])).toEqual({ local: 4 });
    });
    expect(logged).toContain('row is damaged and was left out');
  });

  it('[LM5] a damaged row outlives the checkpoints that replace its neighbours, until the room is erased', async () => {
    await using((store) =>
      store.append(
        'r',
        ['one', 'TARGET-two'].map((text) => Buffer.from(text)),
      ),
    );
    await flip('TARGET-two');
    await using(async (store) => {
      for (let i = 0; i < 3; i++) await store.checkpoint('r', Buffer.from('state'), at(2));
      expect(await store.load('r')).toMatchObject({ quarantined: 0, updates: [] });
      await store.compact();
    });
    const damaged = 'UARGET-two';
    expect((await readFile(file)).includes(damaged)).toBe(true);
    await using((store) => store.remove('r'));
    expect((await readFile(file)).includes(damaged)).toBe(false);
  });

  it('[LM6] when the newest checkpoint is damaged, the one before it and the rows since give the same document', async () => {
    await using(async (store) => {
      await store.append('r', [Buffer.from('1'), Buffer.from('2')]);
      await store.checkpoint('r', Buffer.from('OLDER-12'), at(2));
      await store.append('r', [Buffer.from('3'), Buffer.from('4')]);
      await store.checkpoint('r', Buffer.from('NEWER-1234'), at(4));
      await store.append('r', [Buffer.from('5')]);
    });
    await flip('NEWER-1234');
    await using(async (store) => {
      const loaded = await store.load('r');
      expect(Buffer.from(loaded.checkpoint ?? []).toString()).toBe('OLDER-12');
      expect(loaded.updates.map((update) => Buffer.from(update).toString())).toEqual(['3', '4', '5']);
      expect(loaded).toMatchObject({ quarantined: 1, position: at(5) });
      await store.checkpoint('r', Buffer.from('AGAIN-12345'), at(5));
      expect(await store.load('r')).toMatchObject({ quarantined: 0, updates: [], checkpoint: new Uint8Array(Buffer.from('AGAIN-12345')) });
    });
    await flip('AGAIN-12345');
    await using(async (store) => {
      const loaded = await store.load('r');
      expect(Buffer.from(loaded.checkpoint ?? []).toString()).toBe('OLDER-12'); // the damaged one was not kept as the fallback
      expect(loaded.updates.map((update) => Buffer.from(update).toString())).toEqual(['3', '4', '5']);
    });
    expect(logged).toContain('checkpoint is damaged and was left out');
  });

  it('[LM6] when the first checkpoint is damaged, all the rows give the document', async () => {
    await using(async (store) => {
      await store.append('r', [Buffer.from('1'), Buffer.from('2')]);
      await store.checkpoint('r', Buffer.from('FIRST-12'), at(2));
    });
    await flip('FIRST-12');
    const loaded = await using((store) => store.load('r'));
    expect(loaded).toMatchObject({ checkpoint: null, quarantined: 1, position: at(2) });
    expect(loaded.updates).toHaveLength(2);
  });

  it('[LM7] a room with lost parts is an error, never an empty board; its neighbours load', async () => {
    await using(async (store) => {
      await store.append('r', [Buffer.from('1')]);
      await store.checkpoint('r', Buffer.from('BOTH-a'), at(1));
      await store.append('r', [Buffer.from('2')]);
      await store.checkpoint('r', Buffer.from('BOTH-b'), at(2));
      await store.append('other', [Buffer.from('fine')]);
    });
    await flip('BOTH-');
    await using(async (store) => {
      await expect(store.load('r')).rejects.toMatchObject({
        code: 'CORRUPT',
        message: expect.stringContaining('Restore the data folder from a backup'),
      });
      expect((await store.load('other')).updates).toHaveLength(1);
    });
  });

  it('[LM7] a room whose own record is damaged is an error, since it may have been erased', async () => {
    await using(async (store) => {
      await store.append('r-damaged', [Buffer.from('1')]);
      await store.append('fine', [Buffer.from('2')]);
    });
    await flip('"rowBytes":1,"updatedAt"'); // both heads
    await using(async (store) => {
      await expect(store.load('r-damaged')).rejects.toMatchObject({ code: 'CORRUPT' });
      await expect(store.append('r-damaged', [Buffer.from('3')])).rejects.toMatchObject({ code: 'CORRUPT' });
      expect(await store.append('new', [Buffer.from('4')])).toEqual({ local: 1 });
      expect((await store.list({ limit: 10 })).map(({ room }) => room)).toEqual(['new']);
    });
  });

  it('[LM21] a damaged record is an error, never as if there were none; the others are served', async () => {
    await using(async ({ records }) => {
      for (const key of ['a', 'b', 'c']) await records.put(key, Buffer.from(`TARGET-${key}`), 0);
    });
    await flip('TARGET-b');
    await using(async ({ records, checkRecords }) => {
      await expect(records.get('b')).rejects.toMatchObject({ code: 'CORRUPT', message: expect.stringContaining('The record "b"') });
      for (const version of [0, 1]) await expect(records.put('b', Buffer.from('x'), version)).rejects.toMatchObject({ code: 'CORRUPT' });
      await expect(records.remove('b', 1)).rejects.toMatchObject({ code: 'CORRUPT' });
      for (const limit of [2, 10]) expect((await records.list({ prefix: '', limit })).map(({ key }) => key)).toEqual(['a', 'c']);
      expect(await records.put('c', Buffer.from('x'), 1)).toBe(2);
      expect(await checkRecords()).toEqual({ records: 3, damaged: ['b'] });
    });
    expect(logged).toContain('record is damaged and was left out of the list');
  });

  it('[LM8] a data file that was cut short is refused and left as it is', async () => {
    await using(async (store) => {
      for (let i = 0; i < 10; i++) await store.append(`r${i}`, [new Uint8Array(250_000)]);
    });
    const whole = await readFile(file);
    for (const part of [0.8, 0.5, 0.01]) {
      const cut = Math.floor(whole.length * part);
      await writeFile(file, whole);
      await truncate(file, cut);
      await expect(openLmdbStore({ folder })).rejects.toMatchObject({ code: 'CORRUPT' });
      expect((await stat(file)).size).toBe(cut);
    }
    await writeFile(file, whole);
    expect((await using((store) => store.load('r7'))).updates).toHaveLength(1);
  });

  it('[LM8] a file that only lacks its last pages opens, and lost content in them is noticed', async () => {
    await using(async (store) => {
      await store.append('r', [Buffer.from('fine')]);
      await store.append('r', [Buffer.alloc(100_000, 1)]);
    });
    await truncate(file, (await stat(file)).size - 40_000);
    const outcome = await using((store) => store.load('r')).catch((error: unknown) => error);
    expect(outcome).toSatisfy((value: { quarantined?: number; code?: string }) => value.quarantined === 1 || value.code === 'CORRUPT');
    expect(logged).toContain('data file ends early and was filled with zeros');
  });

  it('[LM8] a file that is no LMDB file is refused, not opened and not replaced', async () => {
    await using((store) => store.append('r', [Buffer.from('1')]));
    for (const content of ['hello\n', 'x'.repeat(100_000)]) {
      await writeFile(file, content);
      await expect(openLmdbStore({ folder })).rejects.toMatchObject({ code: 'CORRUPT' });
      expect(await readFile(file, 'utf8')).toBe(content);
    }
    for (const remove of [() => truncate(file, 0), () => rm(file)]) {
      await remove();
      await expect(openLmdbStore({ folder })).rejects.toMatchObject({
        code: 'CORRUPT',
        message: expect.stringContaining('missing or empty'),
      });
    }
  });
});

/** The position after `row` rows. */
function at(row: number): { local: number } {
  return { local: row };
}
