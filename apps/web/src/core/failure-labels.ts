/** Each failure of the wire in a few words, for the status chip. The sentences are in failure-words.ts. Pure. */
import * as m from '$words/failure-labels';
import type { Cause } from '@wetink/sync';

const labels: Readonly<Record<Cause['code'], () => string>> = {
  MALFORMED: m.malformed,
  UNAUTHENTICATED: m.unauthenticated,
  FORBIDDEN: m.forbidden,
  ROOM_NOT_FOUND: m.roomNotFound,
  READ_ONLY: m.readOnly,
  FOREIGN_CLIENT: m.foreignClient,
  ROOM_ERASED: m.roomErased,
  TOO_LARGE: m.tooLarge,
  ROOM_NAME: m.roomName,
  TEXT_FRAME: m.textFrame,
  BAD_UPDATE: m.badUpdate,
  DOCUMENT_TOO_LARGE: m.documentTooLarge,
  VERSION: m.version,
  REFUSED: m.refused,
  CANCELLED: m.cancelled,
  DEVICE_STORAGE: m.deviceStorage,
  INTERNAL: m.internal,
  LOAD_FAILED: m.loadFailed,
  OVERLOADED: m.overloaded,
  TIMEOUT: m.timeout,
  STORAGE_UNAVAILABLE: m.storageUnavailable,
  SLOW_READER: m.slowReader,
  ROOM_FULL: m.roomFull,
  INCOMPLETE: m.incomplete,
  DRAINING: m.draining,
  SHUTDOWN: m.shutdown,
  AUTH_TIMEOUT: m.authTimeout,
  RATE_LIMITED: m.rateLimited,
  UNAVAILABLE: m.unavailable,
  CONNECTION_LOST: m.connectionLost,
  TOKEN_FAILED: m.tokenFailed,
};

const reasonLabels: Readonly<Record<string, () => string>> = {
  suspended: m.suspended,
  other_user: m.otherUser,
  disconnected: m.disconnected,
  token_expired: m.tokenExpired,
  user_connections: m.userConnections,
  user_rooms: m.userRooms,
  user_boards: m.userBoards,
  address_boards: m.addressBoards,
  api_misses: m.apiMisses,
};

/** A reason of the server, where it says more than the code. */
export function failureLabel({ code, reason }: Cause): string {
  return ((Object.hasOwn(reasonLabels, reason) ? reasonLabels[reason] : undefined) ?? labels[code])();
}
