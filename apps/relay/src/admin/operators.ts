/**
 * Lets callers use the admin API, and /metrics from other computers: those with the admin token, or with an operator's token whose
 * claim gives the role `admin` (everything) or `support` (reading). Guesses are limited by address: past the limit even
 * the right token waits.
 */

import type { IncomingMessage } from 'node:http';
import { ADMIN, SUPPORT } from '@wetink/relay/access';
import { isFromHere, type GuessLimit } from '@wetink/relay/http';
import { IdentityUnavailableError, type IdentityAnswer } from '@wetink/relay/identity';
import { isSameSecret } from '../log/secrets.ts';

/** `support` reads what `admin` reads, and changes nothing. */
export type OperatorRole = 'admin' | 'support';

export interface Operator {
  role: OperatorRole;
  /** User id of a person; null: the caller has the admin token. */
  userId: string | null;
}

export type OperatorCheck =
  { ok: true; operator: Operator } | { ok: false; status: number; code: string; message: string; retryAfterSeconds?: number };

export interface Operators {
  /** False: nothing is configured that could let anyone in. */
  readonly areAny: boolean;
  check(request: IncomingMessage): Promise<OperatorCheck>;
  /** As `check`, and programs on this computer need no token. */
  checkMetrics(request: IncomingMessage): Promise<OperatorCheck>;
}

export interface OperatorPorts {
  /** Null: none is configured. */
  adminToken: string | null;
  /** Null: no claim gives roles. */
  claims: OperatorClaims | null;
  guesses: GuessLimit;
  /** The key under which guesses of a request count; null: not limited. */
  addressOf(request: IncomingMessage): string | null;
}

export interface OperatorClaims {
  /** @throws {IdentityUnavailableError} */
  verify(token: string): Promise<IdentityAnswer>;
  isSuspended(userId: string): Promise<boolean>;
  /** Tokens cannot be verified at the moment. */
  onUnavailable(error: Error): void;
}

const HOW = 'send the header "Authorization: Bearer TOKEN" with the value of WETINK_ADMIN_TOKEN';
const HOW_WITH_CLAIMS = `${HOW}, or a token with the role admin or support`;
/** Keys are asked for again after this long. */
const KEYS_RETRY_SECONDS = 30;

export function createOperators({ adminToken, claims, guesses, addressOf }: OperatorPorts): Operators {
  const areAny = adminToken !== null || claims !== null;
  const how = claims === null ? HOW : HOW_WITH_CLAIMS;
  const byClaim = async (token: string, { verify, isSuspended, onUnavailable }: OperatorClaims): Promise<OperatorCheck | null> => {
    let answer: IdentityAnswer;
    try {
      answer = await verify(token);
    } catch (error) {
      if (!(error instanceof IdentityUnavailableError)) throw error;
      onUnavailable(error);
      return { ...refusal(503, 'unavailable', 'tokens cannot be verified at the moment'), retryAfterSeconds: KEYS_RETRY_SECONDS };
    }
    if (!answer.ok) return null;
    const { id: userId, roles = [] } = answer.user;
    const role = roles.includes(ADMIN) ? 'admin' : roles.includes(SUPPORT) ? 'support' : null;
    return role === null || (await isSuspended(userId)) ? null : { ok: true, operator: { role, userId } };
  };
  const check = async (request: IncomingMessage): Promise<OperatorCheck> => {
    if (!areAny) return refusal(404, 'admin_off', 'the admin API is off: start the relay with WETINK_ADMIN_TOKEN to turn it on');
    const given = /^Bearer +([!-~]+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined) return refusal(401, 'token_missing', `this needs the admin token: ${how}`);
    const address = addressOf(request);
    const waitMs = address === null ? 0 : guesses.waitMs(address);
    if (waitMs > 0) return tooMany(waitMs);
    if (adminToken !== null && isSameSecret(given, adminToken)) return { ok: true, operator: { role: 'admin', userId: null } };
    const byToken = claims === null ? null : await byClaim(given, claims);
    if (byToken !== null) return byToken;
    const missedMs = address === null ? 0 : await guesses.missed(address);
    return missedMs > 0 ? tooMany(missedMs) : refusal(403, 'not_allowed', `this is not the admin token: ${how}`);
  };
  return {
    areAny,
    check,
    async checkMetrics(request) {
      if (isFromHere(request)) return { ok: true, operator: { role: 'support', userId: null } };
      const checked = await check(request);
      return checked.ok || checked.status !== 404
        ? checked
        : refusal(
            404,
            'metrics_off',
            'metrics are open to this computer only: start the relay with WETINK_ADMIN_TOKEN to read them from elsewhere',
          );
    },
  };
}

function tooMany(waitMs: number): OperatorCheck & { ok: false } {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return { ...refusal(429, 'rate_limited', `too many wrong tokens: try again in ${seconds} s`), retryAfterSeconds: seconds };
}

function refusal(status: number, code: string, message: string): OperatorCheck & { ok: false } {
  return { ok: false, status, code, message };
}
