/**
 * Lines of the log about connections: one when a connection opens, one when it ends, one for each refusal. Those of one
 * connection have its number. Each kind is bounded by address, so a flood of connections fills no disk; what was left out
 * is counted in the next line of its kind.
 */

import type { ConnectionFailure, ConnectionOpening, ConnectionSummary, Logger } from '@wetink/relay';
import { createLogLimit } from './log-limit.ts';

/** Of one address and one failure: enough to see what goes on, too few to fill a disk. */
const REFUSALS_PER_MINUTE = 10;
/** Of one address. A connection whose opening has a line has one for its end, whatever the bounds below. */
const OPENINGS_PER_MINUTE = 60;
/** Of one address, ends of connections without a line for their opening: of those that were let in, and of the others. */
const ENDS_PER_MINUTE = 300;
const TURNED_AWAY_PER_MINUTE = 20;

/**
 * What a refusal is to whoever runs the relay. `info`: an answer as it should be, to people who may not, came too late or
 * are gone. `warn`: a client that breaks the protocol, or a limit or store that keeps people out. `error`: a bug.
 */
const levels: Readonly<Record<ConnectionFailure['code'], 'info' | 'warn' | 'error'>> = {
  UNAUTHENTICATED: 'info',
  FORBIDDEN: 'info',
  ROOM_NOT_FOUND: 'info',
  ROOM_ERASED: 'info',
  ROOM_NAME: 'info',
  READ_ONLY: 'info',
  TOO_LARGE: 'info',
  DOCUMENT_TOO_LARGE: 'info',
  VERSION: 'info',
  INCOMPLETE: 'info',
  AUTH_TIMEOUT: 'info',
  TIMEOUT: 'info',
  SLOW_READER: 'info',
  CONNECTION_LOST: 'info',
  CANCELLED: 'info',
  DRAINING: 'info',
  SHUTDOWN: 'info',
  MALFORMED: 'warn',
  TEXT_FRAME: 'warn',
  BAD_UPDATE: 'warn',
  FOREIGN_CLIENT: 'warn',
  REFUSED: 'warn',
  DEVICE_STORAGE: 'warn',
  TOKEN_FAILED: 'warn',
  RATE_LIMITED: 'warn',
  ROOM_FULL: 'warn',
  OVERLOADED: 'warn',
  LOAD_FAILED: 'warn',
  STORAGE_UNAVAILABLE: 'warn',
  UNAVAILABLE: 'warn',
  INTERNAL: 'error',
};

export interface ConnectionLog {
  opened(opening: ConnectionOpening): void;
  ended(summary: ConnectionSummary): void;
  refused(failure: ConnectionFailure): void;
}

/** @param now Milliseconds, only compared with each other. */
export function createConnectionLog(logger: Logger, now: () => number): ConnectionLog {
  const refusals = createLogLimit(REFUSALS_PER_MINUTE, now);
  const openings = createLogLimit(OPENINGS_PER_MINUTE, now);
  const ends = createLogLimit(ENDS_PER_MINUTE, now);
  const turnedAway = createLogLimit(TURNED_AWAY_PER_MINUTE, now);
  /** Open connections whose opening has a line. */
  const told = new Set<number>();
  return {
    opened({ connectionId, isExtension, room, ip, userAgent }) {
      const suppressed = openings.take(ip);
      if (suppressed === null) return;
      told.add(connectionId);
      const fields = {
        connection: connectionId,
        room,
        ip,
        userAgent,
        protocol: isExtension ? 'wetink' : 'base',
        ...(suppressed > 0 ? { suppressed } : {}),
      };
      logger.info(fields, 'connection opened');
    },
    ended({ connectionId, startedAt, durationMs, isExtension, userId, ...summary }) {
      const limit = summary.authentication === '' ? turnedAway : ends;
      const suppressed = told.delete(connectionId) ? 0 : limit.take(summary.ip);
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
      logger[levels[failure.code]](fields, 'refused');
    },
  };
}
