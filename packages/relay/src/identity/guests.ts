/**
 * Guests: people without an account, whose id stays the same for as long as they come back. The relay signs the id, so
 * that nobody can take another's. Any relay with the same secret reads it, after a restart too, and keeps no list.
 *
 * A guest's token has its own key (derived from the secret), type, issuer and audience: it is never accepted as an
 * operator's token, nor an operator's as a guest's, even if both were signed with one secret.
 *
 * A client that was never online can have an id already: it makes a secret and derives the id from it by the rule of
 * `guestIdOfSecret`. No secret can be found for a given id, so a client that shows the secret is the one that made the
 * id.
 */

import { createHash, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { refused, type Identified, type IdentityAnswer, type Refused, type User } from './answer.ts';
import { checkJwt, type JwtRules } from './jwt.ts';
import { cleanName } from './user-claims.ts';

export const minSecretBytes = 32;
export const guestAudience = 'wetink:guest';
export const guestIdPrefix = 'guest:';

/** Renewed at each visit, so a guest may stay away this long and keep the id. */
const GUEST_TTL_MS = 90 * 24 * 3_600_000;
const GUEST_TYPE = 'wetink-guest+jwt';
const ISSUER = 'wetink';
const ID_BYTES = 16;
const ID_PATTERN = /^guest:[A-Za-z0-9_-]{22}$/;

/** Secret made by a client: 32 unguessable bytes as base64url, so the last of 43 characters carries two bits that are 0. */
const SECRET_PATTERN = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

export interface GuestsOptions {
  /** At least 32 bytes, the same on every relay of a cluster. After a change all guests get new ids. */
  secret: string;
  /** ms since 1970. */
  now?: () => number;
  ttlMs?: number;
  /** Unguessable bytes. */
  randomBytes?: (count: number) => Uint8Array;
}

export interface MintedGuest extends Identified {
  /** Kept by the client, and shown to nobody. */
  token: string;
}

export interface Guests {
  /** Makes a new guest. */
  mint(name?: string): Promise<MintedGuest>;
  /** The guest whose id is derived from this secret. @throws {RangeError} When `isGuestSecret` does not hold. */
  enter(secret: string, name?: string): Promise<MintedGuest>;
  /** Renews the token of the same id, with another name if one is given. */
  renew(token: string, name?: string): Promise<MintedGuest | Refused>;
  verify(token: string): Promise<IdentityAnswer>;
}

export function isGuestSecret(text: string): boolean {
  return SECRET_PATTERN.test(text);
}

/**
 * `guest:` and the first 22 characters of base64url(sha256(utf8('wetink guest v1:' + secret))). The same on every device,
 * with or without a relay; what is signed in a token and written into documents.
 *
 * @throws {RangeError} When `isGuestSecret` does not hold.
 */
export function guestIdOfSecret(secret: string): string {
  if (!isGuestSecret(secret)) throw new RangeError('a guest secret is 32 bytes as base64url');
  return guestIdPrefix + createHash('sha256').update(`wetink guest v1:${secret}`).digest('base64url').slice(0, 22);
}

/** @throws {RangeError} The secret is too short. */
export function createGuests(options: GuestsOptions): Guests {
  const { secret, now = Date.now, ttlMs = GUEST_TTL_MS, randomBytes: random = randomBytes } = options;
  if (Buffer.byteLength(secret) < minSecretBytes) throw new RangeError(`the guest secret must have at least ${minSecretBytes} bytes`);
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'wetink guest identity v1', 32)));
  const rules: JwtRules = {
    find: () => Promise.resolve(key),
    algorithms: ['HS256'],
    issuer: ISSUER,
    audience: guestAudience,
    types: [GUEST_TYPE],
    // The claims of a guest's token are the relay's own, but nothing that a guest holds may ever give a role or a foreign address.
    roles: null,
    imageOrigins: [],
    now,
  };

  const sign = async ({ id, name }: User): Promise<MintedGuest> => {
    const exp = Math.ceil((now() + ttlMs) / 1_000);
    const token = await new SignJWT({ sub: id, exp, ...(name === undefined ? {} : { name }) })
      .setProtectedHeader({ alg: 'HS256', typ: GUEST_TYPE })
      .setIssuer(ISSUER)
      .setAudience(guestAudience)
      .sign(key);
    return { ok: true, token, user: { id, ...(name === undefined ? {} : { name }) }, expiresAtMs: exp * 1_000 };
  };
  const verify = async (token: string): Promise<IdentityAnswer> => {
    const answer = await checkJwt(token, rules);
    return answer.ok && !ID_PATTERN.test(answer.user.id) ? refused('token_malformed') : answer;
  };

  return {
    verify,
    mint: (name = '') => sign(named(guestIdPrefix + Buffer.from(random(ID_BYTES)).toString('base64url'), name)),
    enter: async (own, name = '') => sign(named(guestIdOfSecret(own), name)),
    async renew(token, name) {
      const answer = await verify(token);
      return answer.ok ? sign(named(answer.user.id, name ?? answer.user.name ?? '')) : answer;
    },
  };
}

function named(id: string, name: string): User {
  const shown = cleanName(name);
  return shown === '' ? { id } : { id, name: shown };
}
