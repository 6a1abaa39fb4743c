/**
 * Limits that a client can reach from outside, as data: the code it gets, where that is counted, and which variable of
 * the standalone service sets it. SECURITY.md's table and that service's settings are made from these rows.
 */

import type { ErrorName } from '@wetink/protocol';
import { defaultLimits, type RelayLimits } from './limits.ts';
import type { PacedLimit } from '../ports/paced-limit.ts';

export interface LimitRow {
  key: keyof RelayLimits;
  unit:
    | 'bytes'
    | 'ms'
    | 'connections'
    | 'connects a minute'
    | 'calls a minute'
    | 'reads a minute'
    | 'misses a minute'
    | 'boards a day'
    | 'posts a minute'
    | 'webhooks'
    | 'pixels'
    | 'uploads'
    | 'rooms'
    | 'messages'
    | 'messages in 10 s'
    | 'messages a second'
    | 'bytes a minute'
    | 'ms a minute'
    | 'ids'
    | 'names'
    | 'documents';
  /** The thing that the limit counts or measures. */
  what: string;
  /** The consequence above the limit. */
  beyond: string;
  variable: `WETINK_LIMIT_${string}`;
  /** Range that may be set, inclusive. */
  min: number;
  max: number;
  /** Error code sent to a client that exceeds it. */
  code: ErrorName;
  /** Its label where waiting is counted; null: counted by its code. */
  metric: PacedLimit | null;
}

const MAX_COUNT = 1_000_000;
const MAX_BYTES = 999_999_999;
/** Bytes on disk, not in memory. */
const MAX_STORED_BYTES = 999_999_999_999;
/** As much as a store takes in one upload (`storageLimits.maxUploadBytes`). */
const MAX_FILE_BYTES = 64 * 1_024 ** 3;

