/**
 * Logs connections: one line when a connection opens, one when it ends, one for each refusal. All lines of a connection
 * have its number. Each kind is limited by address, so a flood of connections cannot fill the disk; the next line of a
 * kind has the count of those left out.
 */

import type { ConnectionFailure, ConnectionOpening, ConnectionSummary, Logger } from '@wetink/relay';
import { createLogLimit } from './log-limit.ts';

/** Refusals per address and failure: enough to see what happens, too few to fill a disk. */
const REFUSALS_PER_MINUTE = 10;
/** Openings per address. A connection whose opening was logged has a line for its end too, whatever the limits below. */
const OPENINGS_PER_MINUTE = 60;
/** Ends per address of connections whose opening was not logged: admitted ones, and refused ones. */
const ENDS_PER_MINUTE = 300;
const TURNED_AWAY_PER_MINUTE = 20;

/**
 * Log level of a refusal. `info`: an expected answer, to a user without access, who came too late or is gone. `warn`: a
 * client that breaks the protocol, or a limit or store that keeps users out. `error`: a bug.
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
  /** Open connections whose opening was logged. */
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
