/**
 * Logs failures of the services that API calls depend on: keys to verify tokens with, counters, records of users. Such a
 * failure hits every call, so each kind gets a few lines a minute, and no stack where the error's sentence is enough.
 */

import { errorFields, type Logger } from '@wetink/relay';
import { IdentityUnavailableError } from '@wetink/relay/identity';
import { createLogLimit } from './log-limit.ts';

const LINES_PER_MINUTE = 10;

export interface TroubleLog {
  warn(error: unknown, event: string): void;
}

/** @param now Milliseconds, only compared with each other. */
export function createTroubleLog(logger: Logger, now: () => number): TroubleLog {
  const limit = createLogLimit(LINES_PER_MINUTE, now);
  return {
    warn(error, event) {
      const suppressed = limit.take(event);
      if (suppressed === null) return;
      const fields = error instanceof IdentityUnavailableError ? { error: withCause(error) } : errorFields(error);
      logger.warn({ ...fields, ...(suppressed > 0 ? { suppressed } : {}) }, event);
    },
  };
}

function withCause({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
