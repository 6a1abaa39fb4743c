/** A clock and timers that only a test moves. */

import type { Environment } from '../environment.ts';

export interface VirtualTime extends Environment {
  /** Runs what is due within `ms`, in order, letting promises settle between. */
  advance(ms: number): Promise<void>;
}

export function virtualTime(): VirtualTime {
  let nowMs = 0;
  let lastId = 0;
  const timers = new Map<number, { at: number; fn: () => void }>();
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => nowMs,
    random: () => 0.5,
    schedule(fn, delayMs) {
      const id = (lastId += 1);
      timers.set(id, { at: nowMs + delayMs, fn });
      return () => timers.delete(id);
    },
    async advance(ms) {
      const until = nowMs + ms;
      await settle();
      for (;;) {
        const next = [...timers].filter(([, timer]) => timer.at <= until).sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
        if (next === undefined) break;
        timers.delete(next[0]);
        nowMs = Math.max(nowMs, next[1].at);
        next[1].fn();
        await settle();
      }
      nowMs = until;
    },
  };
}
