/** Records when their writer, or the server, is killed: everything acknowledged is there, and whole. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compileProgram, type Program } from '../fixtures/children.ts';
import { describeMongo } from '../fixtures/mongo.ts';
import { acknowledgedRaises, brokenCounters } from '../fixtures/raised.ts';
import { openLmdbStore } from '../lmdb.ts';

const cycles = Math.max(3, Math.round(Number(process.env['WETINK_KILLS'] ?? 20) / 2));
const RAISES_PER_CYCLE = 200;

let program: Program;
beforeAll(async () => {
  program = await compileProgram();
});
afterAll(() => program.cleanup());

it(`[LM20] no acknowledged record is lost over ${cycles} kills`, { timeout: cycles * 15_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wetink-records-'));
  let raises = 0;
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      const child = program.start('record-worker', [folder]);
      await child.line('open');
      await new Promise<void>((resolve, reject) => {
        let seen = 0;
        child.onLine(() => (seen += 1) === RAISES_PER_CYCLE && resolve());
        void child.exit.then(() => reject(new Error(`The worker died by itself: ${child.errors()}`)));
      });
      child.kill('SIGKILL');
      expect((await child.exit).signal).toBe('SIGKILL');
      const { highest, count } = acknowledgedRaises(child.lines);
      raises += count;
      const store = await openLmdbStore({ folder });
      expect(await brokenCounters(store.records, highest)).toEqual([]);
      await store.close();
    }
    console.info(`kill -9: ${cycles} cycles, ${raises} records acknowledged, 0 lost`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

describeMongo('records', 'own', (test) => {
  it('[MG19] no acknowledged record is lost when the server is killed under two writers, nor when one of them is', async () => {
    const start = (): ReturnType<Program['start']> => program.start('record-worker', [test.server.uri, test.database]);
    const children = [start(), start()];
    await Promise.all(children.map((child) => child.line('put ')));
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, 300 + i * 137));
      await test.server.kill();
      await test.server.restart();
    }
    children[0]?.kill('SIGKILL');
    const third = start();
    children.push(third);
    await third.line('put ');
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map((child) => child.exit));
    const { highest, count } = acknowledgedRaises(children.flatMap(({ lines }) => lines));
    const store = await test.open();
    expect(await brokenCounters(store.records, highest)).toEqual([]);
    const versions = children.flatMap(({ lines }) => lines.filter((line) => line.startsWith('put ')));
    expect(new Set(versions).size, 'two writers were both first').toBe(versions.length);
    console.info(`server killed 3 times, writers 3 times: ${count} records acknowledged, 0 lost`);
  });

  it('[MG20] a writer that sends a record again after a lost answer still gets its version', async () => {
    const store = await test.open();
    const faults = [
      { closeConnection: true },
      { errorCode: 11600, closeConnection: false },
      { errorCode: 10107, errorLabels: ['RetryableWriteError'] },
    ];
    let version = 0;
    for (const fault of faults) {
      await test.failNext(version === 0 ? 'insert' : 'update', 1, fault);
      const answer = await store.records.put('k', new Uint8Array([version]), version);
      expect(answer, JSON.stringify(fault)).toBe(version + 1);
      version += 1;
    }
    expect(await store.records.get('k')).toMatchObject({ version, value: new Uint8Array([version - 1]) });
  });
});
