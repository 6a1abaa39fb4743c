import { describe, it } from 'vitest';
import { regressionSeeds } from './regression-seeds.ts';
import { expectToHold, testSeeds, TIMEOUT_MS } from './testing-seeds.ts';

describe('no saved change is lost, and all clients converge', () => {
  testSeeds(251, 500);

  for (const { seed, operations, relays, found } of regressionSeeds) {
    it(`seed ${seed}, which found: ${found}`, { timeout: TIMEOUT_MS }, async () => {
      await expectToHold({ seed, operations, ...(relays === undefined ? {} : { relays }) });
    });
  }
});
