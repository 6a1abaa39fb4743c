/**
 * `kill -9` at any moment: everything acknowledged is there afterwards, and nothing else appears.
 *
 * 20 cycles by default; WETINK_KILLS=200 runs the long version, which also waits for 100,000 acknowledged appends.
 */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compileProgram, type Program } from '../fixtures/children.ts';
import { stepBlob, stepDocument } from '../fixtures/steps.ts';
import { tokensOf } from '../fixtures/tokens.ts';
import { openEnvironment } from './environment.ts';
import { dataFile } from './folder.ts';
import { generationOfChunk } from './keys.ts';
import { readHead } from './records.ts';
import { openLmdbStore } from '../lmdb.ts';

const cycles = Number(process.env['WETINK_KILLS'] ?? 20);
/** Makes the long run reach 100,000 appends in all. */
const acksPerCycle = 500;

describe('kill -9', () => {
  let program: Program;
  let folder: string;

  beforeAll(async () => {
    program = await compileProgram();
  });
  afterAll(() => program.cleanup());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wetink-kill-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it(`[LM1] loses no acknowledged append over ${cycles} kills under load`, { timeout: cycles * 15_000 }, async () => {
    const acked = new Set<string>();
    let appends = 0;
    let checkpoints = 0;
    for (let cycle = 0; cycle < cycles; cycle++) {
      const child = program.start('append-worker', [folder, String(cycle)]);
      let inThisCycle = 0;
      const enough = new Promise<void>((resolve) => {
        child.onLine((line) => {
          if (line.startsWith('checkpoint')) checkpoints += 1;
          if (!line.startsWith('acked ')) return;
          for (const token of line.slice('acked '.length).split(' ')) acked.add(token);
          appends += 1;
          inThisCycle += 1;
          if (inThisCycle === acksPerCycle) resolve();
        });
      });
      await child.line('open');
      await Promise.race([
        enough,
        child.exit.then(() => {
          throw new Error(`The worker died by itself: ${child.errors()}`);
        }),
      ]);
      await new Promise((resolve) => setTimeout(resolve, (cycle * 37) % 100)); // a different moment each time
      child.kill('SIGKILL');
      expect(await child.exit, child.errors()).toEqual({ code: null, signal: 'SIGKILL' });

      if (cycle % 10 !== 9 && cycle !== cycles - 1) continue;
      const store = await openLmdbStore({ folder });
      const found: string[] = [];
      for (const { room } of await store.list({ limit: 100 })) {
        const loaded = await store.load(room);
        expect(loaded.quarantined).toBe(0);
        found.push(...tokensOf(loaded));
      }
      await store.close();
      const known = new Set(found);
      expect(known.size, 'a token twice').toBe(found.length);
      expect(
        [...acked].filter((token) => !known.has(token)),
        'acknowledged and lost',
      ).toEqual([]);
      expect(
        found.filter((token) => !/^\d+\.\d+\.\d+$/.test(token)),
        'never written',
      ).toEqual([]);
    }
    console.info(
      `kill -9: ${cycles} cycles, ${appends} appends with ${acked.size} updates acknowledged, ${checkpoints} checkpoints, 0 lost`,
    );
  });

  it(
    '[LM2] [LM23] T10: a kill in any gap of a checkpoint, an erase, a blob, its removal or an upload leaves the state before or after it',
    { timeout: 240_000 },
    async () => {
      const child = program.start('step-worker', [folder]);
      await child.line('stopped');
      child.kill('SIGKILL');
      expect((await child.exit).signal).toBe('SIGKILL');
      const last = Number(child.lines.find((line) => line.endsWith(' end'))?.split(' ')[0]);
      expect(last, 'the worker has many steps').toBeGreaterThan(20);
      for (let step = 1; step < last; step++) {
        const own = join(folder, String(step));
        const prefix = `${step} done `;
        const done = new Set(child.lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length)));
        const store = await openLmdbStore({ folder: own });
        const kept = await store.load('kept');
        const covers = kept.checkpoint?.[0] ?? 0;
        const end = kept.position['local'] ?? 0;
        if (kept.checkpoint !== null)
          expect(Buffer.compare(kept.checkpoint, stepDocument(covers)), `step ${step}: one whole checkpoint`).toBe(0);
        for (const position of [3, 5, 6])
          if (done.has(`checkpoint ${position}`)) expect(covers, `step ${step}`).toBeGreaterThanOrEqual(position);
        expect(kept.quarantined, `step ${step}`).toBe(0);
        expect(
          kept.updates.map(([row]) => row),
          `step ${step}`,
        ).toEqual(Array.from({ length: end - covers }, (_, i) => covers + 1 + i));
        expect(end, `step ${step}`).toBeGreaterThanOrEqual(done.has('rows 4-6') ? 6 : done.has('rows 1-3') ? 3 : 0);

        const erased = await store.load('erased');
        if (done.has('erase')) expect(erased.isErased, `step ${step}`).toBe(true);
        else if (done.has('canary')) expect(erased.isErased || erased.updates.length === 1, `step ${step}`).toBe(true);
        const blob = await store.getBlob(createHash('sha256').update(stepBlob).digest('hex'));
        if (done.has('finish')) expect(blob, `step ${step}`).not.toBeNull();
        else if (done.has('removal') && !done.has('parts')) expect(blob, `step ${step}`).toBeNull();
        else if (done.has('blob') && !done.has('blob again')) expect(blob, `step ${step}`).not.toBeNull();
        const [upload, half] = [createHash('sha256').update(stepBlob).digest('hex'), stepBlob.length / 2];
        const held = (await store.uploadedBytes(upload)) ?? 0;
        expect(held, `step ${step}`).toBeGreaterThanOrEqual(
          done.has('finish') ? 0 : done.has('parts') ? 2 * half : done.has('part') ? half : 0,
        );
        if (done.has('drop')) expect(held, `step ${step}`).toBe(0);
        expect(await leftOfFiles(own), `step ${step}: files on their way`).toEqual([]);
        await store.dropUpload(upload);
        // Leftovers of a broken put are listed, and can be removed without harm to the blob.
        const listed = await store.listBlobs({ limit: 10 });
        expect(listed.filter(({ isWhole }) => isWhole).length, `step ${step}`).toBe(blob === null ? 0 : 1);
        await store.removeBlobs(listed.filter(({ isWhole }) => !isWhole));
        expect((await store.listBlobs({ limit: 10 })).length, `step ${step}`).toBe(blob === null ? 0 : 1);
        await store.close();
        if (blob === null) expect(await filesWith(own, stepBlob.subarray(1_000, 1_500)), `step ${step}`).toEqual([]);
        expect(await orphans(own), `step ${step}: chunks and rows that no room refers to`).toEqual([]);
        if (erased.isErased) expect(await filesWith(own, Buffer.from('CANARY')), `step ${step}`).toEqual([]);
        await rm(own, { recursive: true });
      }
    },
  );
});

