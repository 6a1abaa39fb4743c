/** Waits on the clock of an environment. */

import type { Environment } from '../ports/environment.ts';

type Schedule = Environment['schedule'];

/** Ends early when the signal is aborted. */
export function pause(schedule: Schedule, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = schedule(end, ms);
    signal.addEventListener('abort', end);
  });
}

/** Waits for the work, `ms` at most. */
export async function atMost(schedule: Schedule, ms: number, work: Promise<void>): Promise<void> {
  let cancel = (): void => undefined;
  const timeout = new Promise<void>((resolve) => (cancel = schedule(resolve, ms)));
  await Promise.race([work, timeout]);
  cancel();
}
