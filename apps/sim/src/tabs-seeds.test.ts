/** A longer run: `WETINK_TABS_SEEDS=2000 npx vitest run --project simulation apps/sim/src/tabs-seeds`. */
import { describe, expect, it } from 'vitest';
import { simulateTabs } from './simulate-tabs.ts';
import { TIMEOUT_MS } from './testing-seeds.ts';

const SEEDS = Number(process.env['WETINK_TABS_SEEDS'] ?? 30);
const OPERATIONS = 120;

describe('tabs without a network', () => {
  it(`K1: an edit that any tab reports as kept is on the device (seeds 1 to ${SEEDS})`, { timeout: TIMEOUT_MS }, async () => {
    let claims = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const result = await simulateTabs(seed, OPERATIONS);
      if (result.violation !== null) throw new Error(`seed ${seed}: ${result.violation.message}\n${result.lines.join('\n')}`);
      claims += result.claims;
    }
    expect(claims).toBeGreaterThan(SEEDS);
  });

  it('K1: a storage that says "written" before it has is found', { timeout: TIMEOUT_MS }, async () => {
    const rules = new Set<string | undefined>();
    for (let seed = 1; seed <= 5; seed++) rules.add((await simulateTabs(seed, OPERATIONS, { isLying: true })).violation?.rule);
    expect([...rules]).toContain('never-forget');
  });
});
