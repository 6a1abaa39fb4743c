/**
 * The one table of failures: what a relay closes a connection with, what a message is refused with, what a notice
 * says, and what a client does next. Documentation and dashboards are generated from it.
 *
 * - `code`: the number on the wire. 4400-4499 permanent, 4500-4599 transient, 4600-4699 raised on this device and
 *   never sent. A number is never given to another failure, not even after its failure is gone (see `retiredCodes`).
 * - `close`: the WebSocket close code. It equals `code` except where RFC 6455 or an existing client expects a
 *   registered one. y-websocket 3.1 never reconnects after 4400-4499, so nothing that passes by itself is there.
 * - `retry`: `never` (trying again gives the same answer), `reauth` (fetch a new token, then try once), `backoff`.
 * - `sentence`: for people; also the close reason, so at most 123 bytes.
 * - `metric`: label value for counters.
 */

export type Retry = 'never' | 'backoff' | 'reauth';

export interface ErrorRow {
  readonly code: number;
  readonly close: number;
  readonly retry: Retry;
  readonly sentence: string;
  readonly metric: string;
}

const table = {
  // Permanent: the same request would fail again.
  MALFORMED: {
    code: 4400,
    close: 4400,
    retry: 'never',
    sentence: 'The connection sent something that could not be read.',
    metric: 'malformed',
  },
  UNAUTHENTICATED: { code: 4401, close: 4401, retry: 'reauth', sentence: 'Please sign in to open this board.', metric: 'unauthenticated' },
  FORBIDDEN: { code: 4403, close: 4403, retry: 'never', sentence: 'You do not have access to this board.', metric: 'forbidden' },
  ROOM_NOT_FOUND: { code: 4404, close: 4404, retry: 'never', sentence: 'This board does not exist.', metric: 'room_not_found' },
  READ_ONLY: { code: 4405, close: 4405, retry: 'never', sentence: 'You can look at this board but not change it.', metric: 'read_only' },
  FOREIGN_CLIENT: {
    code: 4409,
    close: 4409,
    retry: 'never',
    sentence: "The change was made in another person's name.",
    metric: 'foreign_client',
  },
  ROOM_ERASED: { code: 4410, close: 4410, retry: 'never', sentence: 'This board was deleted.', metric: 'room_erased' },
  TOO_LARGE: { code: 4413, close: 4413, retry: 'never', sentence: 'The change is too large to send.', metric: 'too_large' },
  ROOM_NAME: { code: 4414, close: 4414, retry: 'never', sentence: 'The name of this board cannot be used.', metric: 'room_name' },
  TEXT_FRAME: { code: 4415, close: 1003, retry: 'never', sentence: 'Only binary messages are understood here.', metric: 'text_frame' },
  BAD_UPDATE: { code: 4422, close: 4422, retry: 'never', sentence: 'A change was damaged and could not be applied.', metric: 'bad_update' },
  DOCUMENT_TOO_LARGE: { code: 4423, close: 4423, retry: 'never', sentence: 'This board is full.', metric: 'document_too_large' },
  VERSION: {
    code: 4426,
    close: 4426,
    retry: 'never',
    sentence: 'This version of the app is too old or too new. Please reload.',
    metric: 'version',
  },
  REFUSED: { code: 4499, close: 4499, retry: 'never', sentence: 'The server refused this.', metric: 'refused' },

  // Transient: waiting helps.
  INTERNAL: { code: 4500, close: 1011, retry: 'backoff', sentence: 'The server had a problem. Trying again.', metric: 'internal' },
  LOAD_FAILED: {
    code: 4502,
    close: 4502,
    retry: 'backoff',
    sentence: 'The board could not be loaded right now. Trying again.',
    metric: 'load_failed',
  },
  OVERLOADED: { code: 4503, close: 4503, retry: 'backoff', sentence: 'The server is busy. Trying again.', metric: 'overloaded' },
  TIMEOUT: { code: 4504, close: 4504, retry: 'backoff', sentence: 'The connection went silent. Trying again.', metric: 'timeout' },
  STORAGE_UNAVAILABLE: {
    code: 4507,
    close: 4507,
    retry: 'backoff',
    sentence: 'The server cannot save right now. Your changes are kept.',
    metric: 'storage_unavailable',
  },
  SLOW_READER: {
    code: 4508,
    close: 1013,
    retry: 'backoff',
    sentence: 'The connection is too slow to keep up. Trying again.',
    metric: 'slow_reader',
  },
  ROOM_FULL: {
    code: 4510,
    close: 4510,
    retry: 'backoff',
    sentence: 'Too many people are on this board. Trying again.',
    metric: 'room_full',
  },
  INCOMPLETE: {
    code: 4511,
    close: 4511,
    retry: 'backoff',
    sentence: 'Earlier changes are missing. Sending everything again.',
    metric: 'incomplete',
  },
  DRAINING: { code: 4512, close: 4512, retry: 'backoff', sentence: 'The server is about to restart. Reconnecting.', metric: 'draining' },
  SHUTDOWN: { code: 4513, close: 1012, retry: 'backoff', sentence: 'The server is restarting. Reconnecting.', metric: 'shutdown' },
  AUTH_TIMEOUT: { code: 4514, close: 4514, retry: 'backoff', sentence: 'Signing in took too long. Trying again.', metric: 'auth_timeout' },
  RATE_LIMITED: { code: 4529, close: 4529, retry: 'backoff', sentence: 'Too much at once. Slowing down.', metric: 'rate_limited' },
  UNAVAILABLE: {
    code: 4599,
    close: 4599,
    retry: 'backoff',
    sentence: 'The server is not available right now. Trying again.',
    metric: 'unavailable',
  },

  // Raised on this device; `close` is what we close our own side with.
  CANCELLED: { code: 4600, close: 1000, retry: 'never', sentence: 'Closed.', metric: 'cancelled' },
  CONNECTION_LOST: {
    code: 4601,
    close: 4601,
    retry: 'backoff',
    sentence: 'The connection was lost. Trying again.',
    metric: 'connection_lost',
  },
  DEVICE_STORAGE: { code: 4602, close: 4602, retry: 'never', sentence: 'This device cannot keep a copy.', metric: 'device_storage' },
  TOKEN_FAILED: { code: 4603, close: 4603, retry: 'backoff', sentence: 'Signing in failed. Trying again.', metric: 'token_failed' },
} as const satisfies Record<string, ErrorRow>;

