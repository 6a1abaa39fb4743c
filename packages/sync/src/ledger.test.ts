import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InFlight, Ledger } from './ledger.ts';

describe('the ledger', () => {
  it('[S1] the ledger waits for exactly what is not acknowledged', () => {
    const ledger = new Ledger();
    const flight = new InFlight();
    ledger.count('a');
    ledger.count('a');
    flight.sent(ledger.allMade());
    ledger.count('a');
    expect(ledger.waiting()).toBe(3);
    const settled = flight.acked(1);
    if (settled !== null) ledger.settle(settled);
    expect(ledger.waiting()).toBe(1);
  });

  it('[S1] a count that was never sent, or comes again, settles nothing', () => {
    const flight = new InFlight();
    flight.sent(new Map([['a', 1]]));
    expect(flight.acked(2)).toBeNull();
    expect(flight.acked(0)).toBeNull();
    expect(flight.acked(1)).toEqual(new Map([['a', 1]]));
    expect(flight.acked(1)).toBeNull();
  });

  it('[S1] waiting is never negative, and 0 only when every change was in an acknowledged message', () => {
    const step = fc.oneof(
      fc.constantFrom('a', 'b', 'c').map((tab) => ({ kind: 'edit' as const, tab })),
      fc.constant({ kind: 'send' as const }),
      fc.constant({ kind: 'ack' as const }),
      fc.constant({ kind: 'cut' as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const ledger = new Ledger();
        let flight = new InFlight();
        let sent: Set<string>[] = [];
        const all = new Set<string>();
        const durable = new Set<string>();
        let acked = 0;
        for (const { kind, ...rest } of steps) {
          if (kind === 'edit' && 'tab' in rest) all.add(`${rest.tab}${ledger.count(rest.tab)}`);
          if (kind === 'send') {
            flight.sent(ledger.allMade());
            sent.push(new Set(all));
          }
          if (kind === 'ack' && acked < sent.length) {
            for (const change of sent[acked] ?? []) durable.add(change);
            const settled = flight.acked(++acked);
            if (settled !== null) ledger.settle(settled);
          }
          if (kind === 'cut') {
            flight = new InFlight();
            sent = [];
            acked = 0;
          }
          expect(ledger.waiting()).toBe(all.size - durable.size);
        }
      }),
      { numRuns: 300 },
    );
  });
});
