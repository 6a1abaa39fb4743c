/** A clock and timers that only a test moves. */

import type { Environment } from '../ports/environment.ts';

export interface VirtualTime extends Environment {
  /** Runs timers due within `ms`, in order, letting promises settle between them. */
  advance(ms: number): Promise<void>;
}

export function virtualTime(): VirtualTime {
  let nowMs = 0;
  let lastId = 0;
  const timers = new Map<number, { at: number; fn: () => void }>();
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  /** A call to a store in memory takes one turn, and its continuation another. */
  const settle = async (): Promise<void> => {
    await turn();
    await turn();
  };
  const earliest = (until: number): [number, { at: number; fn: () => void }] | null => {
    let found: [number, { at: number; fn: () => void }] | null = null;
    for (const [id, timer] of timers) {
      if (timer.at <= until && (found === null || timer.at < found[1].at || (timer.at === found[1].at && id < found[0])))
        found = [id, timer];
    }
    return found;
  };
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
        const next = earliest(until);
        if (next === null) {
          await settle();
          await settle();
          if (earliest(until) === null) break;
          continue;
        }
        timers.delete(next[0]);
        nowMs = Math.max(nowMs, next[1].at);
        next[1].fn();
        await settle();
      }
      nowMs = until;
    },
  };
}
