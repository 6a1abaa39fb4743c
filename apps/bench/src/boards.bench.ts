/** `npm run bench boards`: Wetink, Excalidraw and tldraw in one browser on the same strokes. */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser, startRelay } from '../../e2e/src/harness.ts';
import { boardPrograms } from './boards/boards.ts';
import { help, parseBoardOptions, type BoardOptions } from './boards/options.ts';
import { startPeers } from './boards/peers.ts';
import { MANY_STROKES } from './boards/scenes.ts';
import { tableOf } from './boards/table.ts';
import { visit, type Visit } from './boards/visit.ts';
import { describeMachine } from './report/machine.ts';

interface Results {
  readonly date: string;
  /** Titles by name. */
  readonly boards: Readonly<Record<string, string>>;
  readonly visits: readonly Visit[];
}

const options = parseBoardOptions(process.argv.slice(2), fileURLToPath(new URL('../results', import.meta.url)));
if (options === null) process.stdout.write(`${help}\n`);
else await run(options);

async function run({ boards, scenes, rounds, limitMs, outFolder, isAdding }: BoardOptions): Promise<void> {
  const machine = { ...(await describeMachine({ isQuick: true })), browser: await browserVersion() };
  const before = isAdding && outFolder !== null ? await readResults(outFolder) : null;
  const date = before?.date ?? new Date().toISOString();
  const peers = boards.some((name) => name !== 'wetink') ? await startPeers() : null;
  const relay = await startRelay();
  try {
    const programs = boardPrograms(relay, peers).filter(({ name }) => boards.includes(name));
    const titles = { ...before?.boards, ...Object.fromEntries(programs.map(({ name, title }) => [name, title])) };
    const visits: Visit[] = [...(before?.visits ?? [])];
    const save = async (): Promise<void> => {
      if (outFolder === null) return;
      const json = { date, limitMs, machine, boards: titles, visits };
      await mkdir(outFolder, { recursive: true });
      await writeFile(join(outFolder, 'boards.json'), `${JSON.stringify(json, rounded, 1)}\n`);
      const about = `${date.slice(0, 10)}, ${machine.browser}, ${machine.cpu}, ${machine.cores} cores, load before: ${machine.loadBefore}.`;
      await writeFile(join(outFolder, 'boards.md'), `${about} One visit or the median of several.\n\n${tableOf(titles, visits)}\n`);
    };
    for (const scene of scenes) {
      for (let round = 0; round < (scene.strokes > MANY_STROKES ? 1 : rounds); round++) {
        // A, B, C, then C, B, A, as the machine may change while they run.
        for (const program of round % 2 === 0 ? programs : programs.toReversed()) {
          const made = await visit(program, scene, limitMs);
          process.stderr.write(`${scene.name} ${JSON.stringify(made, rounded)}\n`);
          visits.push(made);
          await save();
        }
      }
    }
    process.stdout.write(`${tableOf(titles, visits)}\n`);
  } finally {
    await relay.dispose();
    peers?.close();
  }
}

async function readResults(folder: string): Promise<Results> {
  return JSON.parse(await readFile(join(folder, 'boards.json'), 'utf8')) as Results;
}

async function browserVersion(): Promise<string> {
  const browser = await launchBrowser();
  const version = `Chromium ${browser.version()}`;
  await browser.close();
  return version;
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 100) / 100 : value;
}
