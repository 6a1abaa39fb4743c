/**
 * Identifies users: guests with an id that this relay signs, or users with a token of the operator's.
 *
 * A Wetink client sends its token in its first message or in the Authorization header, never in an address, which proxies
 * and histories keep. In an address the relay accepts only a ticket.
 */

import type { IncomingHttpHeaders } from 'node:http';
import { refused, type IdentityAnswer } from '../identity/answer.ts';
import { createGuests, type Guests } from '../identity/guests.ts';
import { isTicket, type TicketOffice } from '../identity/tickets.ts';
import { createTokenVerifier, type TokenVerifier, type TokenVerifierConfig } from '../identity/token-verifier.ts';
import { verifyOnce } from '../identity/verify-once.ts';

/**
 * How users are identified. `open`: as guests, and users without an id edit rooms without an owner; `guests`: by an id that
 * this relay signs; `tokens`: by the operator's JWTs.
 */
export type AuthMode = 'open' | 'guests' | 'tokens';

export type IdentityOptions = {
  /** Signs guests and links; at least `minSecretBytes`, the same on all relays of one store. */
  secret: string;
  tickets: TicketOffice;
} & ({ mode: 'open' | 'guests' } | ({ mode: 'tokens' } & TokenVerifierConfig));

export interface Identity {
  mode: AuthMode;
  /** The secret that all relays share; links are made with it. */
  secret: string;
  /** Null when users have tokens of the operator's. */
  guests: Guests | null;
  tickets: TicketOffice;
  /** Verifies a token from a header or a first message. @throws {IdentityUnavailableError} */
  verify(token: string): Promise<IdentityAnswer>;
  /** Verifies the ticket or token of a client that enters a room. @throws {IdentityUnavailableError} */
  entering(request: EnteringRequest): Promise<Entering>;
}

export interface EnteringRequest {
  room: string;
  token: string;
  isExtension: boolean;
  headers: IncomingHttpHeaders;
}

export type Entering = IdentityAnswer & { method: 'ticket' | 'token' | 'guest' };

/** @throws {RangeError} A secret that is too short, or keys that do not fit their algorithms. */
export function createIdentity(options: IdentityOptions): Identity {
  const { mode, secret, tickets } = options;
  const { guests, verifier } = verifierOf(options);
  const verify = verifyOnce((token) => verifier.verify(token));
  return {
    mode,
    secret,
    guests,
    tickets,
    verify,
    async entering({ room, token, isExtension, headers }) {
      if (isTicket(token)) return { ...(await tickets.redeem(token, room)), method: 'ticket' };
      const method = guests === null ? 'token' : 'guest';
      if (!isExtension && token !== '') return { ok: false, reason: 'not_allowed', method };
      const shown = token === '' ? bearer(headers) : token;
      return shown === '' ? { ...refused('token_missing'), method } : { ...(await verify(shown)), method };
    },
  };
}

function verifierOf(options: IdentityOptions): { guests: Guests | null; verifier: TokenVerifier } {
  if (options.mode === 'tokens') return { guests: null, verifier: createTokenVerifier(options) };
  const guests = createGuests({ secret: options.secret });
  return { guests, verifier: guests };
}

/** @returns The token of the header, or '' without a header. Anything that is not a token fails verification later. */
export function bearer({ authorization = '' }: IncomingHttpHeaders): string {
  return /^Bearer (.+)$/i.exec(authorization)?.[1] ?? authorization;
}
