/**
 * Shows that the simulation can fail: each deliberate fault in the store or the device must be found within a few seeds, by
 * the rule that guards against it.
 */
import { describe, expect, it } from 'vitest';
import { simulate } from './simulate.ts';
import type { Mutation } from './world.ts';

const MOST_SEEDS = 30;

/** @param first A seed from which the fault is found soon. @returns The rule that found the fault; null: no seed did. */
async function caughtBy(mutation: Mutation, relays: number, first = 1): Promise<string | null> {
  for (let seed = first; seed < first + MOST_SEEDS; seed++) {
    const { violation } = await simulate({ seed, operations: 150, relays, mutation });
    if (violation !== null) return violation.rule;
  }
  return null;
}

describe('a deliberate fault is found', () => {
  it('finds an ack sent before the row is durable', async () => {
    expect(await caughtBy('ack-before-durable', 1)).toBe('acked-is-durable');
  });

  it('finds a message to another relay sent before the row is durable', async () => {
    expect(await caughtBy('publish-before-durable', 2, 9)).toBe('causally-closed');
  });

  it('finds a failed batch that is dropped while later ones are written', async () => {
    expect(await caughtBy('forget-failed', 1)).toMatch(/^(acked-is-durable|causally-closed)$/);
  });

  it('finds an unread tail of the journal', async () => {
    expect(await caughtBy('skip-tail', 3, 21)).toMatch(/^(checkpoint-keeps-all|converges)$/);
  });

  it('finds a checkpoint that replaces one that covers more', async () => {
    expect(await caughtBy('blind-checkpoint', 3, 21)).toBe('checkpoint-keeps-all');
  });

  it('finds a device that loses unacknowledged changes', async () => {
    expect(await caughtBy('drop-outbox', 1)).toBe('never-forget');
  });
});
