/** Sending on time, and waiting for what must come. */

import { setTimeout as pause } from 'node:timers/promises';

export interface Schedule {
  count: number;
  perSecond: number;
  /** When message i is due, on the clock of `performance.now()`: latencies count from here, so a stalled sender counts too. */
  dueAt(i: number): number;
}

/** A schedule that begins a moment from now. */
export function scheduleOf(count: number, perSecond: number): Schedule {
  const startsAt = performance.now() + 100;
  return { count, perSecond, dueAt: (i) => startsAt + (i * 1_000) / perSecond };
}

/** Sends each message when it is due, without waiting for answers. */
export async function onSchedule({ count, dueAt }: Schedule, send: (i: number) => void): Promise<void> {
  for (let i = 0; i < count;) {
    const now = performance.now();
    for (; i < count && dueAt(i) <= now; i++) send(i);
    await pause(1);
  }
}

/** @returns Whether it became true in time. */
export async function until(isTrue: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!isTrue()) {
    if (performance.now() > deadline) return false;
    await pause(5);
  }
  return true;
}
