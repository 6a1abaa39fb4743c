/**
 * Each failure in a few words: at most 24 characters, no full stop. Apart from the sentences of errors.ts, since a status
 * chip shows these before anybody asks why.
 */

import type { ErrorName } from './error-codes.ts';

export const labels: Readonly<Record<ErrorName, string>> = {
  MALFORMED: 'Cannot sync',
  UNAUTHENTICATED: 'Not signed in',
  FORBIDDEN: 'No access',
  ROOM_NOT_FOUND: 'No such board',
  READ_ONLY: 'View only',
  FOREIGN_CLIENT: 'Not taken',
  ROOM_ERASED: 'Deleted',
  TOO_LARGE: 'Too large',
  ROOM_NAME: 'Bad address',
  TEXT_FRAME: 'Cannot sync',
  BAD_UPDATE: 'Damaged change',
  DOCUMENT_TOO_LARGE: 'Board is full',
  VERSION: 'Reload needed',
  REFUSED: 'Refused',
  CANCELLED: 'Closed',
  DEVICE_STORAGE: 'Not kept here',
  INTERNAL: 'Server problem',
  LOAD_FAILED: 'Cannot load board',
  OVERLOADED: 'Server busy',
  TIMEOUT: 'Connection silent',
  STORAGE_UNAVAILABLE: 'Server cannot save',
  SLOW_READER: 'Slow connection',
  ROOM_FULL: 'Too many people',
  INCOMPLETE: 'Sending again',
  DRAINING: 'Server restarting',
  SHUTDOWN: 'Server restarting',
  AUTH_TIMEOUT: 'Sign-in slow',
  RATE_LIMITED: 'Slowed down',
  UNAVAILABLE: 'Server unavailable',
  CONNECTION_LOST: 'Offline',
  TOKEN_FAILED: 'Sign-in failed',
};

/**
 * Words of a relay beside a code, each the first word of a close reason (`suspended: You do …`), where they tell
 * people more than the code does. A reason that is not here says no more than its code.
 */
export const reasonLabels = {
  suspended: 'Suspended',
  other_user: 'Somebody else',
  disconnected: 'Signed out',
  token_expired: 'Session over',
  user_connections: 'Too many tabs',
  user_rooms: 'Too many boards open',
  user_boards: 'Too many new boards',
  address_boards: 'Too many new boards',
  api_misses: 'Too many tries',
} as const;

/** A word that says more than its code. */
export type Reason = keyof typeof reasonLabels;
