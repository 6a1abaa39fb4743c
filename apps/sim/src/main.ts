/**
 * `pnpm sim --seeds 1000 --ops 300 --seed 1 --relays 2 --without crash,drain`
 *
 * Runs a soak, or repeats one seed. Prints each failing seed with a shrunk trace; exits with 1 if one failed.
 */

import { parseArgs } from 'node:util';
import { operationNames } from './operations.ts';
import { explain, shrink } from './shrink.ts';
import { simulate, type SimOptions } from './simulate.ts';

const USAGE = 'usage: pnpm sim [--seeds N] [--ops N] [--seed FIRST] [--relays 1..8] [--without a,b] [--trace]';
const PROGRESS_EVERY = 100;

function fail(message: string): never {
  console.error(`${message}\n${USAGE}`);
  process.exit(2);
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > most) fail(`--${name} must be a whole number up to ${most}, not ${text}`);
  return value;
}

function readOptions(): { seeds: number; first: number; isTraced: boolean; common: Omit<SimOptions, 'seed'> } {
  const strings = { seeds: { type: 'string' }, ops: { type: 'string' }, seed: { type: 'string' }, relays: { type: 'string' } } as const;
  let values: { seeds?: string; ops?: string; seed?: string; relays?: string; without?: string; trace?: boolean };
  try {
    ({ values } = parseArgs({ options: { ...strings, without: { type: 'string' }, trace: { type: 'boolean' } } }));
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
  const without = new Set((values.without ?? '').split(',').filter((name) => name !== ''));
  for (const name of without) if (!operationNames.includes(name)) fail(`no operation is called ${name}: ${operationNames.join(', ')}`);
  const relays = values.relays === undefined ? {} : { relays: Math.max(1, wholeNumber('relays', values.relays, 8)) };
  return {
    seeds: wholeNumber('seeds', values.seeds ?? (values.seed === undefined ? '500' : '1'), 1e9),
    first: wholeNumber('seed', values.seed ?? '1', 2 ** 32 - 1),
    isTraced: values.trace ?? false,
    common: { operations: wholeNumber('ops', values.ops ?? '300', 1e6), without, ...relays },
  };
}

const { seeds, first, isTraced, common } = readOptions();
const startedAt = performance.now();
const failed: number[] = [];
let edits = 0;
let events = 0;
let slowestHealingMs = 0;
let slowestAgreeingMs = 0;
for (let seed = first; seed < first + seeds; seed++) {
  const options = { ...common, seed };
  const result = await simulate(options);
  edits += result.edits;
  events += result.events;
  slowestHealingMs = Math.max(slowestHealingMs, result.healingMs);
  slowestAgreeingMs = Math.max(slowestAgreeingMs, result.agreeingMs);
  if (isTraced) console.log(result.lines.join('\n'));
  if (seeds === 1)
    console.log(
      `seed ${seed}, ${result.relays} relays: trace ${result.hash}, ${result.events} events, ${result.relayEdits} edits by relays`,
    );
  if (result.violation !== null) {
    failed.push(seed);
    console.log(`\nseed ${seed} fails: ${explain(await shrink(options, result))}\n`);
  }
  const done = seed - first + 1;
  if (done % PROGRESS_EVERY === 0)
    console.log(`${done} of ${seeds} seeds, ${failed.length} failed, ${((performance.now() - startedAt) / done).toFixed(0)} ms each`);
}
console.log(
  `${seeds} seeds x ${common.operations} operations: ${failed.length} failed${failed.length === 0 ? '' : ` (${failed.join(', ')})`}; ` +
    `${edits} edits, ${events} events, at most ${(slowestHealingMs / 1_000).toFixed(1)} s of virtual time to heal (${(slowestAgreeingMs / 1_000).toFixed(1)} s after the last client was saved), ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