export type ErrorName = keyof typeof table;

export const errors: Readonly<Record<ErrorName, ErrorRow>> = table;

const FIRST_WIRE_CODE = 4400;

/** Codes above are raised on a device and never sent. */
export const LAST_WIRE_CODE = 4599;

/** Numbers of failures that no longer exist. They stay here so that no new failure takes one. */
export const retiredCodes: readonly number[] = [];

const nameByCode = new Map<number, ErrorName>();
const nameByClose = new Map<number, ErrorName>();
for (const name of Object.keys(table) as ErrorName[]) {
  if (table[name].code > LAST_WIRE_CODE) continue;
  nameByCode.set(table[name].code, name);
  nameByClose.set(table[name].close, name);
}

/**
 * The failure a wire number stands for. A number of a newer table keeps its class: permanent ones become `REFUSED`,
 * everything else `UNAVAILABLE`.
 */
export function errorOfCode(code: number): ErrorName {
  return nameByCode.get(code) ?? (isPermanent(code) ? 'REFUSED' : 'UNAVAILABLE');
}

/**
 * The failure behind a WebSocket close code, ours or a stock server's. A code that says nothing about the reason
 * (1000, 1005, 1006 and the like) is `CONNECTION_LOST`.
 */
export function errorOfClose(closeCode: number): ErrorName {
  const known = nameByClose.get(closeCode);
  if (known !== undefined) return known;
  if (closeCode === 1009) return 'TOO_LARGE';
  return closeCode >= FIRST_WIRE_CODE && closeCode <= LAST_WIRE_CODE ? errorOfCode(closeCode) : 'CONNECTION_LOST';
}

function isPermanent(code: number): boolean {
  return code >= FIRST_WIRE_CODE && code < 4500;
}
