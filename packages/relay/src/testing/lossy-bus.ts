/** A bus that loses, doubles, delays and reorders messages at random, from its caller's generator. */

import type { Bus } from '../bus/bus.ts';
import type { Environment } from '../ports/environment.ts';

export interface Losses {
  /** Shares of messages, 0 to 1. */
  drop: number;
  duplicate: number;
  /** Longest delay, ms; delayed messages overtake each other. */
  delayMs: number;
}

/** @param losses May be changed while the bus is used. */
export function lossyBus(inner: Bus, losses: Losses, { random, schedule }: Pick<Environment, 'random' | 'schedule'>): Bus {
  return {
    node: inner.node,
    get isUp() {
      return inner.isUp;
    },
    counts: (rooms) => inner.counts(rooms),
    close: () => inner.close(),
    join(room, listener) {
      let isLeft = false;
      const deliver = (from: string, bytes: Uint8Array): void => {
        const run = (): void => {
          if (!isLeft) listener.receive(from, bytes);
        };
        if (losses.delayMs === 0) run();
        else schedule(run, random() * losses.delayMs);
      };
      const joined = inner.join(room, {
        ...listener,
        receive(from, bytes) {
          if (random() < losses.drop) return;
          deliver(from, bytes);
          if (random() < losses.duplicate) deliver(from, bytes.slice());
        },
        restored: () => listener.restored(),
        gone: (node, how) => listener.gone(node, how),
      });
      return {
        ...joined,
        leave() {
          isLeft = true;
          joined.leave();
        },
      };
    },
  };
}
