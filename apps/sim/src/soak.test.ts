/** The budget of `npm test`. Longer ones: `pnpm sim --seeds N`. */
import { describe, expect, it } from 'vitest';
import { regressionSeeds } from './regression-seeds.ts';
import { explain, shrink } from './shrink.ts';
import { simulate, type SimOptions } from './simulate.ts';

const SEEDS = 500;
const SEEDS_PER_TEST = 25;
const OPERATIONS = 300;
/** No measurement: only so that a machine that is very busy does not fail a run that goes on. */
const TIMEOUT_MS = 300_000;

async function expectToHold(options: SimOptions): Promise<void> {
  const result = await simulate(options);
  if (result.violation !== null) throw new Error(`seed ${options.seed}: ${explain(await shrink(options, result))}`);
  expect(result.edits).toBeGreaterThan(0);
}

describe('nothing that was saved is lost, and everyone comes to the same', () => {
  for (let first = 1; first <= SEEDS; first += SEEDS_PER_TEST) {
    const last = first + SEEDS_PER_TEST - 1;
    it(`seeds ${first} to ${last}`, { timeout: TIMEOUT_MS }, async () => {
      for (let seed = first; seed <= last; seed++) await expectToHold({ seed, operations: OPERATIONS });
    });
  }

  for (const { seed, operations, relays, found } of regressionSeeds) {
    it(`seed ${seed}, which found: ${found}`, { timeout: TIMEOUT_MS }, async () => {
      await expectToHold({ seed, operations, ...(relays === undefined ? {} : { relays }) });
    });
  }
});
