import { describe, expect, it } from 'vitest';
import { explain, shrink } from './shrink.ts';
import { simulate } from './simulate.ts';

describe('shrink', () => {
  it('a failing run is shrunk to fewer operations that break the same rule, with the command to repeat it', async () => {
    const options = { seed: 1, operations: 60, relays: 1, mutation: 'ack-before-durable' } as const;
    const result = await simulate(options);
    const shrunk = await shrink(options, result);
    expect(shrunk.result.violation?.rule).toBe(result.violation?.rule);
    expect(shrunk.options.operations).toBeLessThan(options.operations);
    expect(shrunk.options.without?.has('crash')).toBe(true);
    expect(explain(shrunk)).toContain(`pnpm sim --seed 1 --ops ${shrunk.options.operations} --relays 1 --without`);
    expect(explain(shrunk)).toContain('VIOLATION acked-is-durable');
  });
});
