/** Lines of the log about connections: one when a connection ends, one for each refusal. */

import type { ConnectionFailure, ConnectionSummary, Logger } from '@wetink/relay';
import { createLogLimit } from './log-limit.ts';

/** Of one address and one failure: enough to see what goes on, too few to fill a disk. */
const REFUSALS_PER_MINUTE = 10;
/** Of one address, of connections that were never let in. Those that were have a line each, always. */
const TURNED_AWAY_PER_MINUTE = 20;

export interface ConnectionLog {
  ended(summary: ConnectionSummary): void;
  refused(failure: ConnectionFailure): void;
}

/** @param now Milliseconds, only compared with each other. */
export function createConnectionLog(logger: Logger, now: () => number): ConnectionLog {
  const refusals = createLogLimit(REFUSALS_PER_MINUTE, now);
  const turnedAway = createLogLimit(TURNED_AWAY_PER_MINUTE, now);
  return {
    ended({ connectionId, startedAt, durationMs, isExtension, userId, ...summary }) {
      const suppressed = summary.authentication === '' ? turnedAway.take(summary.ip) : 0;
      if (suppressed === null) return;
      const fields = {
        connection: connectionId,
        user: userId,
        protocol: isExtension ? 'wetink' : 'base',
        startedAt: new Date(startedAt).toISOString(),
        durationMs: Math.round(durationMs),
        ...summary,
        ...(suppressed > 0 ? { suppressed } : {}),
      };
      logger.info(fields, 'connection ended');
    },
    refused({ connectionId, userId, error, ...failure }) {
      const suppressed = refusals.take(`${failure.ip} ${failure.code}`);
      if (suppressed === null) return;
      const fields = {
        connection: connectionId,
        user: userId,
        ...failure,
        ...(error === undefined ? {} : { error: error instanceof Error ? error.message : String(error) }),
        ...(suppressed > 0 ? { suppressed } : {}),
      };
      logger.warn(fields, 'refused');
    },
  };
}
