/**
 * A disk that is full or that fails, and the largest document. The full disk is a tmpfs of a few megabytes, which needs
 * root to mount, or a limit on the size of files, which needs Linux; the failing disk is a preloaded fdatasync, which
 * needs Linux and a C compiler.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compileProgram, type Program } from '../fixtures/children.ts';
import type { StoreError } from '../errors.ts';
import { storageLimits } from '../limits.ts';
import { openLmdbStore } from '../lmdb.ts';

const scratch = mkdtempSync(join(tmpdir(), 'wetink-disk-'));
const small = join(scratch, 'small');
const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mountSmall() && unmountSmall();
const canLimit = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0;
const canCompile = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0;

describe('disk', () => {
  let program: Program;
  beforeAll(async () => {
    program = await compileProgram();
  });
  afterAll(async () => {
    await program.cleanup();
    await rm(scratch, { recursive: true, force: true });
  });

  describe('full', () => {
    afterEach(() => {
      if (canMount) unmountSmall();
    });

    // Without root there is no disk small enough to fill; then this is not run.
    it.skipIf(!canMount)(
      '[LM13] a full disk refuses writes, serves reads, loses nothing acknowledged, and takes writes again once there is space',
      async () => {
        expect(mountSmall()).toBe(true);
        const filler = join(small, 'filler');
        await writeFile(filler, new Uint8Array(1_000_000));
        const store = await openLmdbStore({ folder: join(small, 'data') });
        let acked = 0;
        let refusal: unknown;
        while (refusal === undefined && acked < 1_000)
          await store.append('r', [new Uint8Array(50_000).fill(acked % 256)]).then(
            () => {
              acked += 1;
            },
            (error: unknown) => {
              refusal = error;
            },
          );
        expect(refusal).toMatchObject({ code: 'FULL', message: expect.stringContaining('Free some space') });
        expect(acked).toBeGreaterThan(5);
        expect((await store.load('r')).updates.length).toBe(acked);
        await expect(store.checkpoint('r', new Uint8Array(3_000_000), { local: acked })).rejects.toMatchObject({ code: 'FULL' });
        expect((await store.load('r')).checkpoint).toBeNull();

        await rm(filler);
        expect(await store.append('r', [new Uint8Array([1])])).toEqual({ local: acked + 1 });
        await store.probe();
        await store.close();
        const again = await openLmdbStore({ folder: join(small, 'data') });
        expect(await again.load('r')).toMatchObject({ position: { local: acked + 1 }, quarantined: 0 });
        await again.close();
      },
    );

    it.skipIf(!canMount)(
      '[LM13] T7: on a nearly full disk a probe is refused while changes of 30 kB are, however often it is repeated',
      async () => {
        expect(mountSmall()).toBe(true);
        const filler = join(small, 'filler');
        await writeFile(filler, new Uint8Array(2_000_000));
        const store = await openLmdbStore({ folder: join(small, 'data') });
        const change = (): Promise<unknown> => store.append('r', [randomBytes(30_000)]);
        for (let isFull = false; !isFull;)
          isFull = await change().then(
            () => false,
            () => true,
          );
        // Often enough for a probe to reuse pages that earlier probes gave back.
        for (let i = 0; i < 20; i++) {
          await store.append('r', [randomBytes(100)]);
          await expect(change()).rejects.toMatchObject({ code: 'FULL' });
          await expect(store.probe()).rejects.toMatchObject({ code: 'FULL', message: expect.stringContaining('Free some space') });
        }
        await rm(filler);
        for (let i = 0; i < 20; i++) {
          await store.probe();
          await change();
        }
        await store.close();
      },
    );

    it.skipIf(!canMount)('[LM13] T7: a probe writes as many bytes as asked, and gives the space back', async () => {
      expect(mountSmall()).toBe(true);
      const store = await openLmdbStore({ folder: join(small, 'data') });
      for (let i = 0; i < 20; i++) {
        await store.probe();
        await store.probe(1_000_000);
        await expect(store.probe(6_000_000)).rejects.toMatchObject({ code: 'FULL' });
      }
      await store.append('r', [randomBytes(1_000_000)]);
      await store.close();
    });

    it.skipIf(!canMount)('[LM16] T7: on a nearly full disk an append that finds no space does not make others fail', async () => {
      expect(mountSmall()).toBe(true);
      const store = await openLmdbStore({ folder: join(small, 'data') });
      for (let round = 0; round < 5; round++) {
        const appended = [100, 6_000_000, 200, 300, 7_000_000, 400].map((bytes, i) => store.append(`r${i}`, [randomBytes(bytes)]));
        const codes = (await Promise.allSettled(appended)).map((one) =>
          one.status === 'rejected' ? (one.reason as StoreError).code : 'fine',
        );
        expect(codes).toEqual(['fine', 'FULL', 'fine', 'fine', 'FULL', 'fine']);
      }
      await store.close();
      const again = await openLmdbStore({ folder: join(small, 'data') });
      expect((await again.list({ limit: 10 })).map(({ room, bytes }) => [room, bytes])).toEqual([
        ['r0', 500],
        ['r2', 1_000],
        ['r3', 1_500],
        ['r5', 2_000],
      ]);
      await again.close();
    });

    it.skipIf(!canMount)('[LM13] opening a folder on a full disk fails with FULL', async () => {
      expect(mountSmall()).toBe(true);
      await writeFile(join(small, 'filler'), new Uint8Array(5_000_000)).catch(() => undefined); // fills the disk; failing is expected
      await expect(openLmdbStore({ folder: small })).rejects.toMatchObject({ code: 'FULL' });
    });
  });

  it.skipIf(!canLimit)(
    '[LM13] T7: a limit on the size of files counts as a full disk, and writes work again by themselves once it is lifted',
    async () => {
      const folder = await mkdtemp(join(scratch, 'limited-'));
      const marker = join(folder, 'lift');
      const child = program.start('full-worker', [join(folder, 'data'), marker]);
      await child.line('small fine, change FULL, probe FULL, lost 0');
      await writeFile(marker, '');
      await child.line('small fine, change fine, probe fine, lost 0');
      child.kill('SIGKILL');
      await child.exit;
    },
  );

  it.skipIf(!canCompile)('[LM14] after a failed flush neither that write nor any later one is acknowledged until a restart', async () => {
    const library = join(scratch, 'failing-sync.so');
    const source = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'failing-sync.c');
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl']);
    const folder = await mkdtemp(join(scratch, 'sync-'));
    const marker = join(scratch, 'fail-now');
    const child = program.start('sync-worker', [folder, marker], { LD_PRELOAD: library, WETINK_FAIL_SYNC: marker });
    await child.exit;
    expect(child.lines, child.errors()).toEqual([
      'before acked',
      'during NOT_WRITABLE',
      'after NOT_WRITABLE',
      'probe refused',
      'readable 1',
    ]);
    const store = await openLmdbStore({ folder });
    expect((await store.load('before')).updates).toHaveLength(1);
    expect((await store.load('during')).updates).toHaveLength(0);
    expect(await store.append('after', [new Uint8Array([1])])).toEqual({ local: 1 });
    await store.close();
  });

  it('[LM15] the largest document fits, and appends go on while it is written', { timeout: 240_000 }, async () => {
    const folder = await mkdtemp(join(scratch, 'large-'));
    const store = await openLmdbStore({ folder });
    const state = new Uint8Array(storageLimits.maxDocumentBytes);
    for (let i = 0; i < state.length; i += 4096) state[i] = i / 4096;
    const sha256 = createHash('sha256').update(state).digest('hex');
    await store.append('r', [new Uint8Array([1])]);
    let isWriting = true;
    let meanwhile = 0;
    const checkpoint = store.checkpoint('r', state, { local: 1 }).finally(() => {
      isWriting = false;
    });
    while (isWriting) {
      await store.append('other', [new Uint8Array([2])]);
      meanwhile += 1;
    }
    await checkpoint;
    const loaded = await store.load('r');
    expect(
      createHash('sha256')
        .update(loaded.checkpoint ?? new Uint8Array())
        .digest('hex'),
    ).toBe(sha256);
    expect(loaded).toMatchObject({ quarantined: 0, bytes: state.length });
    expect(meanwhile).toBeGreaterThan(10);
    await store.close();
  });
});

function mountSmall(): boolean {
  mkdirSync(small, { recursive: true });
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', small]).status === 0;
}

function unmountSmall(): boolean {
  return spawnSync('umount', [small]).status === 0;
}
