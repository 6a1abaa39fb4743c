/** The command line of `npm run bench`. */

import { parseArgs } from 'node:util';
import { scenarios } from './scenarios/index.ts';
import type { Scenario } from './scenarios/scenario.ts';
import type { Server } from './servers/server.ts';
import { servers } from './servers/servers.ts';

export interface Options {
  isQuick: boolean;
  rounds: number;
  scenarios: readonly Scenario[];
  servers: readonly Server[];
  /** Folder of the results; null: they are only printed. */
  outFolder: string | null;
}

export const help = `Measures relays side by side: see apps/bench/README.md.

  --quick                 small numbers, one round, nothing written: checks results, not times
  --only=NAME,...         only these scenarios: ${scenarios.map(({ name }) => name).join(', ')}
  --servers=NAME,...      only these servers: ${servers.map(({ name }) => name).join(', ')}
  --rounds=N              measurements of each scenario and server, default 3
  --out=FOLDER            folder of the results, default apps/bench/results; \`none\` only prints`;

const DEFAULT_ROUNDS = 3;

/** @returns The options, or null when the caller asked for help. */
export function parseOptions(args: readonly string[], defaultFolder: string): Options | null {
  const { values } = parseArgs({
    // pnpm passes a separator on.
    args: args.filter((arg) => arg !== '--'),
    options: {
      help: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      servers: { type: 'string' },
      rounds: { type: 'string' },
      out: { type: 'string' },
    },
  });
  if (values.help) return null;
  const isQuick = values.quick;
  const rounds = Number(values.rounds ?? (isQuick ? 1 : DEFAULT_ROUNDS));
  if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError('--rounds must be a whole number from 1');
  const out = values.out ?? (isQuick ? 'none' : defaultFolder);
  return {
    isQuick,
    rounds,
    scenarios: chosen('--only', scenarios, values.only),
    servers: chosen('--servers', servers, values.servers),
    outFolder: out === 'none' ? null : out,
  };
}

function chosen<T extends { name: string }>(option: string, all: readonly T[], names: string | undefined): readonly T[] {
  if (names === undefined) return all;
  const wanted = names.split(',');
  const unknown = wanted.filter((name) => !all.some((one) => one.name === name));
  if (unknown.length > 0)
    throw new RangeError(`${option} knows no ${unknown.join(', ')}; it knows ${all.map(({ name }) => name).join(', ')}`);
  return all.filter(({ name }) => wanted.includes(name));
}
