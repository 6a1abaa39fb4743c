/** Handling of calls that every store shares: closing waits for calls under way, and the work of one room takes turns. */

import { closedError } from './check-input.ts';

export interface Calls {
  /** Runs a call, and lets `close` wait for it. Once closing has begun it rejects with `CLOSED`. */
  tracked<T>(run: () => Promise<T>): Promise<T>;
  /** Runs the work of one room after the work that came before it, however that ended. */
  inTurn<T>(room: string, run: () => Promise<T>): Promise<T>;
  /** Refuses further calls, waits for those under way, then runs `finish`. Idempotent. */
  close(finish: () => Promise<void>): Promise<void>;
}

export function createCalls(): Calls {
  const turnsByRoom = new Map<string, Promise<void>>();
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | null = null;

  return {
    async tracked(run) {
      if (closing !== null) throw closedError();
      const running = run();
      underWay.add(running);
      try {
        return await running;
      } finally {
        underWay.delete(running);
      }
    },

    async inTurn(room, run) {
      const before = turnsByRoom.get(room) ?? Promise.resolve();
      const mine = before.then(run);
      const settled = mine.then(
        () => undefined,
        () => undefined,
      ); // the next turn runs however this one ended
      turnsByRoom.set(room, settled);
      try {
        return await mine;
      } finally {
        if (turnsByRoom.get(room) === settled) turnsByRoom.delete(room);
      }
    },

    close(finish) {
      closing ??= (async () => {
        while (underWay.size > 0) await Promise.allSettled([...underWay]);
        await finish();
      })();
      return closing;
    },
  };
}
