/** Shrinks a failed run to a shorter one that breaks the same rule. */

import { operationNames } from './operations.ts';
import { simulate, type SimOptions, type SimResult } from './simulate.ts';

export interface Shrunk {
  options: SimOptions;
  result: SimResult;
}

/**
 * Halves the number of operations while the run still fails, then leaves out one kind of operation after the other. The
 * random draws stay the same, so each try differs from the run only in what it leaves out.
 *
 * @param failed The options of a run whose violation is not null.
 */
export async function shrink(failed: SimOptions, result: SimResult): Promise<Shrunk> {
  let best: Shrunk = { options: failed, result };
  const attempt = async (options: SimOptions): Promise<boolean> => {
    const tried = await simulate(options);
    if (tried.violation?.rule !== result.violation?.rule) return false;
    best = { options, result: tried };
    return true;
  };
  for (let step = Math.ceil(failed.operations / 2); step >= 1; step = Math.floor(step / 2)) {
    while (best.options.operations > step && (await attempt({ ...best.options, operations: best.options.operations - step })));
  }
  for (const name of operationNames) await attempt({ ...best.options, without: new Set([...(best.options.without ?? []), name]) });
  return best;
}

/** The report of a failure: the command to repeat it, and the last lines of its trace. */
export function explain({ options, result }: Shrunk): string {
  const { seed, operations, relays, without } = options;
  const again = [
    `pnpm sim --seed ${seed} --ops ${operations}`,
    ...(relays === undefined ? [] : [`--relays ${relays}`]),
    ...(without === undefined || without.size === 0 ? [] : [`--without ${[...without].join(',')}`]),
  ].join(' ');
  return [`${result.violation?.message ?? 'no violation'}`, `again: ${again}`, ...result.lines.slice(-40)].join('\n');
}
