/** Words about a failure for a person, by its code, refined by the server's reason and the person's role. Pure. */
import * as m from '$words/failure-words';
import type { Role } from '@wetink/sync/failures';
import type { Cause } from '@wetink/sync';

export interface FailureWords {
  /** Why. */
  sentence: string;
  /** Advice. */
  advice: string;
}

interface Told {
  readonly sentence: () => string;
  readonly advice: (() => string) | Readonly<Record<Role, () => string>>;
}

/** @param role Null: the server has not said yet, and the words are those for an editor. */
export function failureWords({ code, reason }: Cause, role: Role | null): FailureWords {
  const { sentence, advice } = (Object.hasOwn(reasons, reason) ? reasons[reason] : undefined) ?? failures[code];
  return { sentence: sentence(), advice: (typeof advice === 'function' ? advice : advice[role ?? 'editor'])() };
}

const failures: Readonly<Record<Cause['code'], Told>> = {
  MALFORMED: { sentence: m.malformed, advice: m.reload },
  UNAUTHENTICATED: { sentence: m.unauthenticated, advice: m.signIn },
  FORBIDDEN: { sentence: m.forbidden, advice: { viewer: m.forbiddenViewer, editor: m.forbiddenViewer, owner: m.forbiddenOwner } },
  ROOM_NOT_FOUND: { sentence: m.roomNotFound, advice: m.roomNotFoundAdvice },
  READ_ONLY: { sentence: m.readOnly, advice: { viewer: m.readOnlyViewer, editor: m.readOnlyEditor, owner: m.readOnlyEditor } },
  FOREIGN_CLIENT: { sentence: m.foreignClient, advice: m.foreignClientAdvice },
  ROOM_ERASED: { sentence: m.roomErased, advice: m.roomErasedAdvice },
  TOO_LARGE: { sentence: m.tooLarge, advice: m.tooLargeAdvice },
  ROOM_NAME: { sentence: m.roomName, advice: m.roomNameAdvice },
  TEXT_FRAME: { sentence: m.textFrame, advice: m.reload },
  BAD_UPDATE: { sentence: m.badUpdate, advice: m.badUpdateAdvice },
  DOCUMENT_TOO_LARGE: { sentence: m.documentTooLarge, advice: m.documentTooLargeAdvice },
  VERSION: { sentence: m.version, advice: m.reload },
  REFUSED: { sentence: m.refused, advice: m.askOperator },
  CANCELLED: { sentence: m.cancelled, advice: m.reload },
  DEVICE_STORAGE: { sentence: m.deviceStorage, advice: m.deviceStorageAdvice },
  INTERNAL: { sentence: m.internal, advice: m.ifItGoesOn },
  LOAD_FAILED: { sentence: m.loadFailed, advice: m.ifItGoesOn },
  OVERLOADED: { sentence: m.overloaded, advice: m.byItself },
  TIMEOUT: { sentence: m.timeout, advice: m.byItself },
  STORAGE_UNAVAILABLE: { sentence: m.storageUnavailable, advice: m.ifItGoesOn },
  SLOW_READER: { sentence: m.slowReader, advice: m.byItself },
  ROOM_FULL: { sentence: m.roomFull, advice: m.roomFullAdvice },
  INCOMPLETE: { sentence: m.incomplete, advice: m.incompleteAdvice },
  DRAINING: { sentence: m.draining, advice: m.byItself },
  SHUTDOWN: { sentence: m.shutdown, advice: m.byItself },
  AUTH_TIMEOUT: { sentence: m.authTimeout, advice: m.byItself },
  RATE_LIMITED: { sentence: m.rateLimited, advice: m.rateLimitedAdvice },
  UNAVAILABLE: { sentence: m.unavailable, advice: m.ifItGoesOn },
  CONNECTION_LOST: { sentence: m.connectionLost, advice: m.connectionLostAdvice },
  TOKEN_FAILED: { sentence: m.tokenFailed, advice: m.ifItGoesOn },
};

const reasons: Readonly<Record<string, Told>> = {
  suspended: { sentence: m.suspended, advice: m.askOperator },
  other_user: { sentence: m.otherUser, advice: m.reload },
  disconnected: { sentence: m.disconnected, advice: m.signIn },
  token_expired: { sentence: m.tokenExpired, advice: m.signIn },
  user_connections: { sentence: m.userConnections, advice: m.userConnectionsAdvice },
  user_rooms: { sentence: m.userRooms, advice: m.userConnectionsAdvice },
  user_boards: { sentence: m.userBoards, advice: m.userBoardsAdvice },
  address_boards: { sentence: m.addressBoards, advice: m.userBoardsAdvice },
  api_misses: { sentence: m.apiMisses, advice: m.rateLimitedAdvice },
};
