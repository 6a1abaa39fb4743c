/**
 * What an embedder answers when somebody wants to enter, and when the relay asks again later. The relay decides nothing
 * about people itself: it asks, does as it is told, and asks anew when the answer may have changed.
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

/** No: `reason` is for whoever writes a client, such as 'token_expired'; it comes before the sentence of the close reason. */
export interface Refusal {
  ok: false;
  code: ErrorName;
  reason?: string;
}

/** Shown to others instead of what the client says of itself. */
export interface VerifiedUser {
  name?: string;
  picture?: string;
}

export interface Admission {
  ok: true;
  role: Role;
  /** '' for who has no id; those are different people to each other. */
  userId: string;
  /** How, for the log, such as 'token'; without it 'guest' or 'token', by whether there was one. */
  method?: string;
  /**
   * ms since 1970. Then the connection ends (UNAUTHENTICATED, `token_expired`) unless it has brought a fresh token; an
   * extension client is told a minute before.
   */
  expiresAtMs?: number;
  /** In presence, `user` is what the client says with this id, name and picture in it. Without it the id alone is put right. */
  user?: VerifiedUser;
  /**
   * Whether it still holds, and as what. Asked every 10 s, and at once when `relay.recheck` says so. One that throws, or
   * does not answer, keeps the last answer for 15 s.
   */
  recheck?(): Promise<RecheckAnswer>;
}

export type AuthorizeAnswer = Admission | Refusal;

export type RecheckAnswer = { ok: true; role: Role } | Refusal;

/** Whom a change of rights concerns. */
export type Concerned = { room: string } | { userId: string };
