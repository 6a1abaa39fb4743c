/** The regular work of a relay: deadlines, signs of life, checkpoints that are due. */

import type { Environment } from './ports/environment.ts';

const HOUSEKEEPING_MS = 1_000;

/**
 * Calls `tidy` about once a second, the first time at once. Skips it after this process was stopped or busy: it has not
 * read yet what clients and nodes sent meanwhile, so it would count live ones as silent. Skips it only every other time,
 * because on a relay that is always busy dead connections must still be found.
 * @returns Stops it.
 */
export function startHousekeeping(environment: Pick<Environment, 'now' | 'schedule'>, tidy: (nowMs: number) => void): () => void {
  let lastMs = environment.now();
  let hasSkipped = false;
  let cancel: () => void = () => undefined;
  const tick = (): void => {
    const nowMs = environment.now();
    const wasAway = nowMs - lastMs > 2 * HOUSEKEEPING_MS;
    lastMs = nowMs;
    cancel = environment.schedule(tick, HOUSEKEEPING_MS);
    hasSkipped = wasAway && !hasSkipped;
    if (!hasSkipped) tidy(nowMs);
  };
  tick();
  return () => cancel();
}
