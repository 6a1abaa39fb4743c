/** The command line of `npm run bench boards`. */

import { parseArgs } from 'node:util';
import { scenes, type Scene } from './scenes.ts';
import type { BoardName } from './boards.ts';

export interface BoardOptions {
  readonly boards: readonly BoardName[];
  readonly scenes: readonly Scene[];
  readonly rounds: number;
  /** Time for each step, such as opening. */
  readonly limitMs: number;
  /** Folder of the results; null: they are only printed. */
  readonly outFolder: string | null;
  /** The visits of the results that are there stay, and count. */
  readonly isAdding: boolean;
}

const names: readonly BoardName[] = ['wetink', 'excalidraw', 'tldraw'];
const DEFAULT_ROUNDS = 3;
const DEFAULT_LIMIT_S = 60;

export const help = `Measures boards side by side in one browser: see apps/bench/README.md.

  --scenes=NAME,...       only these: ${scenes.map(({ name }) => name).join(', ')}
  --boards=NAME,...       only these: ${names.join(', ')}
  --rounds=N              visits of each board to each scene of up to 20,000 strokes, default ${DEFAULT_ROUNDS}
  --limit=SECONDS         time for each step of a visit, default ${DEFAULT_LIMIT_S}
  --out=FOLDER            folder of the results, default apps/bench/results; \`none\` only prints
  --add                   keep the visits of the results that are there: further rounds or scenes of the same hour`;

/** @returns The options, or null when the caller asked for help. */
export function parseBoardOptions(args: readonly string[], defaultFolder: string): BoardOptions | null {
  const { values } = parseArgs({
    // pnpm passes a separator on.
    args: args.filter((arg) => arg !== '--'),
    options: {
      help: { type: 'boolean', default: false },
      scenes: { type: 'string' },
      boards: { type: 'string' },
      rounds: { type: 'string', default: String(DEFAULT_ROUNDS) },
      limit: { type: 'string', default: String(DEFAULT_LIMIT_S) },
      out: { type: 'string', default: defaultFolder },
      add: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const wanted = chosen(
    '--scenes',
    scenes.map(({ name }) => name),
    values.scenes,
  );
  return {
    boards: chosen('--boards', names, values.boards),
    scenes: scenes.filter(({ name }) => wanted.includes(name)),
    rounds: countOf('--rounds', values.rounds),
    limitMs: countOf('--limit', values.limit) * 1_000,
    outFolder: values.out === 'none' ? null : values.out,
    isAdding: values.add,
  };
}

function countOf(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`${option} must be a whole number from 1`);
  return count;
}

function chosen<T extends string>(option: string, all: readonly T[], list: string | undefined): readonly T[] {
  if (list === undefined) return all;
  const wanted = list.split(',');
  const unknown = wanted.filter((name) => !all.some((one) => one === name));
  if (unknown.length > 0) throw new RangeError(`${option} knows no ${unknown.join(', ')}; it knows ${all.join(', ')}`);
  return all.filter((name) => wanted.includes(name));
}
