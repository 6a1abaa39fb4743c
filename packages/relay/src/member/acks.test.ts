import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Acks } from './acks.ts';

describe('acks', () => {
  it('[RL12] a message is acknowledged when its journal entry is durable, cumulatively', () => {
    const acks = new Acks();
    acks.settle(acks.next(), 1);
    acks.settle(acks.next(), 3);
    expect(acks.advance(0)).toBe(null);
    expect(acks.advance(2)).toBe(1);
    expect(acks.advance(2)).toBe(null);
    expect(acks.advance(3)).toBe(2);
  });

  it('[RL13] a message that waits for predecessors blocks the ones behind it until its hole is filled', () => {
    const acks = new Acks();
    acks.wait(acks.next(), new Map([[7, 5]]), 100);
    acks.settle(acks.next(), 1);
    expect([acks.advance(1), acks.hasUnmetNeed, acks.unmetSinceMs]).toEqual([null, true, 100]);
    acks.meet(() => false, 2);
    expect(acks.advance(2)).toBe(null);
    acks.meet((need) => need.get(7) === 5, 2);
    expect([acks.hasUnmetNeed, acks.unmetSinceMs]).toEqual([false, null]);
    expect(acks.advance(1)).toBe(null);
    expect(acks.advance(2)).toBe(2);
  });

  it('[RL12] in any order of events, every acknowledged message is covered by durable entries', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.record({ kind: fc.constant('settle' as const), entries: fc.nat(3) }),
            fc.record({ kind: fc.constant('flush' as const), upTo: fc.nat(100) }),
          ),
        ),
        (events) => {
          const acks = new Acks();
          const seqOf: number[] = [];
          let lastSeq = 0;
          let durable = 0;
          let acked = 0;
          for (const event of events) {
            if (event.kind === 'settle') {
              lastSeq += event.entries;
              const count = acks.next();
              seqOf[count] = lastSeq;
              acks.settle(count, lastSeq);
            } else durable = Math.max(durable, Math.min(lastSeq, event.upTo));
            const count = acks.advance(durable);
            if (count === null) continue;
            expect(count).toBeGreaterThan(acked);
            acked = count;
            for (let n = 1; n <= acked; n++) expect(seqOf[n]).toBeLessThanOrEqual(durable);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
