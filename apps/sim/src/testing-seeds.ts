/** The seeds of `npm test`, in two files for two workers. For more: `pnpm sim --seeds N`. */
import { expect, it } from 'vitest';
import { explain, shrink } from './shrink.ts';
import { simulate, type SimOptions } from './simulate.ts';

const SEEDS_PER_TEST = 25;
const OPERATIONS = 300;
/** Generous, so that no run fails on a very busy machine. */
export const TIMEOUT_MS = 300_000;

export async function expectToHold(options: SimOptions): Promise<void> {
  const result = await simulate(options);
  if (result.violation !== null) throw new Error(`seed ${options.seed}: ${explain(await shrink(options, result))}`);
  expect(result.edits).toBeGreaterThan(0);
}

/** Makes one test per 25 seeds from `first` to `last`. */
export function testSeeds(first: number, last: number): void {
  for (let from = first; from <= last; from += SEEDS_PER_TEST) {
    const to = Math.min(last, from + SEEDS_PER_TEST - 1);
    it(`seeds ${from} to ${to}`, { timeout: TIMEOUT_MS }, async () => {
      for (let seed = from; seed <= to; seed++) await expectToHold({ seed, operations: OPERATIONS });
    });
  }
}
