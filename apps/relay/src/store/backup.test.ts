/** Backup and restore of a data folder, with and without a running relay. */

import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLmdbStore } from '@wetink/storage/lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backup, restore, restoredSentences } from './backup.ts';
import { askForBackup, listenForControl } from './control.ts';
import { keptSecret } from '../identity/kept-secret.ts';

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

/** Flips a bit at each occurrence of `text` in the data file of a folder. */
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
  it('every room of a restored folder is the same as before', async () => {
    await fill(100);
    const before = await contents(data);
    expect(await backup(data, copy)).toBe(`Backed up ${data} to ${copy}.`);
    const restored = join(folder, 'restored');
    expect(await restore(copy, restored)).toBe(`Restored 100 rooms from ${copy} to ${restored}; every one was read.`);
    expect(await contents(restored)).toEqual(before);
    expect(await contents(data)).toEqual(before);
    expect((await stat(restored)).mode & 0o077).toBe(0);
  });

  it('a backup has the secret of links and guests, readable by its owner only, so they work after a restore', async () => {
    await fill(1);
    const secret = await keptSecret(data);
    await backup(data, copy);
    const restored = join(folder, 'restored');
    await restore(copy, restored);
    expect(await keptSecret(restored)).toBe(secret);
    for (const at of [copy, restored]) expect((await stat(join(at, 'identity-secret'))).mode & 0o077).toBe(0);
  });

  it('[BL9] marks of unused pictures begin anew after a restore, and everything else about boards is as in the backup', async () => {
    await fill(1);
    const store = await openLmdbStore({ folder: data });
    for (const key of ['unused/board-one', 'unused/board-two', 'blob/board-one/x']) await store.records.put(key, new Uint8Array([1]), 0);
    await store.close();
    await backup(data, copy);
    const restored = join(folder, 'restored');
    await restore(copy, restored);
    const fresh = await openLmdbStore({ folder: restored });
    expect((await fresh.records.list({ prefix: '', limit: 10 })).map(({ key }) => key)).toEqual(['blob/board-one/x']);
    await fresh.close();
  });

  it('a restore brings back records of boards and people, and reports a damaged one', async () => {
    await fill(1);
    const store = await openLmdbStore({ folder: data });
    for (const key of ['board/a', 'board/b']) await store.records.put(key, Buffer.from(`of ${key}`), 0);
    await store.close();
    await backup(data, copy);
    await flip(copy, 'of board/b');
    const restored = join(folder, 'restored');
    expect(await restore(copy, restored)).toBe(
      `Restored 1 room from ${copy} to ${restored}; every one was read. 1 record of boards and people is damaged, and no one can enter by it: look for an older backup.`,
    );
    const again = await openLmdbStore({ folder: restored });
    expect(Buffer.from((await again.records.get('board/a'))?.value ?? '').toString()).toBe('of board/a');
    await expect(again.records.get('board/b')).rejects.toMatchObject({ code: 'CORRUPT' });
    await again.close();
  });

  it('a backup and a restore bring pictures and files along, read each of them, and report a damaged one', async () => {
    await fill(1);
    const blobs = [1, 2, 3].map((value) => new Uint8Array(100_000).fill(value));
    const hashOf = (blob: Uint8Array): string => createHash('sha256').update(blob).digest('hex');
    const store = await openLmdbStore({ folder: data });
    for (const blob of blobs) await store.putBlob(hashOf(blob), blob);
    await store.close();
    await backup(data, copy);
    const restored = join(folder, 'restored');
    expect(await restore(copy, restored)).toBe(`Restored 1 room from ${copy} to ${restored}; every one was read.`);
    const again = await openLmdbStore({ folder: restored });
    for (const blob of blobs) expect(await again.getBlob(hashOf(blob))).toEqual(blob);
    await again.close();
    const [name = ''] = (await readdir(join(copy, 'blobs'), { recursive: true })).filter((path) => path.includes(hashOf(blobs[1]!)));
    await rm(join(copy, 'blobs', name));
    const second = join(folder, 'second');
    expect(await restore(copy, second)).toBe(
      `Restored 1 room from ${copy} to ${second}; every one was read. 1 picture or file is damaged or missing: look for an older backup of it.`,
    );
  });

  it('T8: the report of a restore uses the singular for one room or record and the plural for several', () => {
    expect(restoredSentences('a', 'b', { rooms: 1, damagedRooms: 0, quarantined: 0, damagedRecords: 0, damagedBlobs: 0 })).toBe(
      'Restored 1 room from a to b; every one was read.',
    );
    expect(restoredSentences('a', 'b', { rooms: 2, damagedRooms: 1, quarantined: 1, damagedRecords: 1, damagedBlobs: 1 })).toBe(
      'Restored 1 room from a to b; every one was read. ' +
        '1 record of boards and people is damaged, and no one can enter by it: look for an older backup. ' +
        '1 room cannot be read: look for an older backup of it. ' +
        '1 picture or file is damaged or missing: look for an older backup of it. ' +
        '1 change of rooms is damaged or missing: look for an older backup of those rooms.',
    );
    expect(restoredSentences('a', 'b', { rooms: 1_502, damagedRooms: 2, quarantined: 3, damagedRecords: 4, damagedBlobs: 5 })).toBe(
      'Restored 1,500 rooms from a to b; every one was read. ' +
        '4 records of boards and people are damaged, and no one can enter by them: look for an older backup. ' +
        '2 rooms cannot be read: look for an older backup of them. ' +
        '5 pictures or files are damaged or missing: look for an older backup of them. ' +
        '3 changes of rooms are damaged or missing: look for an older backup of those rooms.',
    );
  });

  it('a running relay makes the copy itself, while it writes', async () => {
    await fill(10);
    const store = await openLmdbStore({ folder: data });
    const control = await listenForControl(data, (to) => store.backup(to));
    await store.append('room-0', [new Uint8Array([9])]);
    expect(await backup(data, copy)).toBe(`Backed up ${data} to ${copy}, while its relay kept running.`);
    await store.append('room-0', [new Uint8Array([10])]);
    await control.close();
    await store.close();
    const copied = await openLmdbStore({ folder: copy });
    expect((await copied.load('room-0')).updates.at(-1)).toEqual(new Uint8Array([9]));
    await copied.close();
  });

  it('a relay that cannot make the copy says why, and a folder in use without a control socket is refused', async () => {
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

  it('restore never overwrites, and refuses an incomplete backup', async () => {
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

  it('restore refuses a truncated backup or one of a newer version, and leaves nothing in the data folder', async () => {
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

  it('leftovers of an interrupted restore do not stop the next one', async () => {
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
  it('the control socket is open to its owner only, replaces that of a killed relay, and answers an invalid request', async () => {
    await mkdir(data);
    await writeFile(join(data, 'control'), 'left behind');
    const asked: string[] = [];
    const control = await listenForControl(data, async (to) => void asked.push(to));
    expect((await stat(join(data, 'control'))).mode & 0o777).toBe(0o600);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(join(data, 'control'), () => socket.write('{"backup":"relative"}\n'));
      socket.on('data', (chunk) => resolve(chunk.toString()));
    });
    expect(JSON.parse(answer)).toEqual({ ok: false, error: 'this is not a backup request' });
    expect(asked).toEqual([]);
    await control.close();
    expect(await askForBackup(data, copy)).toEqual({ kind: 'nobody' });
  });

  it('a path too long for a socket is refused with an error text', async () => {
    await expect(listenForControl(`/tmp/${'x'.repeat(100)}`, () => Promise.resolve())).rejects.toThrow(/too long for a socket/);
  });
});
