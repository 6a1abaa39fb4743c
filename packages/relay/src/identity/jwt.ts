/**
 * A JWT checked strictly: first its shape, then the signature, then the claims. `jose` does the cryptography; what it
 * leaves open is closed here before it sees the token:
 *
 *     size, alphabet      8 KiB, three base64url parts: no space, padding or line break that one parser skips and another keeps
 *     alg                 one of the configured ones, which suit the type of the key (fast-jwt: CVE-2026-34950)
 *     crit                refused, whatever it lists (fast-jwt: CVE-2026-35042)
 *     jku, x5u, jwk       never looked at: keys come from the configuration
 *     exp, sub            required
 */

import { decodeProtectedHeader, errors, jwtVerify, type CryptoKey, type KeyObject } from 'jose';
import { refused, type Identified, type IdentityReason, type Refused } from './answer.ts';
import { userOf } from './user-claims.ts';
import { rolesOf, type RolesClaim } from './user-roles.ts';

export const maxTokenBytes = 8 * 1024;
/** Allowed difference between the clocks of the signer and of the relay, either way. */
export const clockSkewMs = 30_000;

export interface KeyHint {
  alg: string;
  kid: string | null;
}

/** @returns Null when no key of this relay fits. @throws {IdentityUnavailableError} The keys cannot be fetched now. */
export type FindKey = (hint: KeyHint) => Promise<CryptoKey | KeyObject | null>;

export interface JwtRules {
  find: FindKey;
  algorithms: readonly string[];
  issuer: string;
  audience: string;
  /** Accepted values of the header `typ`, in lower case and without `application/`; '' for none. */
  types: readonly string[];
  /** Null: tokens give no roles. */
  roles: RolesClaim | null;
  /** Origins that a user's picture may be from; null: any. */
  imageOrigins: readonly string[] | null;
  /** ms since 1970. */
  now(): number;
}

const SHAPE = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;
const MAX_KID_LENGTH = 256;
/** The last moment that a Date can hold. */
const MAX_EXP_S = 8.64e12;

/** @throws {IdentityUnavailableError} from `rules.find`. */
export async function checkJwt(token: string, rules: JwtRules): Promise<Identified | Refused> {
  if (token === '') return refused('token_missing');
  if (token.length > maxTokenBytes || !SHAPE.test(token)) return refused('token_malformed');
  const header = headerOf(token);
  if (header === null) return refused('token_malformed');
  if (!rules.algorithms.includes(header.alg)) return refused('token_signature');
  const key = await rules.find(header);
  if (key === null) return refused('token_signature');
  if (!rules.types.includes(header.typ)) return refused('token_audience');
  let claims: Record<string, unknown>;
  try {
    const verified = await jwtVerify(token, key, {
      algorithms: [...rules.algorithms],
      issuer: rules.issuer,
      audience: rules.audience,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: clockSkewMs / 1_000,
      currentDate: new Date(rules.now()),
    });
    claims = verified.payload;
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) throw error;
    return refused(reason);
  }
  const { exp } = claims;
  const user = userOf(claims, rules.imageOrigins);
  if (user === null || typeof exp !== 'number' || exp > MAX_EXP_S) return refused('token_malformed');
  const roles = rules.roles === null ? [] : rolesOf(claims, rules.roles);
  return { ok: true, user: { ...user, ...(roles.length === 0 ? {} : { roles }) }, expiresAtMs: exp * 1_000 + clockSkewMs };
}

interface Header extends KeyHint {
  typ: string;
}

function headerOf(token: string): Header | null {
  let header: Record<string, unknown>;
  try {
    header = decodeProtectedHeader(token);
  } catch (error) {
    // jose's word for a header that is not a JSON object.
    if (error instanceof TypeError) return null;
    throw error;
  }
  const { alg, kid = null, typ = '' } = header;
  if (typeof alg !== 'string' || Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) return null;
  if (typeof typ !== 'string' || !(kid === null || (typeof kid === 'string' && kid.length <= MAX_KID_LENGTH))) return null;
  return { alg, kid, typ: typ.toLowerCase().replace(/^application\//, '') };
}

const reasonsOfClaims: Readonly<Record<string, IdentityReason>> = { iss: 'token_issuer', aud: 'token_audience' };

/** @returns Null for an error that does not concern the token. */
function reasonOf(error: unknown): IdentityReason | null {
  if (error instanceof errors.JWTExpired) return 'token_expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf' && error.reason === 'check_failed') return 'token_not_yet_valid';
    return reasonsOfClaims[error.claim] ?? 'token_malformed';
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed) return 'token_signature';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid || error instanceof errors.JOSENotSupported)
    return 'token_malformed';
  return null;
}
