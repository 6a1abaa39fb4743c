/** New folders reach the disk with their parents, and a copy of a blob's file is whole or an error. */

import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openBlobFolder } from './blob-folder.ts';
import { makeFolder } from './make-folder.ts';

const file = { hash: 'a'.repeat(64), version: '0'.repeat(18) };
const name = `${file.hash}.${file.version}`;
let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'wetink-blob-folder-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

it('[LM9] each folder that is made is flushed into its parent, from the top down; one that was there is not', async () => {
  const flushed: string[] = [];
  const flush = (folder: string): void => void flushed.push(folder);
  makeFolder(join(scratch, 'a', 'b', 'c'), flush);
  expect(flushed).toEqual([scratch, join(scratch, 'a'), join(scratch, 'a', 'b')]);
  makeFolder(join(scratch, 'a', 'b', 'c'), flush);
  expect(flushed).toHaveLength(3);
  makeFolder(join(scratch, 'real', 'flush'));
  expect((await stat(join(scratch, 'real', 'flush'))).isDirectory()).toBe(true);
});

it('[LM24] a file is copied from wherever it is, and one that is lost is an error', async () => {
  const folder = openBlobFolder(join(scratch, 'blobs'));
  const copyOf = (to: string): Promise<string> => readFile(join(scratch, to, 'moving', name), 'utf8');
  await folder.draft(file, Buffer.from('bytes'));
  await folder.copyTo(join(scratch, 'first'), file);
  await folder.place(file);
  await folder.copyTo(join(scratch, 'second'), file);
  expect([await copyOf('first'), await copyOf('second')]).toEqual(['bytes', 'bytes']);
  await rm(join(scratch, 'blobs', 'aa', name));
  await expect(folder.copyTo(join(scratch, 'third'), file)).rejects.toMatchObject({ name: 'StoreError', code: 'CORRUPT' });
});
