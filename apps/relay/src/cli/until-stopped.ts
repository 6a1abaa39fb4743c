/** Runs a service until a signal ends it. */

import type { Config } from '../config/config.ts';
import type { Service } from '../service/service.ts';
import { complain, complainOf, oneLine } from './output.ts';

/** Time after the drain deadline at which the process exits even if something hangs. */
const HARD_STOP_MS = 10_000;

/** SIGTERM or SIGINT drains; a second signal ends at once. @returns the exit code. */
export function untilStopped(service: Service, config: Config, mask: (text: string) => string): Promise<number> {
  return new Promise((resolveStopped) => {
    let isStopping = false;
    const onSignal = (): void => {
      if (isStopping) process.exit(1);
      isStopping = true;
      // Keeps the process alive while it drains, which neither the relay's timers nor a closed server do. Exits it at
      // the end.
      const hardStop = setTimeout(() => {
        complain('not everything could be closed in time. All acknowledged changes are saved.');
        process.exit(1);
      }, config.drainDeadlineMs + HARD_STOP_MS);
      service
        .stop()
        .then(
          ({ exitCode, complaints }) => {
            for (const line of complaints) complain(mask(oneLine(line)));
            resolveStopped(exitCode);
          },
          (error: unknown) => resolveStopped(complainOf(error, mask)),
        )
        .finally(() => clearTimeout(hardStop));
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}
