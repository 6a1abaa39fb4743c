/**
 * Tokens of an operator: JWTs that identify a user, signed by the site that embeds the boards. The accepted algorithms,
 * keys, issuer and audience are configured here and never taken from the token.
 */

import { botIdPrefix, refused, type IdentityAnswer } from './answer.ts';
import { guestAudience, guestIdPrefix } from './guests.ts';
import { checkJwt, type JwtRules } from './jwt.ts';
import type { RolesClaim } from './user-roles.ts';
import { readKeys, type TokenAlgorithm, type TokenKeys } from './token-keys.ts';

export interface TokenVerifierConfig {
  keys: TokenKeys;
  /** At least one; all of them must fit the keys. */
  algorithms: readonly TokenAlgorithm[];
  /** Value that `iss` must have. */
  issuer: string;
  /** Value that `aud` must be or contain. */
  audience: string;
  /** Claim that gives users roles. Default, and null: none does. */
  roles?: RolesClaim | null;
  /**
   * Origins, such as `https://id.example`, that the claim `picture` may name; a picture from elsewhere is left out. Default, and
   * null: any https origin.
   */
  imageOrigins?: readonly string[] | null;
  /** ms since 1970. */
  now?: () => number;
}

export interface TokenVerifier {
  /** @throws {IdentityUnavailableError} When the JWKS address does not answer: the token may be valid. */
  verify(token: string): Promise<IdentityAnswer>;
}

const relayIdPrefixes = [guestIdPrefix, botIdPrefix];
/** Absent, as RFC 7519 recommends, or as in RFC 9068. The claims of another type may mean something else. */
const TYPES = ['', 'jwt', 'at+jwt'];

/** @throws {RangeError} With the mistakes of the configuration. */
export function createTokenVerifier({
  keys,
  algorithms,
  issuer,
  audience,
  roles,
  imageOrigins = null,
  now = Date.now,
}: TokenVerifierConfig): TokenVerifier {
  const read = readKeys(keys, algorithms);
  if (!read.ok) throw new RangeError(`the key for tokens ${read.mistakes.join('; it ')}`);
  if (issuer === '' || audience === '') throw new RangeError('tokens need an issuer and an audience');
  if (audience === guestAudience) throw new RangeError(`the audience ${guestAudience} is reserved for guests`);
  const rules: JwtRules = { find: read.find, algorithms, issuer, audience, types: TYPES, roles: roles ?? null, imageOrigins, now };
  return {
    async verify(token) {
      const answer = await checkJwt(token, rules);
      // Only the relay gives ids to guests and bots: a person with one would be taken for a program.
      return answer.ok && relayIdPrefixes.some((prefix) => answer.user.id.startsWith(prefix)) ? refused('not_allowed') : answer;
    },
  };
}
