/** The table with small numbers, for its results: real servers, and every document, change and cursor where it must be. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Table } from './report/table.ts';
import { scenarios } from './scenarios/index.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const tsx = join(dirname(createRequire(import.meta.url).resolve('tsx/package.json')), 'dist/cli.mjs');
const servers = ['wetink', 'y-websocket'] as const;

/** A minute on two idle cores. */
const RUN_TIMEOUT_MS = 280_000;

let folder: string;
let tables: Table[];
let code: unknown;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetink-bench-'));
  const child = spawn(
    process.execPath,
    [tsx, '--conditions=@wetink/source', main, '--quick', `--servers=${servers.join(',')}`, `--out=${folder}`],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const log = text(child.stderr);
  [code] = await once(child, 'exit');
  if (code !== 0 && code !== 1) throw new Error(`the run ended with ${String(code)}: ${await log}`);
  ({ tables } = JSON.parse(await readFile(join(folder, 'relays.json'), 'utf8')) as { tables: Table[] });
}, RUN_TIMEOUT_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('every scenario ran with every server that can do it', () => {
  const ran = tables.map(({ scenario, rows }) => [scenario, rows.map(({ server }) => server)]);
  expect(ran).toEqual(scenarios.map((scenario) => [scenario.name, servers.filter((name) => scenario.servers?.includes(name) ?? true)]));
});

it('all clients have the same documents, and nothing was lost', () => {
  const problems = tables.flatMap(({ scenario, rows }) =>
    rows.flatMap((row) => row.problems.map((problem) => `${scenario} ${row.server}: ${problem}`)),
  );
  expect(problems).toEqual([]);
  expect(code).toBe(0);
});

it('changes of one moment are few frames, where a stock server sends each alone', () => {
  const burst = tables.find(({ scenario }) => scenario === 'burst');
  const framesTo = (name: string): number => burst?.rows.find(({ server }) => server === name)?.figures['framesEach']?.median ?? Number.NaN;
  // 500 changes. A busy machine makes some batches more, never one for each change.
  expect(framesTo('y-websocket')).toBeGreaterThanOrEqual(450);
  expect(framesTo('wetink')).toBeLessThan(250);
});
