/**
 * The simulation can fail: each fault is built into the store or the device on purpose, and must be found within a few
 * seeds, by the rule that guards against it.
 */
import { describe, expect, it } from 'vitest';
import { simulate } from './simulate.ts';
import type { Mutation } from './world.ts';

const MOST_SEEDS = 30;

/** The rule that the fault was caught by, null when no seed noticed. @param first Where it is known to be found soon. */
async function caughtBy(mutation: Mutation, relays: number, first = 1): Promise<string | null> {
  for (let seed = first; seed < first + MOST_SEEDS; seed++) {
    const { violation } = await simulate({ seed, operations: 150, relays, mutation });
    if (violation !== null) return violation.rule;
  }
  return null;
}

describe('a built-in fault is found', () => {
  it('an ack before the row is durable', async () => {
    expect(await caughtBy('ack-before-durable', 1)).toBe('acked-is-durable');
  });

  it('a message to another relay before the row is durable', async () => {
    expect(await caughtBy('publish-before-durable', 2)).toBe('causally-closed');
  });

  it('a failed batch that is given up while others follow it', async () => {
    expect(await caughtBy('forget-failed', 1)).toMatch(/^(acked-is-durable|causally-closed)$/);
  });

  it('a tail of the journal that is not read', async () => {
    expect(await caughtBy('skip-tail', 3, 21)).toMatch(/^(checkpoint-keeps-all|converges)$/);
  });

  it('a checkpoint written over one that covers more', async () => {
    expect(await caughtBy('blind-checkpoint', 3, 21)).toBe('checkpoint-keeps-all');
  });

  it('a device that forgets what was not acknowledged', async () => {
    expect(await caughtBy('drop-outbox', 1)).toBe('never-forget');
  });
});
