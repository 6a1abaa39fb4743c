/**
 * Schedules the sweep for unused pictures and files and leftovers of crashes: soon after the start, because a crash may have
 * come before it; again when a sweep saw something that may be work in progress; otherwise once a day. One sweep at a time.
 */

import { errorFields, type Environment, type Logger } from '@wetink/relay';
import { LEFT_ALONE_MS, type BoardSweep } from '@wetink/relay/access';

export interface SweepingOptions {
  sweep: BoardSweep;
  environment: Pick<Environment, 'random' | 'schedule'>;
  logger: Pick<Logger, 'info' | 'warn'>;
}

export interface Sweeping {
  /** Resolves when no sweep runs any more. Final. */
  stop(): Promise<void>;
}

/** Stops a sweep, also one that waits for the reading of a large document: `reader` ends it, and its failure is not logged. */
export async function stopSweeping(sweeping: Sweeping, reader: { close(): Promise<void> }): Promise<void> {
  const stopped = sweeping.stop();
  await reader.close();
  await stopped;
}

/** Relays that start together sweep apart: each of these times is shortened or lengthened by up to a half. */
const FIRST_AFTER_MS = 60_000;
const AGAIN_AFTER_MS = 2 * LEFT_ALONE_MS + 60_000;
const DAILY_MS = 24 * 60 * 60_000;

export function startSweeping({ sweep, environment, logger }: SweepingOptions): Sweeping {
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  let cancel: () => void = () => undefined;

  const runAfter = (ms: number): void => {
    if (isStopped) return;
    cancel = environment.schedule(
      () => {
        running = run();
      },
      ms * (0.5 + environment.random()),
    );
  };
  const run = async (): Promise<void> => {
    try {
      const { boards, pictures, bytes, uploads, counts, waiting } = await sweep.run(() => isStopped);
      if (boards + pictures + uploads > 0) logger.info({ boards, pictures, bytes, uploads }, 'leftovers of erased boards removed');
      if (counts > 0) logger.info({ counts }, 'counts of pictures and files corrected');
      runAfter(waiting > 0 ? AGAIN_AFTER_MS : DAILY_MS);
    } catch (error) {
      // A stopping relay closes the store under a running sweep, which is no failure.
      if (!isStopped) logger.warn(errorFields(error), 'sweep for leftovers of erased boards failed, will retry');
      runAfter(AGAIN_AFTER_MS);
    }
  };
  runAfter(FIRST_AFTER_MS);

  return {
    async stop() {
      isStopped = true;
      cancel();
      await running;
    },
  };
}
