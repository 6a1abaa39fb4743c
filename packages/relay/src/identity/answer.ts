/** Result of every check of an identity: the user, or one of a few reasons for refusing. */

/** Ids of bots begin with it: they are marked as programs wherever they are shown. */
export const botIdPrefix = 'bot:';

export interface User {
  /** 1 to 128 characters. Guests: `guest:` and 22 base64url characters. Bots: `bot:` and 11. */
  id: string;
  /** Name to show, at most 64 characters; nothing in it can change how text around it is shown. */
  name?: string;
  /** An https URL of at most 1,024 characters. */
  picture?: string;
  /** Roles that the operator's token gives, such as `admin`; absent without any. A guest never has one. */
  roles?: readonly string[];
}

export const identityReasons = [
  'token_missing',
  'token_malformed',
  'token_expired',
  'token_not_yet_valid',
  'token_issuer',
  'token_audience',
  'token_signature',
  'not_allowed',
] as const;
/** `not_allowed`: the token or ticket is valid, but gives no access here. */
export type IdentityReason = (typeof identityReasons)[number];

export interface Refused {
  ok: false;
  reason: IdentityReason;
}

export interface Identified {
  ok: true;
  user: User;
  /** ms since 1970. */
  expiresAtMs: number;
}

export type IdentityAnswer = Identified | Refused;

/** For developers of clients; they never contain part of a token. */
export const identitySentences: Readonly<Record<IdentityReason, string>> = {
  token_missing: 'A token is needed.',
  token_malformed: 'The token cannot be read: it needs three base64url parts, at most 8 KiB, with sub and exp.',
  token_expired: 'The token has expired.',
  token_not_yet_valid: 'The token is not valid yet.',
  token_issuer: 'The token comes from another issuer.',
  token_audience: 'The token is meant for another audience.',
  token_signature: 'The token was not signed with a key and algorithm of this relay.',
  not_allowed: 'This token or ticket gives no access here.',
};

/** Verification could not be finished, through no fault of the token: the keys could not be fetched. */
export class IdentityUnavailableError extends Error {
  override readonly name = 'IdentityUnavailableError';
}

export function refused(reason: IdentityReason): Refused {
  return { ok: false, reason };
}
