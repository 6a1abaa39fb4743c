/** A backup is a data folder: made while appends go on, whole or unusable, never over another one. */

import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLmdbStore, verifyLmdbFolder, type LmdbStore } from '../lmdb.ts';

describe('backup', () => {
  let scratch: string;
  let store: LmdbStore;
  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'wetink-backup-'));
    store = await openLmdbStore({ folder: join(scratch, 'data') });
  });
  afterEach(async () => {
    await store.close();
    await rm(scratch, { recursive: true, force: true });
  });

  it('[LM17] a backup holds everything that was acknowledged before it began, while appends and checkpoints go on', async () => {
    const backup = join(scratch, 'deep', 'backup');
    for (let i = 0; i < 200; i++) await store.append(`r${i % 7}`, [new Uint8Array(1_000).fill(i)]);
    const before = await store.load('r0');
    await store.checkpoint('r0', new Uint8Array(3_000_000).fill(1), before.position);
    let isCopying = true;
    const copied = store.backup(backup).finally(() => {
      isCopying = false;
    });
    let during = 0;
    while (isCopying) {
      await store.append('later', [new Uint8Array([during % 256])]);
      during += 1;
    }
    await copied;
    expect(during).toBeGreaterThan(0);
    expect((await stat(backup)).mode & 0o077).toBe(0);

    const report = await verifyLmdbFolder(backup);
    expect(report).toMatchObject({ quarantined: 0, damagedRooms: [] });
    expect(report.rooms).toBeGreaterThanOrEqual(7);
    const restored = await openLmdbStore({ folder: backup });
    expect((await restored.load('r0')).checkpoint).toHaveLength(3_000_000);
    for (let i = 1; i < 7; i++) expect((await restored.load(`r${i}`)).updates).toEqual((await store.load(`r${i}`)).updates);
    // Rows appended meanwhile: those committed before the copy's view, in order.
    const later = (await restored.load('later')).updates.map(([value]) => value);
    expect(later).toEqual(later.map((_, i) => i % 256));
    await restored.close();
  });

  it('[LM17] a backup has the records with their versions, and so has a rewritten file', async () => {
    for (let i = 0; i < 300; i++) await store.records.put(`k${i}`, Buffer.from(`v${i}`), 0);
    await store.records.put('k7', Buffer.from('changed'), 1);
    await store.records.remove('k8', 1);
    await store.append('gone', [new Uint8Array(10)]);
    await store.remove('gone'); // rewrites the file
    const before = await store.records.list({ prefix: '', limit: 1_000 });
    expect(before).toHaveLength(299);
    await store.backup(join(scratch, 'backup'));
    await store.records.put('k9', Buffer.from('later'), 1);
    expect(await verifyLmdbFolder(join(scratch, 'backup'))).toMatchObject({ records: 299, damagedRecords: [], blobs: 0, damagedBlobs: [] });
    const restored = await openLmdbStore({ folder: join(scratch, 'backup') });
    expect(await restored.records.list({ prefix: '', limit: 1_000 })).toEqual(before);
    expect(await restored.records.put('k7', Buffer.from('again'), 2)).toBe(3);
    await restored.close();
  });

  it('[LM17] erased rooms are not in a backup, and stay erased', async () => {
    await store.append('gone', [Buffer.from('CANARY')]);
    await store.remove('gone');
    await store.backup(join(scratch, 'backup'));
    const restored = await openLmdbStore({ folder: join(scratch, 'backup') });
    await expect(restored.append('gone', [new Uint8Array([1])])).rejects.toMatchObject({ code: 'ERASED' });
    await restored.close();
  });

  it('[LM17] a backup never overwrites an existing file or folder', async () => {
    const backup = join(scratch, 'backup');
    await store.append('r', [new Uint8Array([1])]);
    await store.backup(backup);
    await expect(store.backup(backup)).rejects.toMatchObject({ code: 'NOT_WRITABLE', message: expect.stringContaining('is not empty') });
    await writeFile(join(scratch, 'file'), 'mine');
    await expect(store.backup(join(scratch, 'file'))).rejects.toMatchObject({ code: 'NOT_WRITABLE' });
    await expect(store.backup(join(scratch, 'file', 'below'))).rejects.toMatchObject({ code: 'NOT_WRITABLE', name: 'StoreError' });
    expect((await verifyLmdbFolder(backup)).rooms).toBe(1);
    expect((await store.load('r')).updates).toHaveLength(1);
  });

  it('[LM18] an unfinished copy does not pass for a backup', async () => {
    const backup = join(scratch, 'backup');
    await store.append('r', [new Uint8Array([1])]);
    await store.backup(backup);
    await rm(join(backup, 'FORMAT'));
    await expect(verifyLmdbFolder(backup)).rejects.toMatchObject({ code: 'CORRUPT', message: expect.stringContaining('no FORMAT') });
    expect(await readdir(backup)).toContain('rooms.mdb');
  });

  it('[LM18] a check of a backup says which rooms load', async () => {
    const empty = join(scratch, 'empty');
    await mkdir(empty);
    await store.append('a', [new Uint8Array([1, 2])]);
    await store.append('b', [new Uint8Array([3])]);
    await store.backup(empty);
    expect(await verifyLmdbFolder(empty)).toEqual({
      rooms: 2,
      bytes: 3,
      quarantined: 0,
      damagedRooms: [],
      records: 0,
      damagedRecords: [],
      blobs: 0,
      damagedBlobs: [],
    });
  });
});
