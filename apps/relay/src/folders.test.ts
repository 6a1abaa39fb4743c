import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder } from './folders.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetink-folders-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('makes what is missing, for the owner alone, and leaves what is there', async () => {
  const deep = join(folder, 'a', 'b', 'c');
  await makeFolder(deep);
  await makeFolder(deep);
  expect((await stat(deep)).mode & 0o777).toBe(0o700);
});

test('a file in the way is named', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(makeFolder(file)).rejects.toThrow(`${file} is a file`);
  await expect(makeFolder(join(file, 'deeper', 'still'))).rejects.toThrow(`${file} is a file`);
});

test.runIf(platform() === 'linux')('where the system makes no folders it says so, instead of asking for ever', async () => {
  await expect(makeFolder('/proc/nope')).rejects.toThrow('/proc takes no folders');
  await expect(makeFolder('/proc/nope/deeper')).rejects.toThrow('/proc takes no folders');
});
