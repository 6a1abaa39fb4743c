/** A copy of a data folder and back again, with and without a relay that uses it. */

import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore } from '@wetink/storage/lmdb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backup, restore, restoredSentences } from './backup.ts';
import { askForBackup, listenForControl } from './control.ts';
import { keptSecret } from './kept-secret.ts';

let folder: string;
let data: string;
let copy: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetink-backup-'));
  data = join(folder, 'data');
  copy = join(folder, 'copy');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function fill(rooms: number): Promise<void> {
  const store = await openLmdbStore({ folder: data });
  for (let i = 0; i < rooms; i++) {
    const position = await store.append(`room-${i}`, [new Uint8Array([0, i % 256]), new Uint8Array([1, i % 256])]);
    if (i % 3 === 0) await store.checkpoint(`room-${i}`, new Uint8Array([2, i % 256]), position);
    if (i % 3 === 1) await store.append(`room-${i}`, [new Uint8Array(5_000).fill(i)]);
  }
  await store.close();
}

/** Flips a bit wherever `text` stands in the data file of a folder. */
async function flip(ofFolder: string, text: string): Promise<void> {
  const path = join(ofFolder, 'rooms.mdb');
  const bytes = await readFile(path);
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

async function contents(ofFolder: string): Promise<unknown[]> {
  const store = await openLmdbStore({ folder: ofFolder });
  const rooms = await store.list({ limit: 1_000 });
  const all = await Promise.all(rooms.map(async (listing) => ({ ...listing, ...(await store.load(listing.room)) })));
  await store.close();
  return all;
}

describe('backup and restore', () => {
  test('a restore drill: every room of the restored folder is what it was', async () => {
    await fill(100);
    const before = await contents(data);
    expect(await backup(data, copy)).toBe(`Backed up ${data} to ${copy}.`);
    const restored = join(folder, 'restored');
    expect(await restore(copy, restored)).toBe(`Restored 100 rooms from ${copy} to ${restored}; every one was read.`);
    expect(await contents(restored)).toEqual(before);
    expect(await contents(data)).toEqual(before);
    expect((await stat(restored)).mode & 0o077).toBe(0);
  });

  test('links and guests are the same after a restore: their secret comes along, for its owner alone', async () => {
    await fill(1);
    const secret = await keptSecret(data);
    await backup(data, copy);
    const restored = join(folder, 'restored');
    await restore(copy, restored);
    expect(await keptSecret(restored)).toBe(secret);
    for (const at of [copy, restored]) expect((await stat(join(at, 'identity-secret'))).mode & 0o077).toBe(0);
  });

  test('records of boards and people come back, and a damaged one is said', async () => {
    await fill(1);
    const store = await openLmdbStore({ folder: data });
    for (const key of ['board/a', 'board/b']) await store.records.put(key, Buffer.from(`of ${key}`), 0);
    await store.close();
    await backup(data, copy);
    await flip(copy, 'of board/b');
    const restored = join(folder, 'restored');
    expect(await restore(copy, restored)).toBe(
      `Restored 1 room from ${copy} to ${restored}; every one was read. 1 record of boards and people is damaged, and nobody enters by it: look for an older backup.`,
    );
    const again = await openLmdbStore({ folder: restored });
    expect(Buffer.from((await again.records.get('board/a'))?.value ?? '').toString()).toBe('of board/a');
    await expect(again.records.get('board/b')).rejects.toMatchObject({ code: 'CORRUPT' });
    await again.close();
  });

  test('T8: a restore speaks of one room or record as of one, and of several as of several', () => {
    expect(restoredSentences('a', 'b', { rooms: 1, damagedRooms: 0, quarantined: 0, damagedRecords: 0 })).toBe(
      'Restored 1 room from a to b; every one was read.',
    );
    expect(restoredSentences('a', 'b', { rooms: 2, damagedRooms: 1, quarantined: 1, damagedRecords: 1 })).toBe(
      'Restored 1 room from a to b; every one was read. ' +
        '1 record of boards and people is damaged, and nobody enters by it: look for an older backup. ' +
        '1 room cannot be read: look for an older backup of it. ' +
        '1 change of rooms is damaged or missing: look for an older backup of those rooms.',
    );
    expect(restoredSentences('a', 'b', { rooms: 1_502, damagedRooms: 2, quarantined: 3, damagedRecords: 4 })).toBe(
      'Restored 1,500 rooms from a to b; every one was read. ' +
        '4 records of boards and people are damaged, and nobody enters by them: look for an older backup. ' +
        '2 rooms cannot be read: look for an older backup of them. ' +
        '3 changes of rooms are damaged or missing: look for an older backup of those rooms.',
    );
  });

  test('the running relay makes the copy itself, while it writes', async () => {
    await fill(10);
    const store = await openLmdbStore({ folder: data });
    const control = await listenForControl(data, (to) => store.backup(to));
    await store.append('room-0', [new Uint8Array([9])]);
    expect(await backup(data, copy)).toBe(`Backed up ${data} to ${copy}, while its relay goes on.`);
    await store.append('room-0', [new Uint8Array([10])]);
    await control.close();
    await store.close();
    const copied = await openLmdbStore({ folder: copy });
    expect((await copied.load('room-0')).updates.at(-1)).toEqual(new Uint8Array([9]));
    await copied.close();
  });

  test('a relay that cannot make the copy says why, and the folder is refused while it holds it', async () => {
    await fill(1);
    const store = await openLmdbStore({ folder: data });
    const control = await listenForControl(data, (to) => store.backup(to));
    await mkdir(copy);
    await writeFile(join(copy, 'mine'), 'x');
    await expect(backup(data, copy)).rejects.toThrow(/is not empty/);
    expect(await readdir(copy)).toEqual(['mine']);
    await control.close();
    await expect(backup(data, join(folder, 'other'))).rejects.toThrow(/is in use by process \d+/);
    await store.close();
  });

  test('restore never overwrites, and needs a whole backup', async () => {
    await fill(2);
    await backup(data, copy);
    const before = await readFile(join(data, 'rooms.mdb'));
    await expect(restore(copy, data)).rejects.toThrow(/is not empty, and restore never overwrites/);
    expect((await readFile(join(data, 'rooms.mdb'))).equals(before)).toBe(true);
    await rm(join(copy, 'FORMAT'));
    await expect(restore(copy, join(folder, 'new'))).rejects.toThrow(/is not a backup: it has no FORMAT file/);
    await expect(backup(join(folder, 'nowhere'), copy)).rejects.toThrow(/is not a data folder/);
    await expect(stat(join(folder, 'new'))).rejects.toThrow(/ENOENT/);
  });

  test('a backup that is cut short or of a newer version is refused, and nothing is left where the data would be', async () => {
    await fill(50);
    await backup(data, copy);
    const target = join(folder, 'new');
    await writeFile(join(copy, 'FORMAT'), 'wetink-storage 99\n');
    await expect(restore(copy, target)).rejects.toThrow(/newer version/);
    await writeFile(join(copy, 'FORMAT'), 'wetink-storage 1\n');
    const whole = await readFile(join(copy, 'rooms.mdb'));
    await chmod(join(copy, 'rooms.mdb'), 0o600);
    await writeFile(join(copy, 'rooms.mdb'), whole.subarray(0, Math.floor(whole.length / 8)));
    await expect(restore(copy, target)).rejects.toThrow(/cut short|not an LMDB file|cannot read/);
    expect(await readdir(target)).toEqual([]);
  });

  test('what an interrupted restore left behind does not stop the next', async () => {
    await fill(3);
    await backup(data, copy);
    const target = join(folder, 'new');
    await mkdir(join(target, '.restoring'), { recursive: true });
    await writeFile(join(target, '.restoring', 'rooms.mdb'), 'half');
    expect(await restore(copy, target)).toMatch(/^Restored 3 rooms/);
    expect((await readdir(target)).filter((name) => !name.startsWith('lock'))).toEqual(['FORMAT', 'rooms.mdb']);
  });
});

describe('the control socket', () => {
  test('is for its owner alone, survives a predecessor that was killed, and answers nonsense', async () => {
    await mkdir(data);
    await writeFile(join(data, 'control'), 'left behind');
    const asked: string[] = [];
    const control = await listenForControl(data, async (to) => void asked.push(to));
    expect((await stat(join(data, 'control'))).mode & 0o777).toBe(0o600);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(join(data, 'control'), () => socket.write('{"backup":"relative"}\n'));
      socket.on('data', (chunk) => resolve(chunk.toString()));
    });
    expect(JSON.parse(answer)).toEqual({ ok: false, error: 'the request is not one for a backup' });
    expect(asked).toEqual([]);
    await control.close();
    expect(await askForBackup(data, copy)).toEqual({ kind: 'nobody' });
  });

  test('a path too long for a socket is said in words', async () => {
    await expect(listenForControl(`/tmp/${'x'.repeat(100)}`, () => Promise.resolve())).rejects.toThrow(/too long for a socket/);
  });
});
