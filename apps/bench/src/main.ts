/** `npm run bench`: the one table of relays side by side. Ends with code 1 when a result was not right. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { doubtsOf, type Conditions } from './load-watch.ts';
import { help, parseOptions, type Options } from './options.ts';
import { chartOf } from './report/chart.ts';
import { describeMachine } from './report/machine.ts';
import { markdownOf, type Run } from './report/markdown.ts';
import { format, tablesOf } from './report/table.ts';
import { withTheirNode } from './servers/servers.ts';
import { runRounds, stopAll, type Measurement } from './runner.ts';

const options = parseOptions(process.argv.slice(2), fileURLToPath(new URL('../results', import.meta.url)));
if (options === null) process.stdout.write(`${help}\n`);
else await run(options.isQuick ? options : { ...options, servers: await withTheirNode(options.servers) });

async function run(options: Options): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stopAll().finally(() => process.exit(130)));
  const machine = await describeMachine(options);
  const about: Run = { date: new Date().toISOString(), rounds: options.rounds, machine };
  const measurements = await runRounds(options, (measurement) => process.stderr.write(`${progress(options, measurement)}\n`));
  const tables = tablesOf(options.scenarios, options.servers, measurements);
  const markdown = markdownOf(about, options.servers, tables);
  process.stdout.write(`${markdown}\n`);
  if (options.outFolder !== null) {
    const versions = Object.fromEntries(options.servers.map(({ name, title }) => [name, title]));
    const json = { ...about, isQuick: options.isQuick, servers: versions, tables, measurements };
    await mkdir(options.outFolder, { recursive: true });
    await writeFile(join(options.outFolder, 'relays.json'), `${JSON.stringify(json, null, 1)}\n`);
    await writeFile(join(options.outFolder, 'relays.md'), `${markdown}\n`);
    await writeFile(join(options.outFolder, 'relays.svg'), chartOf(about, options.servers, tables));
  }
  const isBad = ({ server, problems }: Measurement): boolean => server === 'wetink' && problems.length > 0;
  process.exitCode = measurements.some(isBad) ? 1 : 0;
}

function progress({ scenarios }: Options, { scenario, server, round, figures, problems, conditions }: Measurement): string {
  const columns = scenarios.find(({ name }) => name === scenario)?.columns ?? [];
  const values = columns.map(({ key, label, digits }) => `${label} ${format(figures[key] ?? Number.NaN, digits)}`);
  return [`${round} ${scenario} ${server}`, ...values, ...problems, ...(conditions === null ? [] : conditionWords(conditions))].join(' · ');
}

function conditionWords(conditions: Conditions): string[] {
  const { cpuShare, lateP99Ms, serverWaited } = conditions;
  return [
    `load ${format(cpuShare * 100, 0)} % of its core, late ${format(lateP99Ms, 1)} ms, server waited ${format(serverWaited * 100, 0)} %`,
    ...doubtsOf(conditions),
  ];
}
