/** One live process per folder: never two, and never none because of one that died. */

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compileProgram, type Program } from '../fixtures/children.ts';
import { openLmdbStore } from '../lmdb.ts';

describe('folder lock', () => {
  let program: Program;
  let folder: string;

  beforeAll(async () => {
    program = await compileProgram();
  });
  afterAll(() => program.cleanup());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wetink-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('[LM3] a second process is refused, with the first one’s name', async () => {
    const first = program.start('hold-worker', [folder]);
    await first.line('open');
    const second = program.start('hold-worker', [folder]);
    await Promise.race([second.exit, second.line('open')]);
    expect(second.lines).toEqual([expect.stringMatching(/^LOCKED .*in use by process \d+\. One relay per data folder/)]);
    first.kill('SIGKILL');
    await first.exit;
  });

  it('[LM3] a second process is refused while the first is stopped', async () => {
    const first = program.start('hold-worker', [folder]);
    await first.line('open');
    first.kill('SIGSTOP');
    const second = program.start('hold-worker', [folder]);
    await Promise.race([second.exit, second.line('open')]);
    expect(second.lines).toEqual([expect.stringMatching(/^LOCKED .*in use by another process/)]);
    first.kill('SIGKILL');
    await first.exit;
  });

  it('[LM4] a folder is free at once after kill -9, however often', async () => {
    for (let round = 1; round <= 5; round++) {
      const holder = program.start('hold-worker', [folder]);
      await holder.line('open');
      holder.kill('SIGKILL');
      await holder.exit;
    }
    const store = await openLmdbStore({ folder });
    expect((await store.load('held')).updates).toHaveLength(5);
    await store.close();
    expect((await readdir(folder)).filter((file) => file.startsWith('lock'))).toHaveLength(1);
  });

  it(
    '[LM4] of many processes that start at once exactly one gets the folder, even after a holder that died',
    { timeout: 60_000 },
    async () => {
      for (let round = 0; round < 3; round++) {
        const starters = Array.from({ length: 6 }, () => program.start('hold-worker', [folder]));
        const outcomes = await Promise.all(
          starters.map((starter) => Promise.race([starter.line('open'), starter.line('LOCKED').then(() => 'LOCKED')])),
        );
        expect(
          outcomes.filter((outcome) => outcome === 'open'),
          outcomes.join(),
        ).toHaveLength(1);
        for (const starter of starters) starter.kill('SIGKILL');
        await Promise.all(starters.map(({ exit }) => exit));
      }
    },
  );
});
