/**
 * Tokens of an operator: JWTs that say who somebody is, signed by whoever runs the site around the boards. What is
 * accepted is fixed here and never taken from the token.
 */

import { refused, type IdentityAnswer } from './answer.ts';
import { guestAudience, guestIdPrefix } from './guests.ts';
import { checkJwt, type JwtRules } from './jwt.ts';
import { readKeys, type TokenAlgorithm, type TokenKeys } from './token-keys.ts';

export interface TokenVerifierConfig {
  keys: TokenKeys;
  /** At least one; all of them must suit the keys. */
  algorithms: readonly TokenAlgorithm[];
  /** Exactly what `iss` must be. */
  issuer: string;
  /** What `aud` must be, or have in its list. */
  audience: string;
  /** ms since 1970. */
  now?: () => number;
}

export interface TokenVerifier {
  /** @throws {IdentityUnavailableError} With a JWKS address that does not answer: the token may be good, later. */
  verify(token: string): Promise<IdentityAnswer>;
}

/** Absent, as RFC 7519 recommends, or that of RFC 9068. A token of another kind may say something else by its claims. */
const TYPES = ['', 'jwt', 'at+jwt'];

/** @throws {RangeError} With what is wrong with the configuration. */
export function createTokenVerifier({ keys, algorithms, issuer, audience, now = Date.now }: TokenVerifierConfig): TokenVerifier {
  const read = readKeys(keys, algorithms);
  if (!read.ok) throw new RangeError(`the key of tokens ${read.mistakes.join('; it ')}`);
  if (issuer === '' || audience === '') throw new RangeError('tokens need an issuer and an audience');
  if (audience === guestAudience) throw new RangeError(`the audience ${guestAudience} is that of guests`);
  const rules: JwtRules = { find: read.find, algorithms, issuer, audience, types: TYPES, now };
  return {
    async verify(token) {
      const answer = await checkJwt(token, rules);
      // Ids of guests are given by the relay alone.
      return answer.ok && answer.user.id.startsWith(guestIdPrefix) ? refused('not_allowed') : answer;
    },
  };
}