export const limitRows: readonly LimitRow[] = [
  {
    key: 'maxConnections',
    unit: 'connections',
    what: 'open sockets of a relay',
    beyond: 'closed',
    variable: 'WETINK_LIMIT_CONNECTIONS',
    min: 1,
    max: MAX_COUNT,
    code: 'OVERLOADED',
    metric: null,
  },
  {
    key: 'maxConnectionsPerAddress',
    unit: 'connections',
    what: 'open sockets of one address (IPv6: one /64) on a relay; loopback and trusted proxies are not counted',
    beyond: '429 with Retry-After',
    variable: 'WETINK_LIMIT_ADDRESS_CONNECTIONS',
    min: 1,
    max: MAX_COUNT,
    code: 'RATE_LIMITED',
    metric: 'address_connections',
  },
  {
    key: 'maxConnectsPerAddress',
    unit: 'connects a minute',
    what: 'upgrades from one address, counted in the same way',
    beyond: '429 with Retry-After',
    variable: 'WETINK_LIMIT_ADDRESS_CONNECTS',
    min: 1,
    max: MAX_COUNT,
    code: 'RATE_LIMITED',
    metric: 'address_connects',
  },
  {
    key: 'maxApiCallsPerAddress',
    unit: 'calls a minute',
    what: 'calls of the HTTP API from one address, counted in the same way',
    beyond: '429 with Retry-After',
    variable: 'WETINK_LIMIT_API_CALLS',
    min: 1,
    max: MAX_COUNT,
    code: 'RATE_LIMITED',
    metric: 'api_calls',
  },
  {
    key: 'maxBlobReadsPerAddress',
    unit: 'reads a minute',
    what: 'pictures and files, or ranges of them, that one address gets, counted in the same way; they are no calls of the API',
    beyond: '429 with Retry-After',
    variable: 'WETINK_LIMIT_BLOB_READS',
    min: 1,
    max: MAX_COUNT,
    code: 'RATE_LIMITED',
    metric: 'blob_reads',
  },
  {
    key: 'maxApiMisses',
    unit: 'misses a minute',
    what: 'refused tokens and boards that do not exist or that the caller may not see, from one address and of one user',
    beyond: '429 with Retry-After, even for valid tokens',
    variable: 'WETINK_LIMIT_API_MISSES',
    min: 1,
    max: MAX_COUNT,
    code: 'RATE_LIMITED',
    metric: 'api_misses',
  },
  {
    key: 'maxBoardsPerUser',
    unit: 'boards a day',
    what: 'boards that one user makes',
    beyond: '429 with Retry-After',
    variable: 'WETINK_LIMIT_USER_BOARDS',
    min: 1,
    max: MAX_COUNT,
    code: 'RATE_LIMITED',
    metric: 'user_boards',
  },
  {
    key: 'maxBoardsPerAddress',
    unit: 'boards a day',
    what: 'boards made from one address, counted in the same way',
    beyond: '429 with Retry-After',
    variable: 'WETINK_LIMIT_ADDRESS_BOARDS',
    min: 1,
    max: MAX_COUNT,
    code: 'RATE_LIMITED',
    metric: 'address_boards',
  },
  {
    key: 'maxPostsPerUser',
    unit: 'posts a minute',
    what: 'messages that one user posts by HTTP, and calls with elements, each by itself',
    beyond: '429 with Retry-After',
    variable: 'WETINK_LIMIT_USER_POSTS',
    min: 1,
    max: MAX_COUNT,
    code: 'RATE_LIMITED',
    metric: 'user_posts',
  },
  {
    key: 'maxWebhooks',
    unit: 'webhooks',
    what: 'webhooks of a board',
    beyond: '409',
    variable: 'WETINK_LIMIT_BOARD_WEBHOOKS',
    min: 1,
    max: 20,
    code: 'OVERLOADED',
    metric: null,
  },
  {
    key: 'maxBlobBytes',
    unit: 'bytes',
    what: 'a picture, as a file',
    beyond: '413',
    variable: 'WETINK_LIMIT_BLOB_BYTES',
    min: 1_024,
    max: 64 * 1_024 * 1_024,
    code: 'TOO_LARGE',
    metric: null,
  },
  {
    key: 'maxBlobPixels',
    unit: 'pixels',
    what: 'a picture: width times height of its largest frame',
    beyond: '413',
    variable: 'WETINK_LIMIT_BLOB_PIXELS',
    min: 1,
    max: MAX_BYTES,
    code: 'TOO_LARGE',
    metric: null,
  },
  {
    key: 'maxBoardBlobBytes',
    unit: 'bytes',
    what: 'all pictures and files of a board',
    beyond: '413',
    variable: 'WETINK_LIMIT_BOARD_BLOB_BYTES',
    min: 1_024,
    max: MAX_STORED_BYTES,
    code: 'TOO_LARGE',
    metric: null,
  },
  {
    key: 'maxUserBlobBytes',
    unit: 'bytes',
    what: 'all pictures and files that one user put on boards',
    beyond: '413',
    variable: 'WETINK_LIMIT_USER_BLOB_BYTES',
    min: 1_024,
    max: MAX_STORED_BYTES,
    code: 'TOO_LARGE',
    metric: null,
  },
  {
    key: 'maxFileBytes',
    unit: 'bytes',
    what: 'a file that is not a picture',
    beyond: '413',
    variable: 'WETINK_LIMIT_FILE_BYTES',
    min: 1_024,
    max: MAX_FILE_BYTES,
    code: 'TOO_LARGE',
    metric: null,
  },
  {
    key: 'maxUploads',
    unit: 'uploads',
    what: 'pictures, and parts of files, that a relay receives at once',
    beyond: '503 with Retry-After',
    variable: 'WETINK_LIMIT_UPLOADS',
    min: 1,
    max: MAX_COUNT,
    code: 'OVERLOADED',
    metric: null,
  },
  {
    key: 'maxConnectionsPerUser',
    unit: 'connections',
    what: 'open connections of one user id on a relay',
    beyond: 'closed, with the time to wait',
    variable: 'WETINK_LIMIT_USER_CONNECTIONS',
    min: 1,
    max: MAX_COUNT,
    code: 'RATE_LIMITED',
    metric: 'user_connections',
  },
  {
    key: 'maxRoomsPerUser',
    unit: 'rooms',
    what: 'different rooms that one user id has open on a relay',
    beyond: 'closed, with the time to wait',
    variable: 'WETINK_LIMIT_USER_ROOMS',
    min: 1,
    max: MAX_COUNT,
    code: 'RATE_LIMITED',
    metric: 'user_rooms',
  },
  {
    key: 'maxRoomConnections',
    unit: 'connections',
    what: 'open connections of one room on a relay',
    beyond: 'closed',
    variable: 'WETINK_LIMIT_ROOM_CONNECTIONS',
    min: 1,
    max: MAX_COUNT,
    code: 'ROOM_FULL',
    metric: null,
  },
  {
    key: 'authTimeoutMs',
    unit: 'ms',
    what: 'time from opening a socket to authentication; traffic does not extend it',
    beyond: 'closed',
    variable: 'WETINK_LIMIT_AUTH_MS',
    min: 100,
    max: 600_000,
    code: 'AUTH_TIMEOUT',
    metric: null,
  },
  {
    key: 'maxEarlyMessages',
    unit: 'messages',
    what: 'messages kept from a connection before it has authenticated',
    beyond: 'closed; a stock client is not read until it has authenticated',
    variable: 'WETINK_LIMIT_EARLY_MESSAGES',
    min: 1,
    max: MAX_COUNT,
    code: 'UNAUTHENTICATED',
    metric: null,
  },
  {
    key: 'maxEarlyBytes',
    unit: 'bytes',
    what: 'bytes kept from a connection before it has authenticated',
    beyond: 'closed; a stock client is not read until it has authenticated',
    variable: 'WETINK_LIMIT_EARLY_BYTES',
    min: 1_024,
    max: MAX_BYTES,
    code: 'UNAUTHENTICATED',
    metric: null,
  },
  {
    key: 'maxFrameBytes',
    unit: 'bytes',
    what: 'one WebSocket message',
    beyond: 'closed after its header',
    variable: 'WETINK_LIMIT_FRAME_BYTES',
    min: 512 * 1_024,
    max: MAX_BYTES,
    code: 'TOO_LARGE',
    metric: null,
  },
  {
    key: 'maxMessages',
    unit: 'messages in 10 s',
    what: 'messages of one connection',
    beyond: 'not read until it is within the limit; a notice says for how long',
    variable: 'WETINK_LIMIT_MESSAGES',
    min: 1,
    max: MAX_BYTES,
    code: 'RATE_LIMITED',
    metric: 'messages',
  },
  {
    key: 'maxReceivedBytes',
    unit: 'bytes a minute',
    what: 'bytes from one connection',
    beyond: 'not read until it is within the limit; a notice says for how long',
    variable: 'WETINK_LIMIT_RECEIVED_BYTES',
    min: 1_024,
    max: MAX_BYTES,
    code: 'RATE_LIMITED',
    metric: 'bytes',
  },
  {
    key: 'maxAnsweredBytes',
    unit: 'bytes a minute',
    what: 'documents sent to one connection on request',
    beyond: 'not read until it is within the limit; a notice says for how long',
    variable: 'WETINK_LIMIT_ANSWERED_BYTES',
    min: 1_024,
    max: MAX_BYTES,
    code: 'RATE_LIMITED',
    metric: 'answers',
  },
  {
    key: 'maxWorkMs',
    unit: 'ms a minute',
    what: 'time on the event loop for the frames of one connection',
    beyond: 'not read until it is within the limit; a notice says for how long',
    variable: 'WETINK_LIMIT_WORK_MS',
    min: 1,
    max: 60_000,
    code: 'RATE_LIMITED',
    metric: 'work',
  },
  {
    key: 'maxWorkMsPerUser',
    unit: 'ms a minute',
    what: 'time on the event loop for the frames of all connections of one user id on a relay',
    beyond: 'none of them is read until they are within the limit; a notice says for how long',
    variable: 'WETINK_LIMIT_USER_WORK_MS',
    min: 1,
    max: 60_000,
    code: 'RATE_LIMITED',
    metric: 'user_work',
  },
  {
    key: 'maxWorkMsPerAddress',
    unit: 'ms a minute',
    what: 'time on the event loop for the frames of all connections of one address (IPv6: one /64); loopback and trusted proxies are not counted',
    beyond: 'as for a user, but a connection that used less than half of an even share is read until the address is half above its limit',
    variable: 'WETINK_LIMIT_ADDRESS_WORK_MS',
    min: 1,
    max: 60_000,
    code: 'RATE_LIMITED',
    metric: 'address_work',
  },
  {
    key: 'maxStates',
    unit: 'messages a second',
    what: 'presence messages of one connection; this many may also come at once',
    beyond: 'the newest state of each client id waits for its turn; nothing else waits',
    variable: 'WETINK_LIMIT_STATES',
    min: 1,
    max: MAX_COUNT,
    code: 'RATE_LIMITED',
    metric: 'states',
  },
  {
    key: 'maxAwarenessStateBytes',
    unit: 'bytes',
    what: 'presence state of one client: name, cursor, selection',
    beyond: 'closed',
    variable: 'WETINK_LIMIT_AWARENESS_BYTES',
    min: 256,
    max: 16 * 1_024,
    code: 'TOO_LARGE',
    metric: null,
  },
  {
    key: 'maxDocumentBytes',
    unit: 'bytes',
    what: 'a document, encoded',
    beyond: 'the update is refused',
    variable: 'WETINK_LIMIT_DOCUMENT_BYTES',
    min: 1_024,
    max: MAX_BYTES,
    code: 'DOCUMENT_TOO_LARGE',
    metric: null,
  },
  {
    key: 'maxClientIds',
    unit: 'ids',
    what: 'client ids that have written to one document; each visit adds one',
    beyond: 'the update is refused',
    variable: 'WETINK_LIMIT_CLIENT_IDS',
    min: 1,
    max: MAX_COUNT,
    code: 'DOCUMENT_TOO_LARGE',
    metric: null,
  },
  {
    key: 'maxRootTypes',
    unit: 'names',
    what: 'names of top-level types in one document',
    beyond: 'the update is refused',
    variable: 'WETINK_LIMIT_ROOT_TYPES',
    min: 1,
    max: MAX_COUNT,
    code: 'DOCUMENT_TOO_LARGE',
    metric: null,
  },
  {
    key: 'maxSubdocuments',
    unit: 'documents',
    what: 'documents within one document',
    beyond: 'the update is refused',
    variable: 'WETINK_LIMIT_SUBDOCUMENTS',
    min: 1,
    max: MAX_COUNT,
    code: 'DOCUMENT_TOO_LARGE',
    metric: null,
  },
];

/** The table in SECURITY.md, as Markdown. */
export function describeLimits(): string {
  const rows = limitRows.map(({ key, unit, what, beyond, variable, code, metric }) => {
    const counted = metric === null ? `\`wetink_refused_total{code="${code}"}\`` : `\`wetink_limit_hits_total{limit="${metric}"}\``;
    return `| ${what} | ${defaultLimits[key].toLocaleString('en')} ${unit} | \`${variable}\` | ${beyond} | ${code} | ${counted} |`;
  });
  return ['| what | default | variable | beyond it | code | counted as |', '| --- | --- | --- | --- | --- | --- |', ...rows].join('\n');
}
