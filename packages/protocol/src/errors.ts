/**
 * The one table of failures: what a relay closes a connection with, what a message is refused with, what a notice
 * says, and what a client does next. Documentation and dashboards are generated from it.
 */

import { failureOf, type ErrorName, type Failure, type LastingError, type PassingError } from './error-codes.ts';

export interface ErrorRow extends Failure {
  /** For people; also the close reason, so at most 123 bytes. */
  readonly sentence: string;
  /** Label value for counters. */
  readonly metric: string;
}

/** For people whose link has ended. */
export const lastingSentences: Readonly<Record<LastingError, string>> = {
  MALFORMED: 'The connection sent something that could not be read.',
  UNAUTHENTICATED: 'Please sign in to open this board.',
  FORBIDDEN: 'You do not have access to this board.',
  ROOM_NOT_FOUND: 'This board does not exist.',
  READ_ONLY: 'You can look at this board but not change it.',
  FOREIGN_CLIENT: "The change was made in another person's name.",
  ROOM_ERASED: 'This board was deleted.',
  TOO_LARGE: 'The change is too large to send.',
  ROOM_NAME: 'The name of this board cannot be used.',
  TEXT_FRAME: 'Only binary messages are understood here.',
  BAD_UPDATE: 'A change was damaged and could not be applied.',
  DOCUMENT_TOO_LARGE: 'This board is full.',
  VERSION: 'This version of the app is too old or too new. Please reload.',
  REFUSED: 'The server refused this.',
  CANCELLED: 'Closed.',
  DEVICE_STORAGE: 'This device cannot keep a copy.',
};

/** For people whose client tries again by itself. */
const passingSentences: Readonly<Record<PassingError, string>> = {
  INTERNAL: 'The server had a problem. Trying again.',
  LOAD_FAILED: 'The board could not be loaded right now. Trying again.',
  OVERLOADED: 'The server is busy. Trying again.',
  TIMEOUT: 'The connection went silent. Trying again.',
  STORAGE_UNAVAILABLE: 'The server cannot save right now. Your changes are kept.',
  SLOW_READER: 'The connection is too slow to keep up. Trying again.',
  ROOM_FULL: 'Too many people are on this board. Trying again.',
  INCOMPLETE: 'Earlier changes are missing. Sending everything again.',
  DRAINING: 'The server is about to restart. Reconnecting.',
  SHUTDOWN: 'The server is restarting. Reconnecting.',
  AUTH_TIMEOUT: 'Signing in took too long. Trying again.',
  RATE_LIMITED: 'Too much at once. Slowing down.',
  UNAVAILABLE: 'The server is not available right now. Trying again.',
  CONNECTION_LOST: 'The connection was lost. Trying again.',
  TOKEN_FAILED: 'Signing in failed. Trying again.',
};

export const errors: Readonly<Record<ErrorName, ErrorRow>> = /*#__PURE__*/ withSentences(lastingSentences, passingSentences);

function withSentences(...groups: Readonly<Record<string, string>>[]): Record<ErrorName, ErrorRow> {
  const rows: Partial<Record<ErrorName, ErrorRow>> = {};
  for (const group of groups) {
    for (const [name, sentence] of Object.entries(group) as [ErrorName, string][]) {
      rows[name] = { ...failureOf(name), sentence, metric: name.toLowerCase() };
    }
  }
  return rows as Record<ErrorName, ErrorRow>;
}
