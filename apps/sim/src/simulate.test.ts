import { describe, expect, it } from 'vitest';
import { simulate } from './simulate.ts';

describe('a run is a function of its seed', () => {
  it('the same seed gives the same trace, and another seed a different one', async () => {
    const first = await simulate({ seed: 7, operations: 120, relays: 3 });
    const again = await simulate({ seed: 7, operations: 120, relays: 3 });
    const other = await simulate({ seed: 8, operations: 120, relays: 3 });
    expect(again).toEqual(first);
    expect(other.hash).not.toBe(first.hash);
  });

  it('runs in which relays write themselves repeat too', async () => {
    const [first, again] = [await simulate({ seed: 6, operations: 120 }), await simulate({ seed: 6, operations: 120 })];
    expect(again).toEqual(first);
    expect(first.relayEdits).toBeGreaterThan(10);
  });
});