/** Files of blobs that opening the folder must have placed or removed. */
async function leftOfFiles(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'blobs'), { recursive: true }).catch(() => []);
  return names.filter((name) => name.startsWith('moving/'));
}

/** Files of the folder, and below it, that hold these bytes. */
async function filesWith(folder: string, bytes: Uint8Array): Promise<string[]> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = all
    .filter((entry) => entry.isFile() && !entry.name.startsWith('lock'))
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
  const holds = await Promise.all(files.map(async (name) => (await readFile(join(folder, name))).includes(Buffer.from(bytes))));
  return files.filter((_, i) => holds[i] === true);
}

/** Leftovers of a crash that opening the folder must have removed. */
async function orphans(folder: string): Promise<string[]> {
  const environment = openEnvironment(dataFile(folder));
  const found = await environment.read(async (tables) => {
    const heads = [...tables.heads.getRange({})].map(({ key }) => ({ key, head: readHead(tables.heads.get(key), key) }));
    const headOfKey = (key: Buffer) => heads.find(({ key: name }) => name.equals(key.subarray(2, 2 + key.readUInt16BE(0))))?.head;
    const chunks = [...tables.chunks.getKeys({})].filter(
      (key) => headOfKey(key)?.generations.some(({ id }) => id === generationOfChunk(key)) !== true,
    );
    const rows = [...tables.rows.getKeys({})].filter((key) => headOfKey(key)?.isErased !== false);
    return [...chunks, ...rows].map((key) => key.toString('latin1'));
  });
  await environment.close();
  return found;
}
