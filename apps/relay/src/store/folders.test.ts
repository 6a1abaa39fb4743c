import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder } from './folders.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetink-folders-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('makeFolder makes missing folders for their owner alone, and leaves existing ones unchanged', async () => {
  const deep = join(folder, 'a', 'b', 'c');
  await makeFolder(deep);
  await makeFolder(deep);
  expect((await stat(deep)).mode & 0o777).toBe(0o700);
});

it('when a file is in the way, the error names it', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await expect(makeFolder(file)).rejects.toThrow(`${file} is a file`);
  await expect(makeFolder(join(file, 'deeper', 'still'))).rejects.toThrow(`${file} is a file`);
});

it.runIf(platform() === 'linux')('where no folder can be made, it fails with an error instead of retrying forever', async () => {
  await expect(makeFolder('/proc/nope')).rejects.toThrow('no folder can be made in /proc');
  await expect(makeFolder('/proc/nope/deeper')).rejects.toThrow('no folder can be made in /proc');
});
