/** `rm -rf data` and `mv data elsewhere` under a process that keeps appending, and `kill -9` after it has noticed. */

import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compileProgram, type Child, type Program } from '../fixtures/children.ts';
import { tokensOf } from '../fixtures/tokens.ts';
import { openLmdbStore } from '../lmdb.ts';

// Windows refuses to move or delete an open file, so these tests cannot run there.
describe.skipIf(process.platform === 'win32')('a data folder that goes away under load', () => {
  let program: Program;
  let scratch: string;
  let folder: string;

  beforeAll(async () => {
    program = await compileProgram();
  });
  afterAll(() => program.cleanup());
  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'wetink-gone-'));
    folder = join(scratch, 'data');
  });
  afterEach(() => rm(scratch, { recursive: true, force: true }));

  it.each([
    ['moved away', () => rename(folder, join(scratch, 'elsewhere'))],
    ['deleted', () => rm(folder, { recursive: true })],
  ])('[LM19] %s: nothing is acknowledged once it was noticed, even after kill -9', async (how, harm) => {
    const child = program.start('gone-worker', [folder]);
    await seen(child, 'acked', 50);
    await harm();
    await seen(child, 'refused', 50);
    child.kill('SIGKILL');
    expect((await child.exit).signal).toBe('SIGKILL');

    const noticed = child.lines.findIndex((line) => line.startsWith('refused'));
    expect(new Set(child.lines.slice(noticed))).toEqual(new Set(['refused NOT_WRITABLE']));
    if (how === 'deleted') return;
    // Everything acknowledged before, up to a second after the move included, is in the moved file.
    await rename(join(scratch, 'elsewhere'), folder);
    const store = await openLmdbStore({ folder });
    const found = new Set<string>();
    for (const { room } of await store.list({ limit: 100 })) for (const token of tokensOf(await store.load(room))) found.add(token);
    expect(await store.append('r', [new Uint8Array([1])])).toEqual({ local: 1 });
    await store.close();
    const acked = child.lines.slice(0, noticed).map((line) => line.slice('acked '.length));
    expect(acked.filter((token) => !found.has(token))).toEqual([]);
  });
});

/** Settles when the child has printed `count` lines that begin with `start`; rejects when it ends before. */
function seen(child: Child, start: string, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (child.lines.filter((line) => line.startsWith(start)).length >= count) resolve();
    };
    child.onLine(look);
    look();
    void child.exit.then(() => {
      reject(new Error(`The worker died by itself: ${child.errors()}`));
    });
  });
}
