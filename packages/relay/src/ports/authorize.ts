/**
 * An embedder's answer when a client wants to enter, and when the relay asks again later. The relay decides nothing
 * about users itself: it asks, applies the answer, and asks again when the answer may have changed.
 */

import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorName, Role } from '@wetink/protocol';

export interface AuthorizeRequest {
  room: string;
  /** '' for a guest. A base client's is the query parameter `token`. */
  token: string;
  isExtension: boolean;
  url: URL;
  headers: IncomingHttpHeaders;
}

/** Refuses. `reason` is for developers of clients, such as 'token_expired'; it comes first in the close reason. */
export interface Refusal {
  ok: false;
  code: ErrorName;
  reason?: string;
}

/** Shown to others instead of what the client sends about itself. */
export interface VerifiedUser {
  name?: string;
  picture?: string;
}

export interface Admission {
  ok: true;
  role: Role;
  /** '' for a user without an id; such users count as different people. */
  userId: string;
  /** How the user was authenticated, for the log. Default: 'token' if there was a token, else 'guest'. */
  method?: string;
  /**
   * ms since 1970. The connection ends then (UNAUTHENTICATED, `token_expired`) unless it has sent a fresh token; an
   * extension client gets a notice a minute before.
   */
  expiresAtMs?: number;
  /** User that presence shows: id, name and picture replace what the client sends. Without it only the id is replaced. */
  user?: VerifiedUser;
  /**
   * Whether the answer still holds, and in which role. Asked every 10 s, and at once after `relay.recheck`. If it
   * throws or does not answer, the last answer is kept for 15 s.
   */
  recheck?(): Promise<RecheckAnswer>;
}

export type AuthorizeAnswer = Admission | Refusal;

export type RecheckAnswer = { ok: true; role: Role } | Refusal;

/** Names the room or the user whose access may have changed. */
export type AccessChange = { room: string } | { userId: string };
