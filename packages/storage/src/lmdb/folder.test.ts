/** Folders that a relay cannot use: each is refused in words that say what to do, and nothing in it is changed. */

import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLmdbStore } from '../lmdb.ts';

describe('data folder', () => {
  let scratch: string;
  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'wetink-folder-'));
  });
  afterEach(() => rm(scratch, { recursive: true, force: true }));

  const snapshot = async (folder: string): Promise<Record<string, string>> => {
    const files = (await readdir(folder)).filter((name) => !name.startsWith('lock'));
    return Object.fromEntries(await Promise.all(files.map(async (name) => [name, await readFile(join(folder, name), 'latin1')] as const)));
  };

  it('[LM9] a missing folder is made, for its owner only', async () => {
    const folder = join(scratch, 'a', 'b.data');
    const store = await openLmdbStore({ folder });
    await store.append('r', [new Uint8Array([1])]);
    await store.close();
    expect((await stat(folder)).mode & 0o077).toBe(0);
    expect(await readFile(join(folder, 'FORMAT'), 'utf8')).toBe('wetink-storage 1\n');
  });

  it('[LM9] a folder may have a long path, a dot in its name, or be a link', async () => {
    const long = join(scratch, 'x'.repeat(120), 'y'.repeat(120));
    await mkdir(long, { recursive: true });
    const link = join(scratch, 'link');
    await symlink(long, link);
    const store = await openLmdbStore({ folder: long });
    await store.append('r', [new Uint8Array([1])]);
    await expect(openLmdbStore({ folder: link })).rejects.toMatchObject({ code: 'LOCKED' });
    await store.close();
    const again = await openLmdbStore({ folder: link });
    expect((await again.load('r')).updates).toHaveLength(1);
    await again.close();
  });

  it('[LM9] a file, or a path below one, is refused', async () => {
    const file = join(scratch, 'file');
    await writeFile(file, 'mine');
    await expect(openLmdbStore({ folder: file })).rejects.toMatchObject({
      code: 'NOT_WRITABLE',
      message: expect.stringContaining('is a file. Give the relay a folder'),
    });
    await expect(openLmdbStore({ folder: join(file, 'below') })).rejects.toMatchObject({ code: 'NOT_WRITABLE', name: 'StoreError' });
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  it('[LM9] a folder that cannot be made is refused at once', async () => {
    // First in a process of its own, because a hanging call would stop all tests: below /proc the system says that the
    // parent folder is missing although it exists.
    const source = await readFile(join(import.meta.dirname, 'make-folder.ts'), 'utf8');
    const program = ts.transpile(source, { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 });
    await writeFile(join(scratch, 'main.mjs'), `${program}\nmakeFolder('/proc/nope/data');`);
    const child = spawnSync(process.execPath, [join(scratch, 'main.mjs')], { encoding: 'utf8', timeout: 10_000 });
    expect(child.stderr).toContain("ENOENT: no such file or directory, mkdir '/proc/nope'");

    await expect(openLmdbStore({ folder: '/proc/nope/data' })).rejects.toMatchObject({
      code: 'NOT_WRITABLE',
      message: expect.stringContaining('/proc/nope/data cannot be used'),
    });
    const store = await openLmdbStore({ folder: join(scratch, 'data') });
    await expect(store.backup('/proc/nope/backup')).rejects.toMatchObject({ code: 'NOT_WRITABLE' });
    await store.close();
  });

  it('[LM9] a folder that cannot be written is refused', async () => {
    // /proc is a folder in which not even root can make anything.
    await expect(openLmdbStore({ folder: '/proc' })).rejects.toMatchObject({
      code: 'NOT_WRITABLE',
      message: expect.stringContaining('a folder on a local disk that its user may write'),
    });
  });

  it('[LM10] a folder of a newer version is refused and left as it is', async () => {
    await writeFile(join(scratch, 'FORMAT'), 'wetink-storage 2\n');
    await writeFile(join(scratch, 'rooms.mdb'), 'from the future');
    const before = await snapshot(scratch);
    await expect(openLmdbStore({ folder: scratch })).rejects.toMatchObject({
      code: 'NEWER',
      message: expect.stringContaining('Update the relay'),
    });
    expect(await snapshot(scratch)).toEqual(before);
    expect((await readdir(scratch)).sort()).toEqual(['FORMAT', 'rooms.mdb']);
  });

  it('[LM10] a folder whose FORMAT is damaged or missing is refused and left as it is', async () => {
    await writeFile(join(scratch, 'rooms.mdb'), "somebody else's");
    for (const format of [null, 'something', 'wetink-storage 0', 'wetink-storage 1e9', '']) {
      if (format !== null) await writeFile(join(scratch, 'FORMAT'), format);
      const before = await snapshot(scratch);
      await expect(openLmdbStore({ folder: scratch })).rejects.toMatchObject({ code: 'CORRUPT' });
      expect(await snapshot(scratch)).toEqual(before);
    }
  });

  it('[LM10] a folder cut off while being made is made again', async () => {
    await writeFile(join(scratch, 'FORMAT'), 'wetink-storage 1 new\n');
    await writeFile(join(scratch, 'rooms.mdb'), 'torn');
    const store = await openLmdbStore({ folder: scratch });
    await store.append('r', [new Uint8Array([1])]);
    await store.close();
    expect(await readFile(join(scratch, 'FORMAT'), 'utf8')).toBe('wetink-storage 1\n');
  });

  it('[LM3] a folder is held once, even within one process, and free again after close', async () => {
    const store = await openLmdbStore({ folder: scratch });
    await expect(openLmdbStore({ folder: scratch })).rejects.toMatchObject({ code: 'LOCKED' });
    await store.append('r', [new Uint8Array([1])]);
    await store.close();
    await (await openLmdbStore({ folder: scratch })).close();
  });
});
